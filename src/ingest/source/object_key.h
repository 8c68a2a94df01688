#pragma once

#include <string_view>

namespace trawl::ingest {

// What an object's path says (KINDS 0, "S3 key grammar"): `…/AWSLogs/[o-ORG/]ACCOUNT/SERVICE/REGION/YYYY/MM/DD/…` or
// the Hive form `aws-account-id=…/aws-service=…/aws-region=…`. Views into the path; empty where it does not say.
struct ObjectKey {
    std::string_view account;
    std::string_view service;
    std::string_view region;
};

ObjectKey parse_object_key(std::string_view path);

} // namespace trawl::ingest
