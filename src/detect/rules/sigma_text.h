#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trawl::detect::rules {

// Texts of Sigma: `*` and `?` are wildcards, `\*`, `\?` and `\\` plain characters, any other backslash is itself.

bool has_wildcards(std::string_view text);
// Takes the escapes away.
std::string plain_text(std::string_view text);
// Writes plain text so that it is read back as it is.
std::string escape_text(std::string_view plain);

// A `%Name%` within a text. Positions are bytes of the text, signs included.
struct Placeholder {
    std::string name;
    std::size_t start = 0;
    std::size_t length = 0;
};
// Finds the placeholders; `\%` is a plain percent sign.
std::vector<Placeholder> find_placeholders(std::string_view text);
// Turns `\%` into `%`.
std::string without_escaped_percents(std::string_view text);

// Encodings of values. All work on plain texts.

// Texts between which base64 may stand in a longer base64 text, for each of the three shifts.
std::vector<std::string> base64_offsets(std::string_view plain);
std::string base64(std::string_view plain);
// Little or big endian UTF-16, as bytes.
std::string utf16_little(std::string_view plain);
std::string utf16_big(std::string_view plain);
// With a byte order mark, little endian.
std::string utf16_marked(std::string_view plain);
// All ways to write the dashes that begin command-line options (`-` or `/` before a word). Keeps escapes.
std::vector<std::string> dash_variants(std::string_view text);

} // namespace trawl::detect::rules
