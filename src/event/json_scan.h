#pragma once

#include <cstdint>
#include <vector>

// The inner loops over JSON text: finding the end of a string or of a container without looking at what is inside.
// AVX-512 or AVX2 with carry-less multiplication where the processor has it (chosen once at run time), portable code
// elsewhere; all give the same answers. Nothing outside [begin, end) is read.
namespace trawl::event::json {

// Returns the closing quote of the string whose inside begins at `begin`, or `end` when there is none. `escaped` tells
// whether a backslash stands inside.
const char* find_string_end(const char* begin, const char* end, bool& escaped);

// Returns the byte behind the container that begins at `begin` (`{` or `[`), or nullptr when it does not close.
const char* find_container_end(const char* begin, const char* end);

// Returns the byte behind the bracket that closes `depth` open containers, where `begin` is outside any string.
const char* find_closing(const char* begin, const char* end, std::int64_t depth);

// The ways of find_closing() that this processor can go, the best one first: tests walk them all.
using ClosingFinder = const char* (*)(const char* begin, const char* end, std::int64_t depth);
std::vector<ClosingFinder> closing_finders();

// Returns the byte behind a number or literal (no check of its spelling).
inline const char* find_scalar_end(const char* begin, const char* end)
{
    while (begin < end) {
        const char c = *begin;
        if (c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ':') {
            break;
        }
        ++begin;
    }
    return begin;
}

inline bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

inline const char* skip_space(const char* begin, const char* end)
{
    while (begin < end && is_space(*begin)) {
        ++begin;
    }
    return begin;
}

} // namespace trawl::event::json
