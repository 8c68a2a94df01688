#include <algorithm>
#include <deque>
#include <string>

#include "base/text.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// Amazon OpenSearch Service (Elasticsearch): slow logs and error logs as text or JSON, audit logs as JSON.
namespace trawl::ingest::kinds::elasticsearch {

using event::Type;
using event::Value;

namespace {

constexpr std::string_view audit_page
    = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/audit-logs.html";

constexpr FieldDescription fields[] = {
    {"timestamp", "time", "Time of the line, UTC", "", ""},
    {"level", "string", "TRACE, DEBUG, INFO, WARN, ERROR", "", ""},
    {"logger", "string", "Component that logged the line", "", "component"},
    {"node", "string", "Node that logged the line", "", "node.name"},
    {"index", "string", "Index that was searched or written", "", ""},
    {"shard", "string", "Shard, or the index's UUID", "", ""},
    {"took", "string", "Time that the operation took, with its unit", "", ""},
    {"took_millis", "number", "Milliseconds that the operation took", "", ""},
    {"total_hits", "string", "Number of documents found", "", ""},
    {"search_type", "string", "Type of the search", "", ""},
    {"total_shards", "string", "Number of shards searched", "", ""},
    {"source", "string", "The search or document", "", ""},
    {"message", "string", "Message of an error log", "", ""},
    {"audit_category", "string",
        "FAILED_LOGIN, AUTHENTICATED, MISSING_PRIVILEGES, GRANTED_PRIVILEGES, BAD_HEADERS, SSL_EXCEPTION, "
        "COMPLIANCE_DOC_READ, COMPLIANCE_DOC_WRITE …",
        audit_page, ""},
    {"audit_cluster_name", "string", "Account and domain", audit_page, ""},
    {"audit_node_name", "string", "Node that audited the request", audit_page, ""},
    {"audit_request_origin", "string", "REST or TRANSPORT", audit_page, ""},
    {"audit_request_layer", "string", "Layer that logged the event", audit_page, ""},
    {"audit_request_remote_address", "address", "Address of the client", audit_page, ""},
    {"audit_request_effective_user", "string", "User that the request ran as", audit_page, ""},
    {"audit_request_initiating_user", "string", "User that sent the request", audit_page, ""},
    {"audit_request_privilege", "string", "Privilege that was needed", audit_page, ""},
    {"audit_request_body", "string", "Body of the request", audit_page, ""},
    {"audit_rest_request_method", "string", "Method of the request", audit_page, ""},
    {"audit_rest_request_path", "string", "Path of the request", audit_page, ""},
    {"audit_rest_request_headers", "object", "Headers of the request", audit_page, ""},
    {"audit_trace_indices", "array", "Indices of the request", audit_page, ""},
    {"audit_trace_resolved_indices", "array", "Indices after wildcards were resolved", audit_page, ""},
    {"@timestamp", "time", "Time of the audit event, kept as @@timestamp", audit_page, ""},
    {"audit_node_id", "string", "Id of the node that audited the request", audit_page, ""},
    {"audit_format_version", "number", "Version of the audit format", audit_page, ""},
    {"audit_request_effective_user_is_admin", "boolean", "Whether the request was made with the admin certificate",
        audit_page, ""},
    {"audit_rest_request_params", "object", "Parameters of the request's path and query", audit_page, ""},
    {"audit_transport_request_type", "string", "Type of the transport request", audit_page, ""},
    {"audit_transport_headers", "object", "Headers of the transport request", audit_page, ""},
    {"audit_trace_task_id", "string", "Task that the request started", audit_page, ""},
    {"audit_trace_task_parent_id", "string", "Task that started it", audit_page, ""},
    {"audit_trace_doc_id", "string", "Document that was read or written", audit_page, ""},
    {"audit_trace_doc_types", "array", "Types of the documents", audit_page, ""},
    {"audit_trace_shard_id", "number", "Shard of the document", audit_page, ""},
    {"audit_compliance_operation", "string", "What was done to the document: CREATE, UPDATE, DELETE", audit_page, ""},
    {"audit_compliance_doc_version", "number", "Version of the document", audit_page, ""},
    {"audit_compliance_diff_is_noop", "boolean", "Whether the write changed nothing", audit_page, ""},
    {"audit_compliance_diff_content", "string", "What the write changed", audit_page, ""},
    {"audit_node_host_address", "string", "Address of the node that audited the request", audit_page, ""},
};

// A record begins with `[2019-10-24T…]`, in copies behind the node's name and a bar.
std::size_t record_start(std::string_view line)
{
    const std::size_t at = line.find("[2");
    // Nowhere is farther than that.
    if (at > 64 || line.size() < at + 20) {
        return std::string_view::npos;
    }
    if (at > 0 && line.substr(0, at).find('|') == std::string_view::npos) {
        return std::string_view::npos;
    }
    const std::string_view time = line.substr(at + 1, 19);
    return base::parse_time(time).has_value() && time[10] != ' ' ? at : std::string_view::npos;
}

// Where the bracket that opens `text` closes; npos: nowhere. In JSON, brackets inside of texts do not count.
std::size_t closing_bracket(std::string_view text, bool is_json)
{
    std::size_t depth = 0;
    bool in_text = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (is_json && c == '"') {
            in_text = !in_text;
        } else if (in_text) {
            at += c == '\\' ? std::size_t {1} : std::size_t {0};
        } else if (c == '[') {
            ++depth;
        } else if (c == ']' && --depth == 0) {
            return at;
        }
    }
    return std::string_view::npos;
}

// Reads `[…]` at the beginning of `rest`, with brackets inside, and moves behind it. False when there is none.
bool read_bracket(std::string_view& rest, std::string_view& inside)
{
    if (!rest.starts_with('[')) {
        return false;
    }
    // A query of a slow log may hold any text; one that is cut is no JSON.
    std::size_t close = rest.starts_with("[{") ? closing_bracket(rest, true) : std::string_view::npos;
    if (close == std::string_view::npos) {
        close = closing_bracket(rest, false);
    }
    if (close != std::string_view::npos) {
        inside = rest.substr(1, close - 1);
        rest.remove_prefix(close + 1);
        return true;
    }
    // A text that is cut ends without its bracket.
    inside = rest.substr(1);
    rest = {};
    return true;
}

bool is_name(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
    });
}

class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view text, LineRow& row) override
    {
        const std::size_t start = record_start(text);
        std::string_view rest = start == std::string_view::npos ? std::string_view() : text.substr(start);
        std::string_view parts[3];
        for (std::string_view& part : parts) {
            if (!read_bracket(rest, part)) {
                return Outcome::rejected;
            }
        }
        names_.clear();
        values_.clear();
        // A comma before the fraction is not RFC 3339's.
        timestamp_ = std::string(parts[0]);
        std::replace(timestamp_.begin(), timestamp_.end(), ',', '.');
        add("timestamp", timestamp_);
        add("level", base::trim(parts[1]));
        add("logger", base::trim(parts[2]));
        constexpr std::string_view places[] = {"node", "index", "shard"};
        rest = base::trim(rest);
        std::size_t place = 0;
        std::string_view inside;
        while (place < std::size(places) && read_bracket(rest, inside)) {
            const std::size_t slash = inside.find('/');
            if (place == 1 && slash != std::string_view::npos) {
                add("index", inside.substr(0, slash));
                add("shard", inside.substr(slash + 1));
                place = std::size(places);
            } else {
                add(places[place++], inside);
            }
            rest = base::trim(rest);
        }
        read_pairs(rest);
        if (row.names.size() != names_.size() || !std::equal(names_.begin(), names_.end(), row.names.begin())) {
            row.names.clear();
            for (const std::string_view name : names_) {
                row.names.push_back(keep(name));
            }
            ++row.layout;
        }
        row.values.assign(values_.begin(), values_.end());
        return Outcome::event;
    }
    bool continues(std::string_view, std::string_view line) const override
    {
        return record_start(line) == std::string_view::npos;
    }
    std::string_view reject_code() const override { return "elasticsearch-line"; }
    std::string_view reject_reason() const override
    {
        return "the line does not begin with time, level and logger in brackets";
    }

private:
    void add(std::string_view name, std::string_view value)
    {
        if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
            return;
        }
        names_.push_back(name);
        double number = 0;
        values_.push_back(name == "took_millis" && base::parse_number(value, number) ? Value::number_text(value)
                                                                                     : Value::string(value));
    }

    // Reads `took[3.4ms], took_millis[3], …`; text of another form is the message.
    void read_pairs(std::string_view rest)
    {
        std::string_view at = rest;
        while (!at.empty()) {
            const std::size_t open = at.find('[');
            if (open == std::string_view::npos || !is_name(at.substr(0, open))) {
                break;
            }
            const std::string_view name = at.substr(0, open);
            at.remove_prefix(open);
            std::string_view inside;
            read_bracket(at, inside);
            add(name, inside);
            at = base::trim(at);
            if (at.starts_with(',')) {
                at = base::trim(at.substr(1));
            }
        }
        if (!at.empty()) {
            add("message", at);
        }
    }

    // Names of fields are few: each is kept once.
    std::string_view keep(std::string_view name)
    {
        const auto found = std::find(kept_names_.begin(), kept_names_.end(), name);
        return found != kept_names_.end() ? *found : kept_names_.emplace_back(name);
    }

    std::vector<std::string_view> names_;
    std::vector<Value> values_;
    std::deque<std::string> kept_names_;
    std::string timestamp_;
};

Confidence recognise_lines(const LineProbe& probe)
{
    if (!probe.lines.empty()) {
        const std::string_view line = probe.lines.front();
        const std::size_t start = record_start(line);
        const std::string_view rest = start == std::string_view::npos ? std::string_view() : line.substr(start);
        const std::size_t close = rest.find(']');
        if (close != std::string_view::npos && rest.substr(close + 1).starts_with('[')) {
            return Confidence::certain;
        }
    }
    return Confidence::no;
}

// The account stands before the domain's name. Inputs: audit_cluster_name
Value derive_account(DeriveInputs& inputs)
{
    const Value cluster = inputs.input(0);
    if (cluster.type() == Type::string) {
        const std::string_view text = cluster.raw();
        const std::size_t colon = text.find(':');
        if (colon != std::string_view::npos) {
            return Value::string(text.substr(0, colon));
        }
    }
    const EnvelopeContext& context = inputs.context();
    const std::string_view other = context.owner.empty() ? context.account : context.owner;
    return other.empty() ? Value() : Value::string(other);
}

// An address, without the port of "10.0.0.1:9200" or "[2001:db8::1]:9200".
Value derive_address(DeriveInputs& inputs)
{
    const Value found = derive::first_present(inputs);
    if (found.type() != Type::string) {
        return found;
    }
    std::string_view text = found.raw();
    if (text.starts_with('[') && text.find(']') != std::string_view::npos) {
        text = text.substr(1, text.find(']') - 1);
    } else if (const std::size_t colon = text.find(':'); colon == text.rfind(':')) {
        text = text.substr(0, colon);
    }
    return Value::string(text);
}

// Inputs: audit_category, event.action
Value derive_outcome(DeriveInputs& inputs)
{
    const Value category = inputs.input(0);
    if (const Value action = inputs.input(1); category.is_absent() && action.type() == Type::string) {
        // Actions of X-Pack's audit: access_granted, authentication_failed, tampered_request …
        const std::string_view name = action.raw();
        const bool succeeded = name.ends_with("_granted") || name.ends_with("_success");
        const bool failed = name.ends_with("_denied") || name.ends_with("_failed") || name == "tampered_request";
        return succeeded || failed ? Value::string(failed ? "failure" : "success") : Value();
    }
    if (category.type() != Type::string) {
        return {};
    }
    constexpr std::string_view failures[] = {"FAILED_LOGIN", "MISSING_PRIVILEGES", "BAD_HEADERS", "SSL_EXCEPTION"};
    const bool failed = std::find(std::begin(failures), std::end(failures), category.raw()) != std::end(failures);
    return Value::string(failed ? "failure" : "success");
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "Time of the audit event or of the line", {"@@timestamp", "timestamp"}, derive::time},
        {"@account", "string", "Account in audit_cluster_name", {"audit_cluster_name"}, derive_account},
        {"@region", "string", "Region of the object's key", {}, derive::region},
        {"@principal", "string", "audit_request_effective_user", {"audit_request_effective_user", "user.name"},
            derive::first_present},
        {"@src_ip", "address", "audit_request_remote_address", {"audit_request_remote_address", "origin.address"},
            derive_address},
        {"@action", "string", "audit_category", {"audit_category", "event.action"}, derive::first_present},
        {"@resource", "string", "Index",
            {"audit_trace_resolved_indices.0", "audit_trace_indices.0", "index", "audit_rest_request_path", "indices.0",
                "url.path"},
            derive::first_present},
        {"@outcome", "string", "success or failure, by audit_category or event.action",
            {"audit_category", "event.action"}, derive_outcome},
    };
    return derived;
}

// The domain's own calls; what is asked of its data is in no CloudTrail event.
constexpr std::string_view event_sources[] = {"es"};

} // namespace

const LogKind& kind()
{
    static const LogKind elasticsearch {
        .id = "elasticsearch",
        .number = 17,
        .title = "OpenSearch slow, error and audit logs",
        .page = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html",
        .switch_on = "aws opensearch update-domain-config --domain-name NAME --log-publishing-options for AUDIT_LOGS, ES_APPLICATION_LOGS, SEARCH_SLOW_LOGS, INDEX_SLOW_LOGS",
        .places = {
            "CloudWatch Logs, groups /aws/OpenSearchService/domains/DOMAIN/… (slow, application, audit logs)",
        },
        .recognised_by = "Lines that begin with [time][level][component]; JSON objects with the names below.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"audit_category"}, {"audit_cluster_name", "audit_node_name"}, {"event.action", "cluster.uuid"},
            {"type", "timestamp", "level", "component", "cluster.name"}},
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .multi_line = true,
        .dotted_names = true,
    };
    return elasticsearch;
}

} // namespace trawl::ingest::kinds::elasticsearch
