#include "query/lists.h"

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

#include <yaml-cpp/yaml.h>

#include "base/address.h"
#include "base/file.h"
#include "base/regex.h"
#include "base/text.h"
#include "query/language/suggestion.h"
#include "query/local/port_ranges.h"

namespace trawl::query {

using base::Severity;

namespace {

constexpr std::array<std::pair<std::string_view, ListType>, 6> types {{
    {"cidr", ListType::cidr},
    {"ip", ListType::ip},
    {"string", ListType::string},
    {"glob", ListType::glob},
    {"regex", ListType::regex},
    {"number", ListType::number},
}};
constexpr std::array<std::string_view, 6> type_names {"cidr", "ip", "string", "glob", "regex", "number"};
constexpr std::array<std::string_view, 4> keys {"type", "values", "file", "nonip"};

// So many bad entries of one list are told one by one.
constexpr std::size_t most_told = 20;

bool is_name(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }) && !(name.front() >= '0' && name.front() <= '9');
}

bool has_addresses(ListType type)
{
    return type == ListType::cidr || type == ListType::ip;
}

// Reads the lists of one YAML document. yaml-cpp throws; parse_lists() is where that ends.
class ListsReader {
public:
    ListsReader(std::string_view text, const std::string& name, const std::string& folder,
        std::vector<base::Diagnostic>& diagnostics)
        : text_(text), name_(name), folder_(folder), diagnostics_(diagnostics)
    {
    }

    Lists read(const YAML::Node& document)
    {
        if (!document.IsMap() || !document["lists"]) {
            report("L003", "no `lists:` at the top of the file",
                "lists:\n      Office: {type: cidr, values: [192.0.2.0/24]}", document);
            return {};
        }
        for (const auto& entry : document) {
            if (const std::string key = scalar(entry.first); key != "lists") {
                report("L006", "unknown key: " + key, "the file holds `lists:` alone", entry.first);
            }
        }
        Lists lists;
        const YAML::Node all = document["lists"];
        if (all.IsNull()) {
            return lists;
        }
        if (!all.IsMap()) {
            report("L003", "`lists:` holds a list for each name", "Office: {type: cidr, values: [192.0.2.0/24]}", all);
            return lists;
        }
        for (const auto& entry : all) {
            const std::string name = scalar(entry.first);
            if (!is_name(name)) {
                report("L007", "no name of a list: " + name, "names are of letters, digits and _", entry.first);
            } else if (lists.contains(name)) {
                report("L008", "the list " + name + " is there twice", "", entry.first);
            } else if (auto list = read_list(name, entry.second)) {
                lists.emplace(name, std::move(*list));
            }
        }
        return lists;
    }

    void report(std::string code, std::string message, std::string help, const YAML::Mark& mark, std::size_t length)
    {
        diagnostics_.push_back(
            {Severity::error, std::move(code), std::move(message), std::move(help), {offset_of(mark), length}, name_});
    }

private:
    void report(std::string code, std::string message, std::string help, const YAML::Node& node)
    {
        const std::size_t length = node.IsScalar() ? std::max<std::size_t>(1, node.Scalar().size()) : 1;
        report(std::move(code), std::move(message), std::move(help), node.Mark(), length);
    }

    static std::string scalar(const YAML::Node& node)
    {
        return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string();
    }

    std::size_t offset_of(const YAML::Mark& mark) const
    {
        if (mark.is_null()) {
            return 0;
        }
        std::size_t at = 0;
        for (int line = 0; line < mark.line && at < text_.size(); ++line) {
            const std::size_t end = text_.find('\n', at);
            at = end == std::string_view::npos ? text_.size() : end + 1;
        }
        return std::min(at + static_cast<std::size_t>(std::max(0, mark.column)), text_.size());
    }

    std::optional<NamedList> read_list(const std::string& name, const YAML::Node& node)
    {
        NamedList list;
        list.name = name;
        if (!node.IsMap()) {
            report("L003", name + " is no list", name + ": {type: string, values: [\"…\"]}", node);
            return {};
        }
        for (const auto& entry : node) {
            const std::string key = scalar(entry.first);
            if (std::ranges::find(keys, key) == keys.end()) {
                std::string help = language::did_you_mean(key, keys);
                report("L006", name + ": unknown key: " + key,
                    help.empty() ? "a list has type, values or file, and nonip" : std::move(help), entry.first);
            }
        }
        const auto type = list_type_named(scalar(node["type"]));
        if (!type) {
            const std::string given = scalar(node["type"]);
            std::string help = language::did_you_mean(given, type_names);
            report("L004", name + (given.empty() ? " has no type" : ": no type of lists: " + given),
                help.empty() ? "the types are cidr, ip, string, glob, regex and number" : std::move(help),
                node["type"] ? node["type"] : node);
            return {};
        }
        list.type = *type;
        read_nonip(list, node["nonip"]);
        const YAML::Node values = node["values"];
        const YAML::Node file = node["file"];
        if (values) {
            read_values(list, values);
        }
        if (file) {
            read_file(list, file);
        }
        if (!values && !file) {
            report("L003", name + " has neither values nor file", "", node);
        }
        return list;
    }

    void read_nonip(NamedList& list, const YAML::Node& node)
    {
        if (!node) {
            return;
        }
        const std::string value = scalar(node);
        if (value != "ignore" && value != "outside") {
            report("L006", list.name + ": nonip is ignore or outside, not " + value, "", node);
        } else if (!has_addresses(list.type)) {
            report("L006", list.name + ": nonip is of lists of addresses", "", node);
        }
        list.nonip = value == "outside" ? NonAddress::outside : NonAddress::ignore;
    }

    void read_values(NamedList& list, const YAML::Node& values)
    {
        if (!values.IsSequence()) {
            report("L003", list.name + ": values is a list: [a, b]", "", values);
            return;
        }
        std::size_t bad = 0;
        for (const YAML::Node& value : values) {
            const std::string entry = scalar(value);
            std::string problem = value.IsScalar() ? entry_problem(list.type, entry) : "an entry is one text or number";
            if (problem.empty()) {
                list.values.push_back(entry);
            } else if (++bad <= most_told) {
                report("L005", list.name + ": " + std::move(problem), "", value);
            }
        }
        if (bad > most_told) {
            report("L005", list.name + ": " + std::to_string(bad - most_told) + " more entries are wrong", "", values);
        }
    }

    void read_file(NamedList& list, const YAML::Node& node)
    {
        const std::string file = scalar(node);
        if (file.empty()) {
            report("L003", list.name + ": file is the name of a file", "", node);
            return;
        }
        const std::size_t before = diagnostics_.size();
        std::vector<std::string> entries
            = read_list_entries((std::filesystem::path(folder_) / file).string(), list.type, diagnostics_);
        for (std::size_t i = before; i < diagnostics_.size(); ++i) {
            diagnostics_[i].message = list.name + ": " + diagnostics_[i].message;
            if (diagnostics_[i].code == "L001") {
                // It cannot be shown; where it is named can.
                diagnostics_[i].file = name_;
                diagnostics_[i].span = {offset_of(node.Mark()), file.size()};
            }
        }
        list.values.insert(
            list.values.end(), std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()));
    }

    std::string_view text_;
    const std::string& name_;
    const std::string& folder_;
    std::vector<base::Diagnostic>& diagnostics_;
};

} // namespace

bool is_reserved_list_name(std::string_view name)
{
    constexpr std::array<std::string_view, 7> reserved {"InternalIPRange", "SuspiciousIP", "SensitiveResource",
        "SpecificIAMUserArn", "SensitiveInformation", "AWSResourceTag", "ElasticIP"};
    return std::ranges::find(reserved, name) != reserved.end();
}

std::optional<ListType> list_type_named(std::string_view name)
{
    for (const auto& [known, type] : types) {
        if (known == name) {
            return type;
        }
    }
    return {};
}

std::string entry_problem(ListType type, std::string_view entry)
{
    const std::string shown = base::sanitize_utf8(entry);
    if (base::trim(entry).empty()) {
        return "an empty entry";
    }
    switch (type) {
    case ListType::cidr: return base::parse_cidr(entry) ? "" : "no range of addresses: " + shown;
    case ListType::ip:
        if (base::parse_address(entry)) {
            return {};
        }
        return base::parse_cidr(entry)
            ? "a range of addresses in a list of addresses (type: cidr takes ranges): " + shown
            : "no address: " + shown;
    case ListType::regex: {
        const auto regex = base::Regex::create(entry);
        return regex ? "" : regex.error().message + ": " + shown;
    }
    case ListType::number: {
        double number = 0;
        return base::parse_number(entry, number) || local::parse_port_range(entry) ? "" : "no number: " + shown;
    }
    case ListType::string:
    case ListType::glob: break;
    }
    return base::is_utf8(entry) ? "" : "no valid UTF-8: " + shown;
}

std::vector<std::string> read_list_entries(
    const std::string& path, ListType type, std::vector<base::Diagnostic>& diagnostics)
{
    std::vector<std::string> entries;
    const auto report = [&diagnostics, &path](std::string code, std::string message, base::Span span) {
        diagnostics.push_back({Severity::error, std::move(code), std::move(message), "", span, path});
    };
    std::error_code failure;
    // Devices and pipes may never end.
    if (std::filesystem::exists(path, failure) && !std::filesystem::is_regular_file(path, failure)) {
        report("L001", "no plain file: " + path, {});
        return entries;
    }
    const auto content = base::read_file(path);
    if (!content) {
        report("L001", content.error().message, {});
        return entries;
    }
    std::size_t bad = 0;
    std::size_t start = content->starts_with("\xEF\xBB\xBF") ? 3 : 0;
    while (start < content->size()) {
        const std::size_t end = std::min(content->find('\n', start), content->size());
        std::string_view line = std::string_view(*content).substr(start, end - start);
        // A # within a text is no comment.
        for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
            if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') {
                line = line.substr(0, at);
                break;
            }
        }
        const std::string_view entry = base::trim(line);
        if (!entry.empty()) {
            std::string problem = entry_problem(type, entry);
            if (problem.empty()) {
                entries.emplace_back(entry);
            } else if (++bad <= most_told) {
                report("L005", std::move(problem),
                    {static_cast<std::size_t>(entry.data() - content->data()), entry.size()});
            }
        }
        start = end + 1;
    }
    if (bad > most_told) {
        report("L005", std::to_string(bad - most_told) + " more entries are wrong", {});
    }
    return entries;
}

Lists parse_lists(std::string_view yaml, const std::string& name, const std::string& folder,
    std::vector<base::Diagnostic>& diagnostics)
{
    ListsReader reader(yaml, name, folder, diagnostics);
    try {
        return reader.read(YAML::Load(std::string(yaml)));
    } catch (const YAML::Exception& problem) {
        reader.report("L002", "no valid YAML: " + problem.msg,
            "texts with special characters (: # * [ { ' \\) go in single quotes", problem.mark, 1);
    } catch (const std::exception& problem) {
        reader.report("L002", "no valid YAML: " + std::string(problem.what()), "", YAML::Mark::null_mark(), 1);
    }
    return {};
}

Lists read_lists(const std::string& path, std::vector<base::Diagnostic>& diagnostics)
{
    const auto content = base::read_file(path);
    if (!content) {
        diagnostics.push_back({Severity::error, "L001", content.error().message, "", {}, path});
        return {};
    }
    return parse_lists(*content, path, std::filesystem::path(path).parent_path().string(), diagnostics);
}

} // namespace trawl::query
