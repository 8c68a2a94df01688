#include "ingest/kinds/cloudfront/fields.h"

namespace trawl::ingest::kinds::cloudfront {

namespace {

constexpr std::string_view real_time_page
    = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html";

constexpr FieldDescription table[] = {
    {"date", "string", "Date of the event, UTC", "", ""},
    {"time", "string", "Time of day when the response ended, UTC", "", ""},
    {"timestamp", "number", "Time of the event, seconds since 1970", "", ""},
    {"timestamp(ms)", "number", "Time of the event, milliseconds since 1970", "", ""},
    {"x-edge-location", "string", "Edge location: airport code and a number", "", ""},
    {"sc-bytes", "number", "Bytes sent to the viewer", "", ""},
    {"c-ip", "address", "Address of the viewer", "", ""},
    {"cs-method", "string", "HTTP method of the request", "", ""},
    {"cs(Host)", "string", "Domain name of the distribution", "", ""},
    {"cs-host", "string", "Host header of the request", real_time_page, ""},
    {"cs-uri-stem", "string", "Path of the URL", "", ""},
    {"sc-status", "number", "HTTP status; 000 when the viewer hung up", "", ""},
    {"cs(Referer)", "string", "Referer header of the request", "", "cs-referer"},
    {"cs(User-Agent)", "string", "User-Agent header, percent-encoded", "", "cs-user-agent"},
    {"cs-uri-query", "string", "Query string of the URL", "", ""},
    {"cs(Cookie)", "string", "Cookie header of the request, where the distribution logs cookies", "", "cs-cookie"},
    {"x-edge-result-type", "string", "How the response was classified when it left the edge", "", ""},
    {"x-edge-request-id", "string", "Id of the request", "", ""},
    {"x-host-header", "string", "Host header of the viewer", "", ""},
    {"cs-protocol", "string", "http, https, ws, wss, grpcs", "", ""},
    {"cs-bytes", "number", "Bytes of the request", "", ""},
    {"time-taken", "number", "Seconds from request to last byte", "", ""},
    {"x-forwarded-for", "string", "X-Forwarded-For header: the viewer's address behind proxies", "", ""},
    {"ssl-protocol", "string", "TLS protocol of the connection to the viewer; absent for HTTP", "", ""},
    {"ssl-cipher", "string", "TLS cipher of the connection to the viewer; absent for HTTP", "", ""},
    {"x-edge-response-result-type", "string", "How the response was classified before it was returned", "", ""},
    {"cs-protocol-version", "string", "HTTP version of the request", "", ""},
    {"fle-status", "string", "Outcome of field-level encryption", "", ""},
    {"fle-encrypted-fields", "number", "Number of encrypted fields", "", ""},
    {"c-port", "number", "Port of the viewer", "", ""},
    {"time-to-first-byte", "number", "Seconds from request to first byte", "", ""},
    {"x-edge-detailed-result-type", "string", "The result, with the error's kind", "", ""},
    {"sc-content-type", "string", "Content-Type of the response", "", ""},
    {"sc-content-len", "number", "Content-Length of the response", "", ""},
    {"sc-range-start", "number", "Start of the Content-Range", "", ""},
    {"sc-range-end", "number", "End of the Content-Range", "", ""},
    {"DistributionId", "string", "Id of the distribution", "", "distributionid"},
    {"distribution-tenant-id", "string", "Tenant of the distribution", "", ""},
    {"asn", "number", "Autonomous system of the viewer", "", ""},
    {"c-country", "string", "Country of the viewer", "", ""},
    {"cache-behavior-path-pattern", "string", "Path pattern of the cache behaviour", "", ""},
    {"origin-fbl", "number", "Seconds to the origin's first byte", "", ""},
    {"origin-lbl", "number", "Seconds to the origin's last byte", "", ""},
    {"viewer-request-log-data", "string", "Data that a viewer request function logged", "", ""},
    {"viewer-response-log-data", "string", "Data that a viewer response function logged", "", ""},
    {"c-ip-version", "string", "IPv4 or IPv6", real_time_page, ""},
    {"cs-accept-encoding", "string", "Accept-Encoding header of the request", real_time_page, ""},
    {"cs-accept", "string", "Accept header of the request", real_time_page, ""},
    {"cs-headers", "string", "Headers of the request", real_time_page, ""},
    {"cs-header-names", "string", "Names of the headers", real_time_page, ""},
    {"cs-headers-count", "number", "Number of headers", real_time_page, ""},
    {"primary-distribution-id", "string", "Primary distribution of a continuous deployment", real_time_page, ""},
    {"primary-distribution-dns-name", "string", "Its domain name", real_time_page, ""},
};

} // namespace

std::span<const FieldDescription> fields()
{
    return table;
}

std::vector<std::string_view> standard_columns()
{
    return {"date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status",
        "cs(Referer)", "cs(User-Agent)", "cs-uri-query", "cs(Cookie)", "x-edge-result-type", "x-edge-request-id",
        "x-host-header", "cs-protocol", "cs-bytes", "time-taken", "x-forwarded-for", "ssl-protocol", "ssl-cipher",
        "x-edge-response-result-type", "cs-protocol-version", "fle-status", "fle-encrypted-fields", "c-port",
        "time-to-first-byte", "x-edge-detailed-result-type", "sc-content-type", "sc-content-len", "sc-range-start",
        "sc-range-end"};
}

std::vector<std::string_view> real_time_columns()
{
    return {"timestamp", "c-ip", "time-to-first-byte", "sc-status", "sc-bytes", "cs-method", "cs-protocol", "cs-host",
        "cs-uri-stem", "cs-bytes", "x-edge-location", "x-edge-request-id", "x-host-header", "time-taken",
        "cs-protocol-version", "c-ip-version", "cs-user-agent", "cs-referer", "cs-cookie", "cs-uri-query",
        "x-edge-response-result-type", "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-result-type",
        "fle-encrypted-fields", "fle-status", "sc-content-type", "sc-content-len", "sc-range-start", "sc-range-end",
        "c-port", "x-edge-detailed-result-type", "c-country", "cs-accept-encoding", "cs-accept",
        "cache-behavior-path-pattern", "cs-headers", "cs-header-names", "cs-headers-count", "primary-distribution-id",
        "primary-distribution-dns-name", "origin-fbl", "origin-lbl", "asn"};
}

} // namespace trawl::ingest::kinds::cloudfront
