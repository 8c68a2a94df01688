#include <array>

#include "base/text.h"
#include "query/language/parser.h"
#include "query/language/suggestion.h"

// Named lists: `let` statements, references, and what is said of names that nothing is bound to.
namespace trawl::query::language {

using base::Severity;

namespace {

constexpr std::array<std::string_view, 6> type_names {"cidr", "ip", "string", "glob", "regex", "number"};

// A line of a lists file as an example for the name.
std::string example_of(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> examples {{
        {"InternalIPRange", "{type: cidr, values: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16]}"},
        {"SuspiciousIP", "{type: ip, values: [203.0.113.66]}"},
        {"SensitiveResource", "{type: glob, values: [\"arn:aws:s3:::payroll-*\"]}"},
        {"SpecificIAMUserArn", "{type: string, values: [\"arn:aws:iam::111122223333:user/alice\"]}"},
        {"SensitiveInformation", "{type: regex, values: ['AKIA[0-9A-Z]{16}']}"},
        {"AWSResourceTag", "{type: string, values: [environment]}"},
        {"ElasticIP", "{type: ip, values: [198.51.100.7]}"},
    }};
    for (const auto& [known, example] : examples) {
        if (known == name) {
            return std::string(name) + ": " + std::string(example);
        }
    }
    return std::string(name) + ": {type: string, values: [\"…\"]}";
}

} // namespace

const NamedList* Parser::bound_list(std::string_view name) const
{
    const auto found = analysis_.parsed.lists.find(name);
    return found == analysis_.parsed.lists.end() || found->second.is_default ? nullptr : &found->second;
}

Parser::Unexpected Parser::unbound(std::string_view name, base::Span span)
{
    const std::string message = "the list " + std::string(name) + " is not bound";
    if (!unbound_.emplace(name).second) {
        return base::fail("E201", message);
    }
    std::vector<std::string_view> bound;
    for (const auto& [known, list] : analysis_.parsed.lists) {
        if (!list.is_default) {
            bound.push_back(known);
        }
    }
    std::string help = is_reserved_list_name(name) ? std::string() : did_you_mean(name, bound);
    help += help.empty() ? "" : " or ";
    help += "bind it: trawl query --lists FILE …, with this line below `lists:` in FILE:\n      " + example_of(name);
    if (is_reserved_list_name(name)) {
        help += "\n      literal(\"" + std::string(name) + "\") compares the text itself";
    }
    return error("E201", message, std::move(help), span);
}

bool Parser::at_list_reference() const
{
    return at_symbol("$") || (at_word("list") && following().text == "(");
}

base::Result<const NamedList*> Parser::list_reference()
{
    const std::size_t start = token_.span.start;
    std::string name;
    if (take_symbol("$")) {
        if (token_.kind != TokenKind::word || token_.span.start != previous_end_) {
            return expected("the name of a list directly after $");
        }
        name = token_.text;
        advance();
    } else {
        advance();
        TRY_VOID(expect_symbol("(", "list"));
        if (token_.kind != TokenKind::string) {
            return expected("the name of a list in quotes");
        }
        name = string_content(token_.text, Escapes::all);
        advance();
        TRY_VOID(expect_symbol(")", "the name of the list"));
    }
    if (const NamedList* const list = bound_list(name)) {
        return list;
    }
    // Reading goes on, so that everything that is wrong is told at once; the query is not run.
    unbound(name, span_from(start));
    NamedList& stand_in = analysis_.parsed.lists[name];
    stand_in.name = name;
    stand_in.is_default = true;
    return &stand_in;
}

void Parser::warn_of_outside(const NamedList& list, const event::FieldPath& path, base::Span span)
{
    const bool has_addresses = list.type == ListType::cidr || list.type == ListType::ip;
    if (!has_addresses || list.values.empty() || path.text != "sourceIPAddress"
        || !told_outside_.insert(list.name).second) {
        return;
    }
    if (list.nonip == NonAddress::outside) {
        report(Severity::warning, "W121",
            "sourceIPAddress often holds the name of a service (cloudformation.amazonaws.com), which differs from "
                + list.name,
            "`nonip: ignore` in the list leaves names out; or filter isValidIp(sourceIPAddress) first", span);
        return;
    }
    report(Severity::note, "W121",
        "records whose sourceIPAddress is a name (cloudformation.amazonaws.com, AWS Internal) neither equal nor differ "
        "from "
            + list.name,
        "`nonip: outside` in the list makes them differ", span);
}

Parser::Done Parser::let_statement()
{
    advance();
    if (token_.kind != TokenKind::word) {
        return expected("the name of a list after let");
    }
    NamedList list;
    list.name = token_.text;
    const base::Span name_span = token_.span;
    advance();
    TRY_VOID(expect_symbol("=", "the name of the list"));
    if (at_symbol("(")) {
        return error("E204", "a list of a query's rows cannot be bound",
            "write its values, or filter f in ( subquery )", token_.span);
    }
    if (at_word("file")) {
        TRY_VOID(list_file(list));
    } else {
        TRY_VOID(list_entries(list));
    }
    TRY_VOID(expect_symbol(";", "the list"));
    if (bound_list(list.name) != nullptr && analysis_.parsed.lists.at(list.name).values != list.values) {
        report(Severity::note, "W203", "this list takes the place of the bound list " + list.name, "", name_span);
    }
    analysis_.parsed.lists[list.name] = std::move(list);
    return {};
}

Parser::Done Parser::list_entries(NamedList& list)
{
    const auto type = token_.kind == TokenKind::word ? list_type_named(token_.text) : std::nullopt;
    if (!type) {
        return expected("the type of the list",
            "cidr, ip, string, glob, regex or number, as in: let Office = cidr[\"192.0.2.0/24\"];");
    }
    list.type = *type;
    advance();
    TRY_VOID(expect_symbol("[", "the type of the list"));
    while (!at_symbol("]")) {
        const base::Span span = token_.span;
        std::string entry;
        if (token_.kind == TokenKind::string) {
            // Wildcards and expressions have escapes of their own.
            entry = string_content(token_.text,
                list.type == ListType::glob || list.type == ListType::regex ? Escapes::quotes : Escapes::all);
            advance();
        } else if (at_symbol("/")) {
            TRY(const Token regex, regex_token());
            entry = regex_content(regex.text);
        } else if (token_.kind == TokenKind::number) {
            entry = token_.text;
            advance();
        } else if (at_symbol("-") && following().kind == TokenKind::number) {
            entry = "-" + std::string(following().text);
            advance();
            advance();
        } else {
            return expected("an entry of the list", "texts and addresses go in quotes");
        }
        if (const std::string problem = entry_problem(list.type, entry); !problem.empty()) {
            return error("E204", problem, "", span);
        }
        list.values.push_back(std::move(entry));
        if (!take_symbol(",")) {
            break;
        }
    }
    TRY_VOID(expect_symbol("]", "the entries of the list"));
    return list_options(list);
}

Parser::Done Parser::list_file(NamedList& list)
{
    const std::size_t start = token_.span.start;
    advance();
    TRY_VOID(expect_symbol("(", "file"));
    if (token_.kind != TokenKind::string) {
        return expected("the name of a file in quotes");
    }
    const std::string file = string_content(token_.text, Escapes::all);
    advance();
    while (take_symbol(",")) {
        TRY_VOID(list_option(list));
    }
    TRY_VOID(expect_symbol(")", "the file"));
    std::vector<base::Diagnostic> found;
    list.values = read_list_entries(file, list.type, found);
    if (!found.empty()) {
        const base::Diagnostic& first = found.front();
        const std::string more = found.size() > 1 ? " (and " + std::to_string(found.size() - 1) + " more)" : "";
        return error("E204", first.message + more, first.help, span_from(start));
    }
    return list_options(list);
}

Parser::Done Parser::list_options(NamedList& list)
{
    while (token_.kind == TokenKind::word && following().text == ":") {
        TRY_VOID(list_option(list));
    }
    return {};
}

Parser::Done Parser::list_option(NamedList& list)
{
    if (token_.kind != TokenKind::word || following().text != ":") {
        return expected("an option such as nonip: ignore");
    }
    const Token name = token_;
    advance();
    advance();
    const Token value = token_;
    const std::string text
        = value.kind == TokenKind::string ? string_content(value.text, Escapes::all) : std::string(value.text);
    if (value.kind != TokenKind::string && value.kind != TokenKind::word && value.kind != TokenKind::number) {
        return expected("the value of the option");
    }
    advance();
    if (is_word(name, "type")) {
        const auto type = list_type_named(text);
        if (!type) {
            return error("E204", "no type of lists: " + text, did_you_mean(text, type_names), value.span);
        }
        list.type = *type;
        return {};
    }
    if (is_word(name, "nonip") && (text == "ignore" || text == "outside")) {
        list.nonip = text == "outside" ? NonAddress::outside : NonAddress::ignore;
        return {};
    }
    return error("E204", "no option of lists: " + std::string(name.text) + ": " + text,
        "the options are type: (of a file) and nonip: ignore or outside", name.span);
}

} // namespace trawl::query::language
