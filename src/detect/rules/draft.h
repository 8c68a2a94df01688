#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "detect/rules/detection_compiler.h"
#include "detect/rules/problems.h"
#include "detect/rules/rule.h"
#include "detect/rules/yaml_node.h"

namespace trawl::detect::rules {

// A rule while it is read: what refers to other rules is not resolved yet.
struct Draft {
    Rule rule;
    std::vector<base::Span> reference_spans; // Of correlation.rules.
    bool is_bad = false;                     // To be left out; the reason is told.
};

// A filter: a condition that is added to other rules.
struct FilterDraft {
    std::string title;
    std::string kind;                        // Empty: rules of every kind.
    bool is_for_all = false;                 // `rules: any`
    std::vector<std::string> rules;
    std::vector<base::Span> reference_spans;
    query::plan::Expression condition;
    std::string file;
};

// What the documents of all files hold.
struct Drafts {
    std::vector<Draft> rules;
    std::vector<FilterDraft> filters;
    // Ids, names and titles of rules for other logs, which correlations may name.
    std::set<std::string, std::less<>> foreign;
};

// What a document is read with.
struct Surroundings {
    const query::Lists& lists;
    ReadFor purpose;
    RuleOrigin origin;
    std::string_view text; // Of the file.
    Problems& problems;

    // Errors that make a rule unfit for the purpose, counted over the whole file.
    std::size_t errors() const { return purpose == ReadFor::scanning ? problems.errors() : problems.errors_of_text(); }
};

// Reads one document into `drafts`; what is wrong is told and left out.
void read_document(const YamlDocument& document, const Surroundings& surroundings, Drafts& drafts);

// Parts of it.
void read_header(const YamlDocument& document, const Surroundings& surroundings, Rule& rule);
void read_event_rule(const YamlDocument& document, const Surroundings& surroundings, Drafts& drafts);
void read_correlation(const YamlDocument& document, const Surroundings& surroundings, Drafts& drafts);
void read_filter(const YamlDocument& document, const Surroundings& surroundings, Drafts& drafts);
void read_tests(const YamlNode& root, const Surroundings& surroundings, Rule& rule);

// Reads "5m", "1h", "30s", "7d", "2w" ("1M" and "1y" as mean months and years) in microseconds; false when it is none.
bool read_timespan(std::string_view text, base::Time& span);

// An empty list never makes a rule fire: what differs from an empty allow-list is false, not true. Allow-lists are
// those whose name says so, and those that the rule's `lists` calls `allow`.
void settle_empty_lists(query::plan::Expression& expression, const query::Lists& lists, const YamlNode& root);

// A UUID that stands for the text.
std::string uuid_of(std::string_view text);

// Reads texts: one scalar, or a sequence of them. False when it is something else.
bool read_texts(const YamlNode& node, std::vector<std::string>& texts);

} // namespace trawl::detect::rules
