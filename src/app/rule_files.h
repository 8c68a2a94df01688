#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "detect/rules/rule.h"
#include "query/lists.h"

namespace trawl::app {

// Reads files of rules, and all *.yml and *.yaml files below folders, in the order of their paths. Errors: "path" (a
// path does not exist or cannot be read).
base::Result<std::vector<detect::RuleFile>> read_rule_files(const std::vector<std::string>& paths);

// The lists that rules are read with: the defaults of the built-in rules, and over them those of the user's file (empty:
// none).
query::Lists read_rule_lists(const std::string& user_file, std::vector<base::Diagnostic>& diagnostics);

// Kinds that are views of another one, with that one.
std::map<std::string, std::string> kind_views();

// The text that a diagnostic is about: of a rule file, or of another file that can be read; else nothing.
std::string text_of(const base::Diagnostic& diagnostic, const std::vector<detect::RuleFile>& files);

} // namespace trawl::app
