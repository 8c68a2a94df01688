#include <algorithm>
#include <array>
#include <cstdio>

#include "base/hash.h"
#include "base/text.h"
#include "detect/rules/draft.h"

namespace trawl::detect {

namespace {

constexpr std::array<std::string_view, 15> slugs = {"unusual-resource-access", "failed-logins", "network-acl-change",
    "suspicious-api-calls", "unusual-resource-activity", "root-activity", "cloudtrail-config-change",
    "sensitive-s3-access", "principal-usage", "cloudformation-events", "cloudfront-origin-access", "network-exposure",
    "elastic-ip-activity", "auto-scaling-volume", "tag-modification"};

} // namespace

std::span<const std::string_view> technique_slugs()
{
    return slugs;
}

} // namespace trawl::detect

namespace trawl::detect::rules {

namespace {

// "T1078.004" of the tag "attack.t1078.004".
bool read_mitre(std::string_view tag, std::string& id)
{
    constexpr std::string_view start = "attack.t";
    const std::string lower = base::to_lower_ascii(tag);
    const std::string_view digits = std::string_view(lower).substr(std::min(start.size(), lower.size()));
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool is_plain = digits.size() == 4 && std::all_of(digits.begin(), digits.end(), is_digit);
    const bool is_sub = digits.size() == 8 && digits[4] == '.'
        && std::all_of(digits.begin(), digits.begin() + 4, is_digit)
        && std::all_of(digits.begin() + 5, digits.end(), is_digit);
    if (!lower.starts_with(start) || (!is_plain && !is_sub)) {
        return false;
    }
    id = "T" + std::string(digits);
    return true;
}

// The same for the same rule wherever its folder lies.
std::string make_id(const std::string& title, const std::string& file)
{
    return uuid_of(title + '\n' + file.substr(file.find_last_of('/') + 1));
}

std::string join(const std::vector<std::string>& texts, std::string_view separator)
{
    std::string joined;
    for (const std::string& text : texts) {
        joined += (joined.empty() ? "" : std::string(separator)) + text;
    }
    return joined;
}

class HeaderReader {
public:
    HeaderReader(const YamlNode& root, Problems& problems) : root_(root), problems_(problems) {}

    std::string text(std::string_view name)
    {
        const YamlNode* const node = root_.find(name);
        if (node == nullptr || node->is_null()) {
            return {};
        }
        if (!node->is_scalar()) {
            problems_.error("E505", node->span, "`" + std::string(name) + "` is a text");
            return {};
        }
        return std::string(base::trim(node->text));
    }

    std::vector<std::string> texts(std::string_view name)
    {
        std::vector<std::string> found;
        const YamlNode* const node = root_.find(name);
        if (node != nullptr && !node->is_null() && !read_texts(*node, found)) {
            problems_.error("E505", node->span, "`" + std::string(name) + "` is a text or a list of texts");
        }
        return found;
    }

    // Of what people alone read: a slip there ("- Deployments: by Terraform" is a map) does not cost the rule.
    std::vector<std::string> remarks(std::string_view name)
    {
        std::vector<std::string> found;
        const YamlNode* const node = root_.find(name);
        if (node == nullptr || node->is_null()) {
            return found;
        }
        if (node->is_sequence()) {
            for (const YamlNode& item : node->items) {
                add_remark(name, item, found);
            }
        } else {
            add_remark(name, *node, found);
        }
        return found;
    }

    // False without such a member.
    bool level(std::string_view name, event::Level& level)
    {
        const YamlNode* const node = root_.find(name);
        if (node == nullptr || node->is_null()) {
            return false;
        }
        if (!node->is_scalar() || !event::parse_level(base::to_lower_ascii(node->text), level)) {
            problems_.error("E506", node->span, "there is no level '" + node->text + "'",
                "Levels are informational, low, medium, high and critical.");
            return false;
        }
        return true;
    }

    void techniques(Rule& rule)
    {
        for (const std::string_view name : {"technique", "techniques"}) {
            const YamlNode* const node = root_.find(name);
            for (std::string& slug : texts(name)) {
                if (std::find(slugs_.begin(), slugs_.end(), slug) == slugs_.end()) {
                    problems_.error("E525", node->span, "there is no technique '" + slug + "'", nearest(slug));
                }
                rule.techniques.push_back(std::move(slug));
            }
        }
    }

private:
    void add_remark(std::string_view name, const YamlNode& node, std::vector<std::string>& found)
    {
        if (node.is_scalar()) {
            found.emplace_back(base::trim(node.text));
            return;
        }
        if (!node.is_null()) {
            problems_.warning("W410", node.span,
                "an entry of `" + std::string(name) + "` is no text and is passed over",
                "Put a text with a colon into quotes.");
        }
    }

    std::string nearest(std::string_view slug) const
    {
        std::string help = "docs/RULES.md lists the techniques.";
        std::size_t best = 6;
        for (const std::string_view known : slugs_) {
            const std::size_t distance = base::edit_distance(slug, known, best);
            if (distance < best) {
                best = distance;
                help = "Did you mean '" + std::string(known) + "'?";
            }
        }
        return help;
    }

    const YamlNode& root_;
    Problems& problems_;
    std::span<const std::string_view> slugs_ = technique_slugs();
};

} // namespace

std::string uuid_of(std::string_view text)
{
    const base::Hash128 hash = base::hash128(text);
    std::array<char, 40> id {};
    // Version 8: "custom" (RFC 9562).
    std::snprintf(id.data(), id.size(), "%08x-%04x-8%03x-%04x-%012llx", static_cast<unsigned>(hash.high >> 32U),
        static_cast<unsigned>((hash.high >> 16U) & 0xFFFFU), static_cast<unsigned>(hash.high & 0xFFFU),
        static_cast<unsigned>(0x8000U | ((hash.low >> 48U) & 0x3FFFU)),
        static_cast<unsigned long long>(hash.low & 0xFFFFFFFFFFFFU));
    return id.data();
}

bool read_texts(const YamlNode& node, std::vector<std::string>& texts)
{
    if (node.is_scalar()) {
        texts.emplace_back(base::trim(node.text));
        return true;
    }
    if (!node.is_sequence()) {
        return false;
    }
    for (const YamlNode& item : node.items) {
        if (!item.is_scalar()) {
            return false;
        }
        texts.emplace_back(base::trim(item.text));
    }
    return true;
}

void read_header(const YamlDocument& document, const Surroundings& surroundings, Rule& rule)
{
    const YamlNode& root = document.root;
    HeaderReader reader(root, surroundings.problems);
    rule.file = surroundings.problems.file();
    rule.is_builtin = surroundings.origin == RuleOrigin::builtin;
    rule.text = surroundings.text.substr(document.span.start, document.span.length);
    const YamlNode* const title = root.find("title");
    rule.span = title != nullptr ? title->span : root.span;
    rule.line = 1
        + static_cast<std::size_t>(std::count(surroundings.text.begin(),
            surroundings.text.begin()
                + static_cast<std::ptrdiff_t>(std::min(rule.span.start, surroundings.text.size())),
            '\n'));
    rule.title = reader.text("title");
    if (rule.title.empty()) {
        surroundings.problems.error("E505", rule.span, "the rule has no title");
    }
    rule.id = reader.text("id");
    if (rule.id.empty()) {
        rule.id = make_id(rule.title, rule.file);
    }
    rule.name = reader.text("name");
    rule.author = join(reader.remarks("author"), ", ");
    rule.status = reader.text("status");
    rule.description = join(reader.remarks("description"), "\n");
    rule.message = reader.text("message");
    rule.response = join(reader.remarks("response"), "\n");
    rule.tags = reader.texts("tags");
    rule.falsepositives = reader.remarks("falsepositives");
    rule.references = reader.remarks("references");
    rule.group = reader.texts("group");
    reader.level("level", rule.level);
    event::Level level {};
    if (reader.level("level_if_denied", level)) {
        rule.level_if_denied = level;
    }
    reader.techniques(rule);
    for (const std::string& tag : rule.tags) {
        std::string id;
        if (read_mitre(tag, id) && std::find(rule.mitre.begin(), rule.mitre.end(), id) == rule.mitre.end()) {
            rule.mitre.push_back(std::move(id));
        }
    }
}

} // namespace trawl::detect::rules
