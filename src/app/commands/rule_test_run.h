#pragma once

#include <string>
#include <vector>

#include "detect/rules/rule.h"
#include "query/lists.h"

namespace trawl::app {

struct TestOutcome {
    bool passed = false;
    std::string reason; // Of a failure: what was expected and what came.
};

// Runs the tests that rules bring along: their records go through the decoders and the engine.
class RuleTestRun {
public:
    // All outlive it. `files` are those that the rules were read from.
    RuleTestRun(const detect::RuleSet& rules, const std::vector<detect::RuleFile>& files, const query::Lists& lists,
        std::string temp_folder)
        : rules_(rules), files_(files), lists_(lists), temp_folder_(std::move(temp_folder))
    {
    }

    TestOutcome run(std::size_t rule, const detect::RuleTest& test) const;

private:
    const detect::RuleSet& rules_;
    const std::vector<detect::RuleFile>& files_;
    const query::Lists& lists_;
    std::string temp_folder_;
};

} // namespace trawl::app
