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
    {"connection-id", "string", "Id of the TLS connection, joins the connection logs of mutual TLS", "", ""},
    {"s-ip", "address", "Address of the edge server that took the request", real_time_page, ""},
    {"c-ip-version", "string", "IPv4 or IPv6", real_time_page, ""},
    {"cs-accept-encoding", "string", "Accept-Encoding header of the request", real_time_page, ""},
    {"cs-accept", "string", "Accept header of the request", real_time_page, ""},
    {"cs-headers", "string", "Headers of the request", real_time_page, ""},
    {"cs-header-names", "string", "Names of the headers", real_time_page, ""},
    {"cs-headers-count", "number", "Number of headers", real_time_page, ""},
    {"primary-distribution-id", "string", "Primary distribution of a continuous deployment", real_time_page, ""},
    {"primary-distribution-dns-name", "string", "Domain name of the primary distribution", real_time_page, ""},
    {"cmcd-encoded-bitrate", "number", "Media client: encoded bit rate of the object, kbit/s", real_time_page, ""},
    {"cmcd-buffer-length", "number", "Media client: length of the buffer, milliseconds", real_time_page, ""},
    {"cmcd-buffer-starvation", "string", "Media client: whether the buffer ran empty before the request",
        real_time_page, ""},
    {"cmcd-content-id", "string", "Media client: id of the content", real_time_page, ""},
    {"cmcd-object-duration", "number", "Media client: playing time of the object, milliseconds", real_time_page, ""},
    {"cmcd-deadline", "number", "Media client: milliseconds until the first sample is due", real_time_page, ""},
    {"cmcd-measured-throughput", "number", "Media client: throughput that it measured, kbit/s", real_time_page, ""},
    {"cmcd-next-object-request", "string", "Media client: path of the next object", real_time_page, ""},
    {"cmcd-next-range-request", "string", "Media client: byte range of the next request", real_time_page, ""},
    {"cmcd-object-type", "string", "Media client: type of the object", real_time_page, ""},
    {"cmcd-playback-rate", "number", "Media client: 1 real time, 2 double speed, 0 paused", real_time_page, ""},
    {"cmcd-requested-maximum-throughput", "number", "Media client: throughput that it wants at most, kbit/s",
        real_time_page, ""},
    {"cmcd-streaming-format", "string", "Media client: format of the stream", real_time_page, ""},
    {"cmcd-session-id", "string", "Media client: id of the playback session", real_time_page, ""},
    {"cmcd-stream-type", "string", "Media client: v on demand, l live", real_time_page, ""},
    {"cmcd-startup", "string", "Media client: whether the object is needed to start or to recover", real_time_page, ""},
    {"cmcd-top-bitrate", "number", "Media client: highest bit rate that it may play, kbit/s", real_time_page, ""},
    {"cmcd-version", "number", "Media client: version of the data", real_time_page, ""},
    {"r-host", "string", "Origin that the response came from, chosen by media quality", real_time_page, ""},
    {"sr-reason", "string", "Why the origin was chosen", real_time_page, ""},
    {"x-edge-mqcs", "number", "Media quality confidence score of the origin", real_time_page, ""},
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

std::vector<std::string_view> real_time_columns(std::size_t count, bool has_server_address)
{
    std::vector<std::string_view> names {"timestamp", "c-ip", "time-to-first-byte", "sc-status", "sc-bytes",
        "cs-method", "cs-protocol", "cs-host", "cs-uri-stem", "cs-bytes", "x-edge-location", "x-edge-request-id",
        "x-host-header", "time-taken", "cs-protocol-version", "c-ip-version", "cs-user-agent", "cs-referer",
        "cs-cookie", "cs-uri-query", "x-edge-response-result-type", "x-forwarded-for", "ssl-protocol", "ssl-cipher",
        "x-edge-result-type", "fle-encrypted-fields", "fle-status", "sc-content-type", "sc-content-len",
        "sc-range-start", "sc-range-end", "c-port", "x-edge-detailed-result-type", "c-country", "cs-accept-encoding",
        "cs-accept", "cache-behavior-path-pattern", "cs-headers", "cs-header-names", "cs-headers-count",
        "primary-distribution-id", "primary-distribution-dns-name", "origin-fbl", "origin-lbl", "asn",
        "cmcd-encoded-bitrate", "cmcd-buffer-length", "cmcd-buffer-starvation", "cmcd-content-id",
        "cmcd-object-duration", "cmcd-deadline", "cmcd-measured-throughput", "cmcd-next-object-request",
        "cmcd-next-range-request", "cmcd-object-type", "cmcd-playback-rate", "cmcd-requested-maximum-throughput",
        "cmcd-streaming-format", "cmcd-session-id", "cmcd-stream-type", "cmcd-startup", "cmcd-top-bitrate",
        "cmcd-version", "r-host", "sr-reason", "x-edge-mqcs", "distribution-tenant-id"};
    if (has_server_address) {
        names.insert(names.begin() + 2, "s-ip");
    }
    // The data of functions are two columns; connection-id, before them, came later.
    if (count > names.size() && (count - names.size()) % 2 == 1) {
        names.emplace_back("connection-id");
    }
    names.insert(names.end(), {"viewer-request-log-data", "viewer-response-log-data"});
    return names;
}

} // namespace trawl::ingest::kinds::cloudfront
