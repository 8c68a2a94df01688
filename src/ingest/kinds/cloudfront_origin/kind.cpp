#include <algorithm>
#include <array>

#include "ingest/kinds/cloudfront/fields.h"
#include "ingest/kinds/log_kind.h"

// The origin's view of CloudFront: those records of cloudfront that reached the origin, or should have.
namespace trawl::ingest::kinds::cloudfront_origin {

using event::Value;

namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), text) != words.end();
}

// Inputs: x-edge-detailed-result-type, x-edge-result-type, x-edge-response-result-type, origin-fbl
Value reached_origin(DeriveInputs& inputs)
{
    const Value detailed_value = inputs.input(0);
    const std::string_view detailed = detailed_value.is_absent() ? std::string_view() : detailed_value.raw();
    if (!inputs.input(3).is_absent()) {
        return Value::boolean(true);
    }
    // The origin shield answered from its cache.
    if (detailed == "OriginShieldHit") {
        return Value::boolean(true);
    }
    if (detailed.starts_with("Origin") || is_one_of(detailed, {"AbortedOrigin", "SlowReaderOriginError"})) {
        return Value::boolean(true);
    }
    if (detailed.starts_with("InvalidRequest")
        || is_one_of(detailed, {"ClientGeoBlocked", "Hit", "Redirect", "FunctionGeneratedResponse"})) {
        return Value::boolean(false);
    }
    for (std::size_t i = 1; i < 3; ++i) {
        const Value result = inputs.input(i);
        if (!result.is_absent()) {
            return Value::boolean(
                is_one_of(result.raw(), {"Miss", "RefreshHit", "Error", "LimitExceeded", "CapacityExceeded"}));
        }
    }
    return Value::boolean(false);
}

const DerivedField& origin_test()
{
    static const DerivedField test {"", "boolean",
        "requests that went to the origin or failed on the way: origin-fbl is there, or the result type says Miss, "
        "RefreshHit, Error, LimitExceeded or CapacityExceeded, or the detailed one an error of the origin",
        {"x-edge-detailed-result-type", "x-edge-result-type", "x-edge-response-result-type", "origin-fbl"},
        reached_origin};
    return test;
}

constexpr std::string_view event_sources[] = {"cloudfront:*Distribution*", "cloudfront:*OriginAccess*"};

} // namespace

const LogKind& kind()
{
    static const LogKind cloudfront_origin {
        .id = "cloudfront_origin",
        .number = 10,
        .title = "CloudFront requests at the origin",
        .page = cloudfront::standard_page,
        .switch_on = "As cloudfront; standard logging v2 and real-time logs also tell origin-fbl and origin-lbl",
        .places = {
            "All places of cloudfront",
        },
        .recognised_by = "It has no records of its own: it selects those of cloudfront that went to the origin, or should have.",
        .fields = cloudfront::fields(),
        .event_sources = event_sources,
        .derived = {},
        .view_of = "cloudfront",
        .in_view = &origin_test(),
    };
    return cloudfront_origin;
}

} // namespace trawl::ingest::kinds::cloudfront_origin
