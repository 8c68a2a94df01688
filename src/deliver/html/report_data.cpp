#include "deliver/html/report_data.h"

#include <algorithm>

namespace trawl::deliver::html {

namespace {

// Of each level: a browser shows no more with ease. The others are counted.
constexpr std::size_t most_kept = 1000;
constexpr std::size_t most_names = 20'000;
constexpr std::size_t most_hours = 100'000;
constexpr base::Time hour = 3600 * base::microseconds_per_second;

std::int64_t hour_of(base::Time time)
{
    return time / hour - (time % hour < 0 ? 1 : 0);
}

} // namespace

void ReportData::add(const event::Finding& finding)
{
    const auto level = static_cast<std::size_t>(finding.level);
    ++total_;
    ++counts_[level];
    if (kept_[level].size() < most_kept) {
        kept_[level].push_back(finding);
    }
    if (finding.has_time) {
        first_seen_ = has_time_ ? std::min(first_seen_, finding.first_seen) : finding.first_seen;
        last_seen_ = has_time_ ? std::max(last_seen_, finding.last_seen) : finding.last_seen;
        has_time_ = true;
        const std::int64_t at = hour_of(finding.first_seen);
        if (hours_.size() < most_hours || hours_.contains(at)) {
            ++hours_[at][level];
        }
    }
    if (!finding.account.empty() && accounts_.size() < most_names) {
        accounts_.insert(finding.account);
    }
    count(principals_, finding.principal, finding.level);
    count(addresses_, finding.source_ip, finding.level);
    for (const std::string& technique : finding.techniques) {
        count(techniques_, technique, finding.level);
        techniques_[technique].also.insert(finding.mitre.begin(), finding.mitre.end());
    }
}

void ReportData::count(Tallies& tallies, const std::string& name, event::Level level)
{
    if (name.empty() || (tallies.size() >= most_names && !tallies.contains(name))) {
        return;
    }
    Tally& tally = tallies[name];
    ++tally.findings;
    tally.gravest = std::max(tally.gravest, level);
}

std::vector<Ranked> ReportData::ranked(const Tallies& tallies)
{
    std::vector<Ranked> all;
    for (const auto& [name, tally] : tallies) {
        all.push_back({name, tally});
    }
    std::ranges::stable_sort(all, [](const Ranked& a, const Ranked& b) {
        return a.tally.gravest != b.tally.gravest ? a.tally.gravest > b.tally.gravest
                                                  : a.tally.findings > b.tally.findings;
    });
    return all;
}

} // namespace trawl::deliver::html
