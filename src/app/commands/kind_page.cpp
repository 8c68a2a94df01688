// What the program knows of a kind of logs, as a page of docs/kinds/, as JSON and as text. All of it comes from the
// kind's own folder.
#include "app/commands/kind_page.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::app::commands {

using ingest::DerivedField;
using ingest::FieldDescription;
using ingest::LogKind;

namespace {

constexpr std::string_view generated
    = "<!-- Written by `trawl kinds --markdown` from the kind's own folder; `make docs` brings it up to date. -->\n";

// "events of these services": `ec2:*Snapshot*` → source and names.
struct EventSource {
    std::string source; // ec2.amazonaws.com
    std::string names;  // *Snapshot*; empty: all.
};

EventSource event_source_of(std::string_view entry)
{
    const std::size_t colon = entry.find(':');
    return {std::string(entry.substr(0, colon)) + ".amazonaws.com",
        colon == std::string_view::npos ? std::string() : std::string(entry.substr(colon + 1))};
}

std::string_view page_of(const FieldDescription& field, const LogKind& kind)
{
    return field.page.empty() ? kind.page : field.page;
}

std::vector<const LogKind*> views_of(const LogKind& kind)
{
    std::vector<const LogKind*> views;
    std::ranges::copy_if(
        kinds_by_number(), std::back_inserter(views), [&](const LogKind* other) { return other->view_of == kind.id; });
    return views;
}

std::string_view view_test(const LogKind& view)
{
    return view.in_view == nullptr ? std::string_view() : view.in_view->meaning;
}

// A cell of a table: nothing in it may end the cell or begin markup.
std::string cell(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '|' || c == '<' || c == '>' || c == '*' || c == '_' || c == '[' || c == '\\') {
            out += '\\';
        }
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

std::string code(std::string_view text)
{
    return "`" + std::string(text) + "`";
}

// "`a`, `b`"
template <typename Texts>
std::string codes(const Texts& texts)
{
    std::string out;
    for (const std::string_view text : texts) {
        out += out.empty() ? "" : ", ";
        out += code(text);
    }
    return out;
}

template <typename Texts>
void append_strings(std::string& out, const Texts& texts)
{
    out += '[';
    for (std::size_t i = 0; i < texts.size(); ++i) {
        out += i > 0 ? "," : "";
        base::append_json_string(out, texts[i]);
    }
    out += ']';
}

void append_member(std::string& out, std::string_view name, std::string_view value)
{
    out += out.back() == '{' ? "" : ",";
    base::append_json_string(out, name);
    out += ':';
    base::append_json_string(out, value);
}

void append_name(std::string& out, std::string_view name)
{
    out += ",\"" + std::string(name) + "\":";
}

void append_markdown_fields(std::string& out, const LogKind& kind)
{
    out += "\n## Common fields\n\n";
    if (kind.derived.empty()) {
        const std::string view_of(kind.view_of);
        out += "Those of [" + view_of + "](" + view_of + ".md#common-fields).\n";
    } else {
        out += "The fields that trawl fills for every kind that has them, so that one query runs over all.\n\n"
               "| name | type | what it is | made of |\n| --- | --- | --- | --- |\n";
    }
    for (const DerivedField& field : kind.derived) {
        out += "| " + code(field.name) + " | " + std::string(field.type) + " | " + cell(field.meaning) + " | "
            + (field.inputs.empty() ? std::string("the envelope or the object's key") : codes(field.inputs)) + " |\n";
    }
    const bool has_spellings
        = std::ranges::any_of(kind.fields, [](const FieldDescription& field) { return !field.also.empty(); });
    out += "\n## Fields\n\nUnder AWS's own names";
    out += has_spellings ? "; queries and rules may use the other spellings too.\n\n" : ".\n\n";
    out += has_spellings ? "| name | type | meaning | other spellings | AWS |\n| --- | --- | --- | --- | --- |\n"
                         : "| name | type | meaning | AWS |\n| --- | --- | --- | --- |\n";
    for (const FieldDescription& field : kind.fields) {
        out += "| " + code(field.name) + " | " + std::string(field.type) + " | " + cell(field.meaning) + " | ";
        out += !has_spellings    ? std::string()
            : field.also.empty() ? std::string(" | ")
                                 : codes(base::split(field.also, ' ')) + " | ";
        out += "[page](" + std::string(page_of(field, kind)) + ") |\n";
    }
    if (kind.make_line_decoder != nullptr) {
        out += "\nColumns that AWS appends later are kept in `_extra`, in order.\n";
    } else if (kind.view_of.empty()) {
        out += "\nMembers that the table does not name are kept under their own names.\n";
    }
}

void append_markdown_recognition(std::string& out, const LogKind& kind)
{
    out += "\n## How it is recognised\n\nBy content. " + std::string(kind.recognised_by) + "\n";
    if (!kind.hallmarks.empty()) {
        out += "\nA JSON object is one of this kind when it has all names of a line:\n\n";
        for (const auto& names : kind.hallmarks) {
            out += "- " + codes(names) + "\n";
        }
    }
    if (!kind.list_names.empty()) {
        out += "\nLists and wrappers of such objects are opened: " + codes(kind.list_names) + ".\n";
    }
    if (kind.multi_line) {
        out += "\nA record may go on over many lines.\n";
    }
    if (!kind.secrets.empty()) {
        out += "\nSecrets are masked in all output: " + codes(kind.secrets) + ".\n";
    }
}

void append_markdown_views(std::string& out, const LogKind& kind)
{
    const auto views = views_of(kind);
    if (kind.view_of.empty() && views.empty()) {
        return;
    }
    out += "\n## Views\n\n";
    if (!kind.view_of.empty()) {
        out += "`--kind " + std::string(kind.id) + "` also selects records of [" + std::string(kind.view_of) + "]("
            + std::string(kind.view_of) + ".md), which keep that kind: " + std::string(view_test(kind)) + ".\n";
    }
    for (const LogKind* view : views) {
        out += "- [" + std::string(view->id) + "](" + std::string(view->id)
            + ".md) selects records of this kind: " + std::string(view_test(*view)) + ".\n";
    }
}

// Characters, not bytes.
std::size_t length_of(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Appends a text behind what stands in the line, which is `indent` columns, broken at blanks so that lines have at most
// `width` characters where words allow it. Lines after the first begin at `indent`.
void append_wrapped(std::string& out, std::string_view text, std::size_t indent, std::size_t width)
{
    std::size_t used = indent;
    bool is_first = true;
    for (const std::string_view word : base::split(text, ' ')) {
        const std::size_t length = length_of(word);
        if (!is_first && width != 0 && used + 1 + length > width) {
            out += '\n';
            out.append(indent, ' ');
            used = indent;
        } else if (!is_first) {
            out += ' ';
            ++used;
        }
        out += word;
        used += length;
        is_first = false;
    }
    out += '\n';
}

struct FieldLine {
    std::string_view name;
    std::string_view type;
    std::string text;
};

void append_fields(std::string& out, const std::vector<FieldLine>& fields, std::size_t width)
{
    constexpr std::size_t widest_name = 30;
    std::size_t name_width = 0;
    std::size_t type_width = 0;
    for (const FieldLine& field : fields) {
        name_width = std::max(name_width, std::min(length_of(field.name), widest_name));
        type_width = std::max(type_width, field.type.size());
    }
    const std::size_t indent = 2 + name_width + 2 + type_width + 2;
    for (const FieldLine& field : fields) {
        out += "  ";
        out += field.name;
        const std::size_t length = length_of(field.name);
        if (length > name_width) {
            out += '\n';
            out.append(2 + name_width + 2, ' ');
        } else {
            out.append(name_width - length + 2, ' ');
        }
        out += field.type;
        out.append(type_width - field.type.size() + 2, ' ');
        append_wrapped(out, field.text, indent, width);
    }
}

std::vector<FieldLine> common_lines(const LogKind& kind)
{
    std::vector<FieldLine> lines;
    for (const DerivedField& field : kind.derived) {
        lines.push_back({field.name, field.type, std::string(field.meaning)});
    }
    return lines;
}

std::vector<FieldLine> field_lines(const LogKind& kind)
{
    std::vector<FieldLine> lines;
    for (const FieldDescription& field : kind.fields) {
        std::string text(field.meaning);
        text += field.also.empty() ? std::string() : " (also " + std::string(field.also) + ")";
        lines.push_back({field.name, field.type, std::move(text)});
    }
    return lines;
}

// The pages beside the kind's own that specify fields.
std::vector<std::string_view> further_pages(const LogKind& kind)
{
    std::vector<std::string_view> pages;
    for (const FieldDescription& field : kind.fields) {
        const std::string_view page = page_of(field, kind);
        if (page != kind.page && std::ranges::find(pages, page) == pages.end()) {
            pages.push_back(page);
        }
    }
    return pages;
}

} // namespace

std::vector<const LogKind*> kinds_by_number()
{
    std::vector<const LogKind*> kinds = ingest::kind_table();
    std::ranges::stable_sort(kinds, {}, &LogKind::number);
    return kinds;
}

std::string kind_markdown(const LogKind& kind)
{
    std::string out(generated);
    out += "# " + std::string(kind.title) + ": `" + std::string(kind.id) + "`\n\n";
    out += "Kind " + std::to_string(kind.number) + " of [25](README.md). Specified in [AWS's documentation]("
        + std::string(kind.page) + ").\n";
    out += "\n## Where it comes from\n\n";
    for (const std::string_view place : kind.places) {
        out += "- " + cell(place) + "\n";
    }
    out += "\nSwitch it on:\n\n```text\n" + std::string(kind.switch_on) + "\n```\n";
    append_markdown_recognition(out, kind);
    out += "\n## CloudTrail events that belong to it\n\n";
    if (kind.event_sources.empty()) {
        out += "None.\n";
    } else {
        out += "`--kind " + std::string(kind.id) + "` also selects these events, which keep the kind `cloudtrail`:\n\n";
        for (const std::string_view entry : kind.event_sources) {
            const EventSource source = event_source_of(entry);
            out += "- " + code(source.source) + (source.names.empty() ? std::string() : ": " + code(source.names))
                + "\n";
        }
    }
    append_markdown_views(out, kind);
    append_markdown_fields(out, kind);
    return out;
}

std::string kinds_markdown()
{
    std::string out(generated);
    out += "# Kinds of logs\n\nWhat each kind is, where AWS puts it, how it is switched on and recognised, and its "
           "fields. `trawl kinds KIND` prints the same.\n\n"
           "| number | kind | what it is | fields |\n| --- | --- | --- | --- |\n";
    for (const LogKind* kind : kinds_by_number()) {
        const std::string number = kind->id == "cloudfront" ? "7, 13" : std::to_string(kind->number);
        out += "| " + number + " | [" + std::string(kind->id) + "](" + std::string(kind->id) + ".md) | "
            + cell(kind->title) + " | " + std::to_string(kind->fields.size() + kind->derived.size()) + " |\n";
    }
    out += "\nEnvelopes are opened in any nesting: gzip, zstd, zip, CloudWatch subscriptions and exports, Firehose, "
           "Kinesis, SNS, SQS, EventBridge, lists of the AWS CLI.\n";
    return out;
}

std::string kind_json(const LogKind& kind)
{
    std::string out = "{\"number\":" + std::to_string(kind.number);
    append_member(out, "kind", kind.id);
    append_member(out, "title", kind.title);
    append_member(out, "page", kind.page);
    append_name(out, "places");
    append_strings(out, kind.places);
    append_member(out, "switch_on", kind.switch_on);
    append_member(out, "recognised_by", kind.recognised_by);
    append_name(out, "hallmarks");
    out += '[';
    for (const auto& names : kind.hallmarks) {
        out += out.back() == '[' ? "" : ",";
        append_strings(out, names);
    }
    out += ']';
    append_name(out, "lists");
    append_strings(out, kind.list_names);
    append_name(out, "secrets");
    append_strings(out, kind.secrets);
    append_name(out, "event_sources");
    append_strings(out, kind.event_sources);
    if (!kind.view_of.empty()) {
        append_member(out, "view_of", kind.view_of);
        append_member(out, "selects", view_test(kind));
    }
    append_name(out, "views");
    out += '[';
    for (const LogKind* view : views_of(kind)) {
        out += out.back() == '[' ? "{" : ",{";
        append_member(out, "kind", view->id);
        append_member(out, "selects", view_test(*view));
        out += '}';
    }
    out += "],\"common_fields\":[";
    for (const DerivedField& field : kind.derived) {
        out += out.back() == '[' ? "{" : ",{";
        append_member(out, "name", field.name);
        append_member(out, "type", field.type);
        append_member(out, "meaning", field.meaning);
        append_name(out, "made_of");
        append_strings(out, field.inputs);
        out += '}';
    }
    out += "],\"fields\":[";
    for (const FieldDescription& field : kind.fields) {
        out += out.back() == '[' ? "{" : ",{";
        append_member(out, "name", field.name);
        append_member(out, "type", field.type);
        append_member(out, "meaning", field.meaning);
        append_member(out, "page", page_of(field, kind));
        if (!field.also.empty()) {
            append_name(out, "also");
            append_strings(out, base::split(field.also, ' '));
        }
        out += '}';
    }
    return out + "]}\n";
}

std::string kind_text(const LogKind& kind, bool colours, std::size_t width)
{
    std::string out;
    const auto title = [&](const std::string& text) {
        out += '\n';
        out += (colours ? "\033[1m" : "") + text + (colours ? "\033[0m" : "") + "\n";
    };
    const auto line = [&](std::string_view text) {
        out += "  ";
        append_wrapped(out, text, 2, width);
    };
    const auto joined = [](const auto& texts) {
        std::string list;
        for (const std::string_view text : texts) {
            list += list.empty() ? "" : ", ";
            list += text;
        }
        return list;
    };
    title(std::string(kind.id) + ": " + std::string(kind.title));
    line(kind.page);
    for (const std::string_view page : further_pages(kind)) {
        line(page);
    }
    title("Where it comes from");
    for (const std::string_view place : kind.places) {
        line(place);
    }
    title("Switch it on");
    line(kind.switch_on);
    title("Recognised by content");
    line(kind.recognised_by);
    for (const auto& names : kind.hallmarks) {
        line("JSON with " + joined(names));
    }
    if (!kind.list_names.empty()) {
        line("JSON lists and wrappers " + joined(kind.list_names));
    }
    if (!kind.secrets.empty()) {
        line("Masked in output: " + joined(kind.secrets));
    }
    title("CloudTrail events that --kind " + std::string(kind.id) + " selects too");
    for (const std::string_view entry : kind.event_sources) {
        const EventSource source = event_source_of(entry);
        line(source.source + (source.names.empty() ? "" : ": " + source.names));
    }
    if (!kind.view_of.empty()) {
        title("Records of " + std::string(kind.view_of) + " that it selects");
        line(view_test(kind));
    }
    for (const LogKind* view : views_of(kind)) {
        title("View " + std::string(view->id));
        line(view_test(*view));
    }
    if (!kind.derived.empty()) {
        title("Common fields");
        append_fields(out, common_lines(kind), width);
    }
    title("Fields");
    append_fields(out, field_lines(kind), width);
    out.erase(0, 1);
    return out;
}

} // namespace trawl::app::commands
