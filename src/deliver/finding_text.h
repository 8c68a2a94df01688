#pragma once

#include <string>
#include <string_view>

#include "event/finding.h"

namespace trawl::deliver {

// A principal as people call it: "user/alice" for arn:aws:iam::111122223333:user/alice. The account is told where it is
// not `account`, the one that the finding is about.
std::string short_principal(std::string_view principal, std::string_view account);

// The message of a finding, its principal called as people call it.
std::string message_for_people(const event::Finding& finding);

// "2026-03-05 01:52:10" for people (UTC), or nothing.
std::string time_for_people(base::Time time, bool has_time);

// Texts joined by `separator`.
std::string joined(const std::vector<std::string>& texts, std::string_view separator);

// Cuts a text to at most `bytes` at the border of a character, a cut one with "…" at its end.
std::string shortened(std::string_view text, std::size_t bytes);

// "18,240"
std::string with_commas(std::uint64_t number);

// "1.2 MB"
std::string bytes_for_people(std::uint64_t bytes);

} // namespace trawl::deliver
