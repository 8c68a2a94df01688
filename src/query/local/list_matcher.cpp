#include "query/local/list_matcher.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::query::local {

namespace {

bool is_textual(ListType type)
{
    return type == ListType::string || type == ListType::glob;
}

} // namespace

ListMatcher::ListMatcher(
    Token, ListType type, NonAddress nonip, std::span<const std::string> texts, base::CaseRule case_rule)
    : type_(type),
      nonip_(nonip),
      whole_(is_textual(type) ? texts : std::span<const std::string>(),
          type == ListType::glob ? base::Wildcards::glob : base::Wildcards::plain, case_rule, Place::whole),
      inside_(is_textual(type) || type == ListType::number ? texts : std::span<const std::string>(),
          type == ListType::glob ? base::Wildcards::glob : base::Wildcards::plain, case_rule, Place::anywhere)
{
    for (const std::string& text : texts) {
        if (const auto range = parse_port_range(text)) {
            ports_.push_back(*range);
        }
    }
}

base::Result<std::shared_ptr<const ListMatcher>> ListMatcher::create(const NamedList& list, base::CaseRule case_rule)
{
    const auto matcher = std::make_shared<ListMatcher>(Token(), list.type, list.nonip, list.values, case_rule);
    const auto refuse = [&list](std::string_view what, const std::string& entry) {
        return base::fail("query", "list " + list.name + ": " + std::string(what) + ": " + entry);
    };
    for (const std::string& entry : list.values) {
        switch (list.type) {
        case ListType::cidr:
        case ListType::ip: {
            const auto range = base::parse_cidr(base::trim(entry));
            if (!range) {
                return refuse("no address or range", entry);
            }
            matcher->addresses_.add(*range);
            break;
        }
        case ListType::regex: {
            TRY(auto inside, base::Regex::create(entry));
            TRY(auto whole, base::Regex::create("\\A(?:" + entry + ")\\z"));
            matcher->expressions_.push_back(std::move(inside));
            matcher->whole_expressions_.push_back(std::move(whole));
            break;
        }
        case ListType::number: {
            double number = 0;
            if (base::parse_number(base::trim(entry), number)) {
                matcher->numbers_.push_back(number);
            } else if (!parse_port_range(entry)) {
                return refuse("no number", entry);
            }
            break;
        }
        case ListType::string:
        case ListType::glob: break;
        }
    }
    matcher->addresses_.finish();
    std::ranges::sort(matcher->numbers_);
    return std::shared_ptr<const ListMatcher>(matcher);
}

bool ListMatcher::contains(const event::Value& scalar, base::Arena& arena) const
{
    if (scalar.is_absent()) {
        return false;
    }
    switch (type_) {
    case ListType::cidr:
    case ListType::ip: {
        const auto address = base::parse_address(scalar.text(arena));
        return address && addresses_.contains(*address);
    }
    case ListType::string:
    case ListType::glob: return whole_.matches(scalar.text(arena));
    case ListType::regex: {
        const std::string_view text = scalar.text(arena);
        return std::ranges::any_of(whole_expressions_, [text](const base::Regex& regex) { return regex.search(text); });
    }
    case ListType::number: {
        double number = 0;
        return scalar.to_number(number) && std::ranges::binary_search(numbers_, number);
    }
    }
    return false;
}

bool ListMatcher::found_in(std::string_view text) const
{
    if (type_ == ListType::regex) {
        return std::ranges::any_of(expressions_, [text](const base::Regex& regex) { return regex.search(text); });
    }
    return inside_.matches(text);
}

base::Result<std::shared_ptr<const ListMatcher>> ListMatchers::find(const std::string& name, base::CaseRule case_rule)
{
    auto& made = made_[{name, case_rule}];
    if (made == nullptr) {
        const auto found = lists_.find(name);
        if (found == lists_.end()) {
            return base::fail("query", "the list " + name + " is not bound");
        }
        TRY(made, ListMatcher::create(found->second, case_rule));
    }
    return made;
}

} // namespace trawl::query::local
