#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "detect/rules/rule.h"
#include "event/columns.h"
#include "event/consumer.h"
#include "event/finding.h"
#include "query/lists.h"

namespace trawl::detect {

enum class Rollup : std::uint8_t { on, off };

// One line of `scan --matches`.
struct RuleMatch {
    std::string rule_id;
    std::string source;
    std::uint64_t record = 0;
    std::string event_id;
    base::Time timestamp = 0;
    bool has_timestamp = false;
};

// Where findings (in the order of CONTRACT) or matches (in path order) go.
class FindingSink {
public:
    virtual ~FindingSink() = default;
    virtual base::Result<void> finding(const event::Finding& finding) = 0;
    virtual base::Result<void> match(const RuleMatch& match) = 0;
    // Told before the findings: how many events a correlation left out, because they lack a time or a group-by field.
    virtual void left_out(const std::string& /*rule_id*/, std::uint64_t /*events*/) {}
    // Told before the findings: how many events that findings list could not be read a second time (EventRecall).
    virtual void not_recalled(std::uint64_t /*events*/) {}
};

// Reads events again after all were read once. With it, the very many events that only a correlation counts need not be
// described, but for those few that a finding lists.
class EventRecall {
public:
    using Visit = std::function<base::Result<void>(event::Event&)>;
    virtual ~EventRecall() = default;
    // Whether the object can be read a second time, at little cost. Called from all workers.
    virtual bool can_recall(std::string_view source) const = 0;
    // Visits those events of the object whose record is among `records` (ascending), in the object's order. What can no
    // longer be read is not visited. Fails as `visit` does.
    virtual base::Result<void> recall(const std::string& source, const std::vector<std::uint64_t>& records,
        const event::Projection& projection, const Visit& visit)
        = 0;
};

struct ScanOptions {
    event::Level level = event::Level::low; // Findings and matches below are left out.
    Rollup rollup = Rollup::on;
    bool matches = false; // Rule matches instead of findings.
    std::string temp_folder;
    std::size_t memory_bytes = 96u << 20; // Of matches, details and findings; more goes to the temporary folder.
    std::shared_ptr<EventRecall> recall; // None: all events are described while they are read.
    // Kinds that select records of another kind, with that one: a rule for `cloudfront_origin` is asked about events of
    // `cloudfront` that belong to it.
    std::map<std::string, std::string> views;
};

// All rules in one pass. Rules are indexed by the values they need, so that an event meets few of them.
class Scan {
public:
    // Errors: "rule" (a rule that cannot be compiled).
    static base::Result<std::unique_ptr<Scan>> create(RuleSet rules, const query::Lists& lists, ScanOptions options);
    virtual ~Scan() = default;

    virtual const event::Projection& projection() const = 0;
    virtual std::unique_ptr<event::Consumer> make_consumer() const = 0;
    virtual std::unique_ptr<event::Collector> make_collector(FindingSink& sink) = 0;
};

} // namespace trawl::detect
