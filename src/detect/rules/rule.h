#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/time.h"
#include "event/finding.h"
#include "query/lists.h"
#include "query/plan/expression.h"

namespace trawl::detect {

enum class CorrelationType : std::uint8_t { event_count, value_count, temporal, temporal_ordered };

struct CorrelationBound {
    query::plan::Comparison comparison = query::plan::Comparison::greater_equal;
    double number = 0;
};

struct Correlation {
    CorrelationType type = CorrelationType::event_count;
    std::vector<std::string> rules;                       // Ids or names of base rules, resolved to indexes below.
    std::vector<std::size_t> rule_indexes;                // Into RuleSet::rules.
    std::vector<std::string> group_by;
    base::Time timespan = 0;                              // Microseconds.
    std::vector<CorrelationBound> bounds;
    std::vector<std::string> value_fields;                // value_count
    std::map<std::string, std::map<std::string, std::string>> aliases; // alias → rule name → field
    bool generate = false;
};

struct LevelCase {
    query::plan::Expression when;
    event::Level level;
};

// One test of a rule file (DETECTIONS 4): records as JSON text or log lines, and what must come of them.
struct RuleTest {
    std::string name;
    std::vector<std::string> events;
    std::string kind;                                     // Kind id of the records.
    std::optional<bool> match;                            // expect: match | quiet
    std::optional<std::uint64_t> findings;
    std::optional<std::uint64_t> count;
    std::optional<event::Level> level;
    query::Lists lists;
    std::size_t line = 0;
};

struct Rule {
    std::string id;          // The rule's id, else a UUID-shaped hash of its title and file.
    std::string name;
    std::string title;
    std::string author;
    std::string status;
    std::string description;
    std::string message;     // Template: {who}, {source_ip}, {any.field.path}
    std::string response;
    std::vector<std::string> techniques;
    std::vector<std::string> mitre;                       // "T1078.004"
    std::vector<std::string> tags;
    std::vector<std::string> falsepositives;
    std::vector<std::string> references;
    event::Level level = event::Level::informational;
    std::optional<event::Level> level_if_denied;
    std::vector<LevelCase> level_cases;
    std::vector<std::string> group;                       // Field paths of the roll-up key; empty: account and who.
    std::string kind;                                     // Kind id of its log source; empty: every kind.
    std::optional<query::plan::Expression> condition;     // Absent for a correlation.
    std::optional<Correlation> correlation;
    bool is_base = false; // Base of a correlation without `generate`: no findings alone.
    bool is_builtin = false;
    std::vector<std::string> lists; // Names of lists it uses.
    std::vector<RuleTest> tests;
    std::string file;
    std::size_t line = 0;
    base::Span span; // Of its title, in the file.
    std::string text; // Its YAML document, for `rules show`.
    // The selection of an old-style rule that counts; the counting is a correlation of the same id and title.
    bool is_inner = false;
    // What `rules lint` says of its text (ReadFor::inspection).
    std::vector<base::Diagnostic> hints;
};

struct RuleSet {
    std::vector<Rule> rules;
};

// A file of rules: its path (for messages) and its text.
struct RuleFile {
    std::string path;
    std::string text;
    bool is_builtin = false;
    std::string_view compact {}; // The parsed text, of the rules in the program; empty: `text` is parsed.
};

// What rules are read for. Scanning leaves out tests and what lint says.
enum class ReadFor : std::uint8_t { scanning, inspection };

// Reads Sigma documents (events, correlations, filters) and DETECTIONS 4's additions. What is wrong goes to
// `diagnostics` with file and span; a bad document is left out. Correlations are resolved over all files at the end.
RuleSet read_rules(
    const std::vector<RuleFile>& files, const query::Lists& lists, std::vector<base::Diagnostic>& diagnostics);
RuleSet read_rules(const std::vector<RuleFile>& files, const query::Lists& lists, ReadFor purpose,
    std::vector<base::Diagnostic>& diagnostics);

// The 15 slugs that `technique` knows.
std::span<const std::string_view> technique_slugs();

// What `rules lint` says beyond errors: unreachable rules, misspelt fields, missing tests (DETECTIONS 6).
std::vector<base::Diagnostic> lint(const RuleSet& rules);

} // namespace trawl::detect
