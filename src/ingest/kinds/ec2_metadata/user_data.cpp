#include "ingest/kinds/ec2_metadata/user_data.h"

#include <algorithm>
#include <vector>

#include "base/base64.h"
#include "base/regex.h"
#include "base/text.h"
#include "ingest/codec/byte_stream.h"

namespace trawl::ingest::kinds::ec2_metadata {

namespace {

constexpr std::size_t max_part_bytes = 1u << 20;

struct Form {
    std::string_view start;
    std::string_view type;
};
// Longer starts stand before those that they begin with.
constexpr Form forms[] = {{"#cloud-config-archive", "cloud-config-archive"}, {"#cloud-config", "cloud-config"},
    {"#cloud-boothook", "boothook"}, {"#include-once", "include"}, {"#include", "include"},
    {"#part-handler", "part-handler"}, {"#upstart-job", "upstart-job"}, {"## template: jinja", "jinja"},
    {"#!", "script"}, {"MIME-Version:", "multipart"}, {"Content-Type: multipart/", "multipart"},
    {"<powershell>", "powershell"}, {"<script>", "batch"}, {"<persist>", "powershell"}};

std::string_view header_value(std::string_view headers, std::string_view name)
{
    for (const std::string_view line : base::split(headers, '\n')) {
        if (line.size() > name.size() && base::equal_ignoring_case(line.substr(0, name.size()), name)) {
            return base::trim(line.substr(name.size()));
        }
    }
    return {};
}

std::string_view boundary_of(std::string_view text)
{
    constexpr std::string_view mark = "boundary=";
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) {
        return {};
    }
    std::string_view value = text.substr(at + mark.size());
    if (value.starts_with('"')) {
        value.remove_prefix(1);
        return value.substr(0, value.find('"'));
    }
    return base::trim(value.substr(0, value.find_first_of(";\n ")));
}

struct Part {
    std::string_view headers;
    std::string_view body;
    bool is_base64;
};

std::vector<Part> parts_of(std::string_view text)
{
    const std::string mark = "--" + std::string(boundary_of(text));
    std::vector<Part> parts;
    std::size_t at = mark.size() > 2 ? text.find("\n" + mark) : std::string_view::npos;
    while (at != std::string_view::npos) {
        const std::size_t start = at + 1 + mark.size();
        if (text.substr(start).starts_with("--")) {
            break;
        }
        const std::size_t end = text.find("\n" + mark, start);
        const std::string_view part = text.substr(start, end == std::string_view::npos ? end : end - start);
        at = end;
        const std::size_t crlf = part.find("\r\n\r\n");
        const std::size_t lf = part.find("\n\n");
        const std::size_t blank = std::min(crlf, lf);
        if (blank == std::string_view::npos) {
            continue;
        }
        const std::string_view headers = part.substr(0, blank);
        const bool is_base64 = base::equal_ignoring_case(header_value(headers, "Content-Transfer-Encoding:"), "base64");
        parts.push_back({headers, base::trim(part.substr(blank)), is_base64});
    }
    return parts;
}

std::string json_of(const std::vector<Part>& parts)
{
    std::string out = "[";
    for (const Part& part : parts) {
        const std::string_view type = header_value(part.headers, "Content-Type:");
        out += out.size() > 1 ? ",{\"type\":" : "{\"type\":";
        base::append_json_string(out, type.substr(0, type.find(';')));
        out += ",\"text\":";
        base::append_json_string(
            out, mask_secrets(part.is_base64 ? decode_user_data(part.body) : std::string(part.body)));
        out += '}';
    }
    return out + "]";
}

// Masks the secrets of a MIME document, of its parts in base64 too.
std::string mask_document(std::string_view text, const std::vector<Part>& parts)
{
    std::string out;
    std::size_t at = 0;
    for (const Part& part : parts) {
        if (const auto masked = part.is_base64 ? mask_user_data(part.body) : std::nullopt) {
            const auto start = static_cast<std::size_t>(part.body.data() - text.data());
            out += mask_secrets(text.substr(at, start - at)) + *masked;
            at = start + part.body.size();
        }
    }
    return out + mask_secrets(text.substr(at));
}

} // namespace

std::string decode_user_data(std::string_view text)
{
    std::string bytes = base::decode_base64(text).value_or("");
    if (bytes.empty()) {
        bytes = std::string(text);
    }
    if (recognise_compression(bytes) != Compression::gzip) {
        return bytes;
    }
    auto stream = gzip_stream(view_stream(bytes));
    std::string out(max_part_bytes, '\0');
    std::size_t filled = 0;
    while (filled < out.size()) {
        const auto count = stream->read(out.data() + filled, out.size() - filled);
        if (!count || *count == 0) {
            break;
        }
        filled += *count;
    }
    out.resize(filled);
    return out;
}

std::string_view user_data_type(std::string_view first_line)
{
    for (const Form& form : forms) {
        if (first_line.substr(0, form.start.size()) == form.start) {
            return form.type;
        }
    }
    return {};
}

UserData read_user_data(std::string_view text)
{
    UserData data;
    const std::string decoded = user_data_type(text).empty() ? decode_user_data(text) : std::string(text);
    data.type = std::string(user_data_type(decoded));
    if (data.type == "multipart") {
        const std::vector<Part> parts = parts_of(decoded);
        data.parts_json = json_of(parts);
        data.text = mask_document(decoded, parts);
    } else {
        data.text = mask_secrets(decoded);
    }
    return data;
}

std::optional<std::string> mask_user_data(std::string_view text)
{
    const std::string decoded = decode_user_data(text);
    const std::string masked
        = user_data_type(decoded) == "multipart" ? mask_document(decoded, parts_of(decoded)) : mask_secrets(decoded);
    if (masked == decoded) {
        return {};
    }
    return decoded == text ? masked : base::encode_base64(masked);
}

bool is_carried_user_data(std::string_view start)
{
    // Wrapped base64: whole groups of what is there.
    std::string digits;
    for (const char c : start) {
        if (c != '\n' && c != '\r') {
            digits.push_back(c);
        }
    }
    digits.resize(digits.size() / 4 * 4);
    constexpr std::size_t least = 8;
    if (digits.size() < least || digits.find_first_of(" \t") != std::string::npos) {
        return false;
    }
    return !user_data_type(decode_user_data(digits)).empty();
}

std::string mask_secrets(std::string_view text)
{
    static const base::Regex assigned = *base::Regex::create(
        R"re((?i)((?:password|passwd|secret|token|secret_access_key|secretaccesskey|api_key|apikey|private_key)[\w-]*["']?\s*[:=]\s*["']?)([^\s"',;&]{4,}))re");
    static const base::Regex private_key
        = *base::Regex::create("(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END [A-Z ]*PRIVATE KEY-----)");
    const std::string without_keys = private_key.replace_all(text, "\\1****\\2");
    return assigned.replace_all(without_keys, "\\1****");
}

} // namespace trawl::ingest::kinds::ec2_metadata
