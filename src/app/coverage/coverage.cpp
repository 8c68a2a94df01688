#include "app/coverage/coverage.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/time.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::app {

namespace {

constexpr std::int64_t without_time = INT64_MIN;
constexpr base::Time hour_length = 3600 * base::microseconds_per_second;

std::int64_t hour_of(base::Time time)
{
    return time >= 0 ? time / hour_length : (time - hour_length + 1) / hour_length;
}

} // namespace

// Each event of a run as the number of its cell; copies are left out when the run is merged.
class CoverageCount::Consumer final : public event::Consumer {
public:
    struct Cell {
        Place place;
        std::int64_t hour = 0;
        auto operator<=>(const Cell&) const = default;
    };
    struct Run final : event::Gathered {
        std::vector<Cell> cells;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> counted; // Index of the event, number of the cell.
    };

    explicit Consumer(const CoverageCount& owner) : owner_(owner), run_(std::make_unique<Run>()) {}

    void consume(event::Event& event, std::uint32_t index) override
    {
        const event::Value time = event.timestamp();
        const std::string account(event.column(owner_.account_).text(event.arena()));
        const std::string region(event.column(owner_.region_).text(event.arena()));
        const std::int64_t hour = time.type() == event::Type::time ? hour_of(time.as_time()) : without_time;
        count(index, {{std::string(event.kind()), account, region}, hour});
        for (const ingest::LogKind* const kind : ingest::kind_table()) {
            if (!kind->view_of.empty() && kind->view_of == event.kind() && event.belongs_to(kind->id)) {
                count(index, {{std::string(kind->id), account, region}, hour});
            }
        }
    }
    std::unique_ptr<event::Gathered> take() override
    {
        numbers_.clear();
        return std::exchange(run_, std::make_unique<Run>());
    }
    std::size_t gathered_bytes() const override { return run_->counted.size() * sizeof(run_->counted.front()); }

private:
    void count(std::uint32_t index, Cell cell)
    {
        const auto [found, is_new] = numbers_.try_emplace(cell, static_cast<std::uint32_t>(run_->cells.size()));
        if (is_new) {
            run_->cells.push_back(std::move(cell));
        }
        run_->counted.emplace_back(index, found->second);
    }

    const CoverageCount& owner_; // Outlives its consumers.
    std::unique_ptr<Run> run_;
    std::map<Cell, std::uint32_t> numbers_;
};

class CoverageCount::Collector final : public event::Collector {
public:
    explicit Collector(CoverageCount& owner) : owner_(owner) {}

    base::Result<event::Appetite> absorb(
        std::unique_ptr<event::Gathered> gathered, const event::Duplicates& duplicates) override
    {
        const auto& run = static_cast<const Consumer::Run&>(*gathered);
        std::vector<std::uint64_t> counts(run.cells.size());
        for (const auto& [index, cell] : run.counted) {
            counts[cell] += duplicates.is_copy(index) ? 0U : 1U;
        }
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] > 0) {
                owner_.places_[run.cells[i].place][run.cells[i].hour] += counts[i];
            }
        }
        return event::Appetite::hungry;
    }
    base::Result<void> finish() override { return {}; }

private:
    CoverageCount& owner_; // Outlives its collector.
};

CoverageCount::CoverageCount()
    : account_(projection_.add(event::FieldPath::parse("@account"), event::Reach::exact)),
      region_(projection_.add(event::FieldPath::parse("@region"), event::Reach::exact))
{
}

std::unique_ptr<event::Consumer> CoverageCount::make_consumer() const
{
    return std::make_unique<Consumer>(*this);
}

std::unique_ptr<event::Collector> CoverageCount::make_collector()
{
    return std::make_unique<Collector>(*this);
}

// Whether something is written in most hours. Where it is only written now and then (a finding, a snapshot), an hour
// without it says nothing.
bool CoverageCount::is_steady(const Hours& hours)
{
    auto first = hours.begin();
    if (first != hours.end() && first->first == without_time) {
        ++first;
    }
    if (first == hours.end()) {
        return false;
    }
    const auto present = static_cast<std::int64_t>(std::distance(first, hours.end()));
    constexpr std::int64_t enough = 6;
    return present >= enough && present * 2 > hours.rbegin()->first - first->first + 1;
}

namespace {

// The kind for lack of which the rule cannot fire; empty when it can. A correlation that counts can as long as one of its
// rules can, one of a sequence needs them all.
std::string missing_kind(const detect::Rule& rule, const detect::RuleSet& rules, const Coverage& coverage)
{
    if (!rule.correlation) {
        const auto found = coverage.kinds.find(rule.kind);
        return found != coverage.kinds.end() && found->second.events == 0 ? rule.kind : std::string();
    }
    const bool needs_all = rule.correlation->type == detect::CorrelationType::temporal
        || rule.correlation->type == detect::CorrelationType::temporal_ordered;
    std::string missing;
    for (const std::size_t index : rule.correlation->rule_indexes) {
        const std::string of_part = missing_kind(rules.rules[index], rules, coverage);
        if (of_part.empty() != needs_all) {
            return of_part;
        }
        missing = missing.empty() ? of_part : missing;
    }
    return missing;
}

} // namespace

Coverage CoverageCount::coverage(const detect::RuleSet& rules) const
{
    Coverage coverage;
    for (const ingest::LogKind* const kind : ingest::kind_table()) {
        coverage.kinds[std::string(kind->id)];
    }
    for (const auto& [place, hours] : places_) {
        KindCoverage& kind = coverage.kinds[place.kind];
        if (!place.account.empty()) {
            kind.accounts.insert(place.account);
        }
        if (!place.region.empty()) {
            kind.regions.insert(place.region);
        }
        const bool flows = is_steady(hours);
        std::int64_t before = without_time;
        for (const auto& [hour, count] : hours) {
            kind.events += count;
            if (hour == without_time) {
                continue;
            }
            kind.hours[hour] += count;
            if (flows && before != without_time && hour > before + 1) {
                coverage.holes.push_back({place.kind, place.account, place.region, before + 1, hour - before - 1});
            }
            before = hour;
        }
    }
    for (const detect::Rule& rule : rules.rules) {
        const std::string missing = rule.is_base ? std::string() : missing_kind(rule, rules, coverage);
        if (!missing.empty()) {
            coverage.blind.push_back({rule.id, rule.title, missing});
        }
    }
    std::sort(coverage.blind.begin(), coverage.blind.end(), [](const BlindDetection& a, const BlindDetection& b) {
        return std::tie(a.kind, a.title, a.rule_id) < std::tie(b.kind, b.title, b.rule_id);
    });
    return coverage;
}

} // namespace trawl::app
