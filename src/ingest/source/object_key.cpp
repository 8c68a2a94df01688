#include "ingest/source/object_key.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"

namespace trawl::ingest {

namespace {

bool is_account(std::string_view text)
{
    return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Regions are words with hyphens and a digit at the end: us-east-1, us-gov-west-1, ap-southeast-2.
bool is_region(std::string_view text)
{
    return text.size() >= 9 && text.size() <= 20 && text[2] == '-' && text.back() >= '0' && text.back() <= '9'
        && std::all_of(text.begin(), text.end(),
            [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || (c >= '0' && c <= '9'); });
}

// "elasticbeanstalk-us-east-1-111122223333"
std::optional<ObjectKey> bucket_of_beanstalk(std::string_view part)
{
    constexpr std::string_view start = "elasticbeanstalk-";
    constexpr std::size_t account_size = 12;
    if (!part.starts_with(start) || part.size() < start.size() + account_size + 2) {
        return std::nullopt;
    }
    const std::string_view account = part.substr(part.size() - account_size);
    const std::string_view region = part.substr(start.size(), part.size() - start.size() - account_size - 1);
    if (!is_account(account) || !is_region(region)) {
        return std::nullopt;
    }
    ObjectKey key;
    key.account = account;
    key.region = region;
    return key;
}

} // namespace

ObjectKey parse_object_key(std::string_view path)
{
    ObjectKey key;
    const std::vector<std::string_view> parts = base::split(path, '/');
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string_view part = parts[i];
        if (part.starts_with("aws-account-id=") && is_account(part.substr(15))) {
            key.account = part.substr(15);
        } else if (part.starts_with("aws-service=")) {
            key.service = part.substr(12);
        } else if (part.starts_with("aws-region=") && is_region(part.substr(11))) {
            key.region = part.substr(11);
        } else if (const auto beanstalk = bucket_of_beanstalk(part)) {
            key = *beanstalk;
        } else if (part == "AWSLogs") {
            std::size_t at = i + 1;
            if (at < parts.size() && parts[at].starts_with("o-")) {
                ++at;
            }
            if (at < parts.size() && is_account(parts[at])) {
                key.account = parts[at];
                if (at + 1 < parts.size()) {
                    key.service = parts[at + 1];
                }
                if (at + 2 < parts.size() && is_region(parts[at + 2])) {
                    key.region = parts[at + 2];
                }
            }
        }
    }
    return key;
}

} // namespace trawl::ingest
