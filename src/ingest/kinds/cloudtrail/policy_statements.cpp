// Finds policy documents in a call's parameters and normalises their statements:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. A policy is an object (S3), JSON text
// (IAM, KMS, Lambda …) or URL-encoded JSON text; a statement, a principal, an action may stand alone or in a list.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/text.h"
#include "ingest/kinds/cloudtrail/derived.h"
#include "ingest/kinds/cloudtrail/json_members.h"

namespace trawl::ingest::kinds::cloudtrail {

using event::Type;
using event::Value;

namespace {

constexpr int max_nesting = 8;

std::string text_of(const Value& value)
{
    std::string out;
    if (value.type() == Type::string) {
        event::json::append_unescaped(out, value.raw());
    } else if (value.type() == Type::number) {
        out = std::string(value.raw());
    }
    return out;
}

std::string url_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto hex = [&](std::size_t at) {
            const char c = at < text.size() ? base::lower_ascii(text[at]) : 'x';
            return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        };
        if (text[i] == '%' && hex(i + 1) >= 0 && hex(i + 2) >= 0) {
            out.push_back(static_cast<char>(hex(i + 1) * 16 + hex(i + 2)));
            i += 2;
        } else {
            out.push_back(text[i] == '+' ? ' ' : text[i]);
        }
    }
    return out;
}

std::string_view account_in(std::string_view principal)
{
    const auto is_account = [](std::string_view text) {
        return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (is_account(principal)) {
        return principal;
    }
    if (principal.starts_with("arn:")) {
        const auto parts = base::split(principal, ':');
        if (parts.size() > 4 && is_account(parts[4])) {
            return parts[4];
        }
    }
    return {};
}

void append_list(std::string& out, std::string_view name, const std::vector<std::string>& texts)
{
    out += ",\"";
    out += name;
    out += "\":[";
    for (std::size_t i = 0; i < texts.size(); ++i) {
        out += i > 0 ? "," : "";
        base::append_json_string(out, texts[i]);
    }
    out += ']';
}

// Condition keys that bind a statement to somebody, with values that do.
bool restricts(const Value& condition)
{
    constexpr std::array<std::string_view, 16> keys {"aws:sourcevpce", "aws:sourcevpc", "aws:principalorgid",
        "aws:principalorgpaths", "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:principalarn",
        "aws:principalaccount", "aws:userid", "aws:username", "kms:calleraccount", "kms:viaservice",
        "lambda:functionurlauthtype", "s3:dataaccesspointaccount", "aws:referer"};
    bool found = false;
    if (condition.type() != Type::object) {
        return false;
    }
    event::json::for_each_member(condition.raw(), [&](Value operator_name, Value tests) {
        const std::string name = base::to_lower_ascii(operator_name.raw());
        // Negated operators leave the rest of the world in.
        if (name.find("not") != std::string::npos || name == "null" || tests.type() != Type::object) {
            return true;
        }
        event::json::for_each_member(tests.raw(), [&](Value key, Value values) {
            const std::string lower = base::to_lower_ascii(key.raw());
            const bool identity = std::find(keys.begin(), keys.end(), lower) != keys.end();
            const bool subject = lower.ends_with(":sub") || lower.ends_with(":aud");
            const bool address = lower == "aws:sourceip" || lower == "aws:vpcsourceip";
            if (!identity && !subject && !address) {
                return true;
            }
            bool open = false;
            bool any = false;
            for_one_or_many(values, [&](const Value& value) {
                const std::string text = text_of(value);
                any = true;
                const auto cidr = address ? base::parse_cidr(text) : std::nullopt;
                open = open || text == "*" || (cidr && cidr->is_world());
            });
            found = found || (any && !open);
            return true;
        });
        return true;
    });
    return found;
}

// Writes normalised statements of all policies it is shown.
class Statements {
public:
    explicit Statements(std::string_view own_account) : own_account_(own_account) {}

    void search(const Value& value, int nesting)
    {
        if (nesting > max_nesting) {
            return;
        }
        if (value.type() == Type::string) {
            search_text(value, nesting);
        } else if (value.type() == Type::array) {
            event::json::for_each_element(value.raw(), [&](Value element) {
                search(element, nesting + 1);
                return true;
            });
        } else if (value.type() == Type::object) {
            const Value statements = member_ignoring_case(value, "Statement");
            if (statements.is_container()) {
                for_one_or_many(statements, [this](const Value& statement) { add(statement); });
                return;
            }
            event::json::for_each_member(value.raw(), [&](Value, Value inner) {
                search(inner, nesting + 1);
                return true;
            });
        }
    }

    const std::string& json() const { return out_; }

private:
    void search_text(const Value& value, int nesting)
    {
        const std::string_view start = base::trim(value.raw().substr(0, 64));
        if (!start.starts_with('{') && !start.starts_with("%7B") && !start.starts_with("%7b")
            && !start.starts_with("\\n")) {
            return;
        }
        std::string text = text_of(value);
        if (base::trim(text).starts_with('%')) {
            text = url_decoded(text);
        }
        std::size_t at = 0;
        if (base::trim(text).starts_with('{') && event::json::validate(text, at) == nullptr) {
            search(event::json::parse(text), nesting + 1);
        }
    }

    void add(const Value& statement)
    {
        if (statement.type() != Type::object) {
            return;
        }
        const auto member = [&](std::string_view name) { return member_ignoring_case(statement, name); };
        const bool allow = base::equal_ignoring_case(member("Effect").raw(), "Allow");
        std::vector<std::string> principals;
        const Value principal = member("Principal");
        if (principal.type() == Type::object) {
            event::json::for_each_member(principal.raw(), [&](Value, Value values) {
                for_one_or_many(values, [&](const Value& value) { principals.push_back(text_of(value)); });
                return true;
            });
        } else {
            for_one_or_many(principal, [&](const Value& value) { principals.push_back(text_of(value)); });
        }
        const bool not_principal = !member("NotPrincipal").is_absent();
        std::vector<std::string> accounts;
        bool foreign = false;
        for (const std::string& text : principals) {
            const std::string_view account = account_in(text);
            if (!account.empty()) {
                accounts.emplace_back(account);
                foreign = foreign || account != own_account_;
            }
        }
        const bool not_action = !member("NotAction").is_absent();
        std::vector<std::string> actions;
        for_one_or_many(member(not_action ? "NotAction" : "Action"),
            [&](const Value& value) { actions.push_back(base::to_lower_ascii(text_of(value))); });
        std::vector<std::string> resources;
        for_one_or_many(member("Resource"), [&](const Value& value) { resources.push_back(text_of(value)); });
        const bool world = (not_principal && allow)
            || std::any_of(principals.begin(), principals.end(), [](const std::string& text) { return text == "*"; });
        const Value condition = member("Condition");

        out_ += out_.size() > 1 ? ",{" : "{";
        out_ += allow ? "\"effect\":\"Allow\"" : "\"effect\":\"Deny\"";
        append_list(out_, "principals", principals);
        append_list(out_, "principal_accounts", accounts);
        append_flag("not_principal", not_principal);
        append_list(out_, "actions", actions);
        append_flag("not_action", not_action);
        append_list(out_, "resources", resources);
        append_flag("world", world);
        append_flag("restricted", restricts(condition));
        append_flag("foreign", foreign);
        if (condition.type() == Type::object) {
            std::string compact;
            event::json::append_compact(compact, condition.raw());
            out_ += ",\"conditions\":";
            base::append_json_string(out_, compact);
        }
        out_ += '}';
    }

    void append_flag(std::string_view name, bool value)
    {
        out_ += ",\"";
        out_ += name;
        out_ += value ? "\":true" : "\":false";
    }

    std::string_view own_account_;
    std::string out_ = "[";
};

} // namespace

// Inputs: requestParameters, recipientAccountId
Value derive_policy_statements(DeriveInputs& inputs)
{
    const Value parameters = inputs.input(0);
    if (parameters.type() != Type::object) {
        return {};
    }
    const Value own = inputs.input(1);
    Statements statements(own.type() == Type::string ? own.raw() : std::string_view());
    statements.search(parameters, 0);
    if (statements.json().size() == 1) {
        return {};
    }
    return Value::array(inputs.arena().copy(statements.json() + "]"));
}

} // namespace trawl::ingest::kinds::cloudtrail
