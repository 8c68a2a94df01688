// Writes the rule files of a folder as a C++ source: embed_rules FOLDER OUTPUT. Part of the build (cmake/embed.cmake).
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "detect/rules/yaml_compact.h"
#include "detect/rules/yaml_parser.h"

namespace {

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Appends bytes as string literals, a line of text each.
void append_literal(std::string& out, std::string_view bytes)
{
    constexpr std::size_t longest_line = 2000;
    std::size_t line = 0;
    out += "std::string_view(\"";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte >= 0x20 && byte < 0x7F && c != '?') {
            out += c;
        } else {
            // Always three digits, so that a digit behind is not taken in.
            out += '\\';
            for (int shift = 6; shift >= 0; shift -= 3) {
                out += static_cast<char>('0' + ((byte >> static_cast<unsigned>(shift)) & 7U));
            }
        }
        if (++line == longest_line || c == '\n') {
            out += "\"\n\"";
            line = 0;
        }
    }
    out += "\", " + std::to_string(bytes.size()) + ")";
}

// The parsed form, or nothing for a file that is no YAML: then the program tells what is wrong with the text.
std::string parse(const std::string& name, const std::string& text)
{
    std::vector<trawl::base::Diagnostic> diagnostics;
    const auto documents = trawl::detect::rules::parse_yaml(text, diagnostics);
    for (const trawl::base::Diagnostic& diagnostic : diagnostics) {
        const auto line
            = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(diagnostic.span.start), '\n');
        std::fprintf(
            stderr, "%s:%ld: warning: %s\n", name.c_str(), static_cast<long>(line), diagnostic.message.c_str());
    }
    std::string compact;
    if (diagnostics.empty()) {
        trawl::detect::rules::append_compact(compact, documents);
    }
    return compact;
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 3) {
        std::fputs("usage: embed_rules FOLDER OUTPUT\n", stderr);
        return 2;
    }
    namespace fs = std::filesystem;
    const fs::path folder = arguments[1];
    std::vector<std::string> names;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const std::string name = fs::relative(at->path(), folder).generic_string();
        if (at->is_regular_file() && at->path().extension() == ".yml" && name != "lists.yml") {
            names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());

    std::string out = "// Generated from rules/ by tools/embed_rules.cpp.\n"
                      "#include \"app/builtin_rules.h\"\n\n#include <array>\n#include <string>\n#include <vector>\n\n"
                      "namespace trawl::app {\n\nnamespace {\n\n"
                      "struct Embedded {\n    std::string_view path;\n    std::string_view text;\n    std::string_view "
                      "compact;\n};\n\n"
                      "constexpr std::array<Embedded, "
        + std::to_string(names.size()) + "> embedded = {{\n";
    for (const std::string& name : names) {
        const std::string text = read_file(folder / name);
        out += "{";
        append_literal(out, "rules/" + name);
        out += ",\n";
        append_literal(out, text);
        out += ",\n";
        append_literal(out, parse("rules/" + name, text));
        out += "},\n";
    }
    out += "}};\n\nconstexpr std::string_view lists = ";
    append_literal(out, read_file(folder / "lists.yml"));
    out += ";\n\n} // namespace\n\n"
           "std::span<const detect::RuleFile> builtin_rules()\n{\n"
           "    static const std::vector<detect::RuleFile> files = [] {\n"
           "        std::vector<detect::RuleFile> made;\n"
           "        for (const Embedded& file : embedded) {\n"
           "            made.push_back({std::string(file.path), std::string(file.text), true, file.compact});\n"
           "        }\n        return made;\n    }();\n    return files;\n}\n\n"
           "std::string_view builtin_lists()\n{\n    return lists;\n}\n\n} // namespace trawl::app\n";
    std::ofstream file(arguments[2], std::ios::binary | std::ios::trunc);
    file << out;
    file.close();
    if (!file) {
        std::fprintf(stderr, "embed_rules: %s cannot be written\n", arguments[2]);
        return 1;
    }
    return 0;
}
