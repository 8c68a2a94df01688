#include "query/local/api_version.h"

#include <cstddef>

namespace trawl::query::local {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Moves `end` before two digits, and before an underscore that stands before them.
bool step_over_two_digits(std::string_view text, std::size_t& end)
{
    if (end < 2 || !is_digit(text[end - 1]) || !is_digit(text[end - 2])) {
        return false;
    }
    end -= 2;
    if (end > 0 && text[end - 1] == '_') {
        --end;
    }
    return true;
}

// Gives the position of the date that ends at `end`, or npos.
std::size_t find_date(std::string_view text, std::size_t end)
{
    if (!step_over_two_digits(text, end) || !step_over_two_digits(text, end) || end < 4) {
        return std::string_view::npos;
    }
    const std::string_view year = text.substr(end - 4, 4);
    return year[0] == '2' && year[1] == '0' && is_digit(year[2]) && is_digit(year[3]) ? end - 4
                                                                                      : std::string_view::npos;
}

} // namespace

std::string_view without_api_version(std::string_view name)
{
    if (name.empty() || !is_digit(name.back())) {
        return name;
    }
    std::size_t end = name.size();
    while (end > 0 && is_digit(name[end - 1])) {
        --end;
    }
    std::size_t date = std::string_view::npos;
    if (end > 0 && (name[end - 1] == 'v' || name[end - 1] == 'V')) {
        date = find_date(name, end - 1);
    }
    if (date == std::string_view::npos) {
        date = find_date(name, name.size());
    }
    return date == std::string_view::npos ? name : name.substr(0, date);
}

} // namespace trawl::query::local
