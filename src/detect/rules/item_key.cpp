#include "detect/rules/item_key.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace trawl::detect::rules {

namespace {

using query::plan::Test;

// What a modifier does to a key.
enum class Effect : std::uint8_t {
    kind,
    form,
    encoding,
    all,
    cased,
    negated,
    api,
    expand,
    flag_i,
    flag_m,
    flag_s,
    order,
    part
};

struct Modifier {
    std::string_view name;
    Effect effect;
    ItemKind kind = ItemKind::text;
    TextForm form = TextForm::whole;
    Encoding encoding = Encoding::base64;
    Test order = Test::less;
};

constexpr Modifier of_kind(std::string_view name, ItemKind kind)
{
    return {name, Effect::kind, kind};
}
constexpr Modifier of_form(std::string_view name, TextForm form)
{
    return {name, Effect::form, ItemKind::text, form};
}
constexpr Modifier of_encoding(std::string_view name, Encoding encoding)
{
    return {name, Effect::encoding, ItemKind::text, TextForm::whole, encoding};
}
constexpr Modifier of_order(std::string_view name, Test test)
{
    return {name, Effect::order, ItemKind::text, TextForm::whole, Encoding::base64, test};
}

constexpr std::array<Modifier, 40> modifiers = {{
    of_form("contains", TextForm::contains),
    of_form("startswith", TextForm::starts_with),
    of_form("endswith", TextForm::ends_with),
    {"all", Effect::all},
    {"cased", Effect::cased},
    {"neq", Effect::negated},
    {"api", Effect::api},
    {"expand", Effect::expand},
    of_kind("exists", ItemKind::presence),
    of_kind("re", ItemKind::regex),
    {"i", Effect::flag_i},
    {"ignorecase", Effect::flag_i},
    {"m", Effect::flag_m},
    {"multiline", Effect::flag_m},
    {"s", Effect::flag_s},
    {"dotall", Effect::flag_s},
    of_kind("cidr", ItemKind::cidr),
    of_kind("fieldref", ItemKind::field),
    of_order("lt", Test::less),
    of_order("lte", Test::less_equal),
    of_order("gt", Test::greater),
    of_order("gte", Test::greater_equal),
    {"minute", Effect::part},
    {"hour", Effect::part},
    {"day", Effect::part},
    {"week", Effect::part},
    {"month", Effect::part},
    {"year", Effect::part},
    of_encoding("base64", Encoding::base64),
    of_encoding("base64offset", Encoding::base64_offset),
    of_encoding("wide", Encoding::utf16_little),
    of_encoding("utf16le", Encoding::utf16_little),
    of_encoding("utf16be", Encoding::utf16_big),
    of_encoding("utf16", Encoding::utf16_marked),
    of_encoding("windash", Encoding::dashes),
    of_kind("any", ItemKind::element),
    of_kind("overlaps", ItemKind::ports),
    of_kind("portwidth_gt", ItemKind::port_width),
    of_kind("world", ItemKind::world),
    of_kind("wider", ItemKind::wider),
}};

std::string nearest(std::string_view name)
{
    std::string found;
    std::size_t best = 3;
    for (const Modifier& modifier : modifiers) {
        const std::size_t distance = base::edit_distance(name, modifier.name, best);
        if (modifier.name.size() > 1 && distance < best) {
            best = distance;
            found = modifier.name;
        }
    }
    return found;
}

// Applies one modifier after the other.
class KeyReader {
public:
    KeyReader(ItemKey& key, Problems& problems) : key_(key), problems_(problems) {}

    bool apply(std::string_view name)
    {
        const auto* const found = std::find_if(
            modifiers.begin(), modifiers.end(), [&](const Modifier& modifier) { return modifier.name == name; });
        if (found == modifiers.end()) {
            const std::string near = nearest(name);
            problems_.error("E512", key_.span, "there is no modifier '" + std::string(name) + "'",
                near.empty() ? "docs/RULES.md lists the modifiers." : "Did you mean '" + near + "'?");
            return false;
        }
        return apply(*found);
    }

    // What only the whole chain shows.
    bool check()
    {
        const bool is_text = key_.kind == ItemKind::text;
        const bool is_regex = key_.kind == ItemKind::regex;
        const bool is_field = key_.kind == ItemKind::field;
        if (key_.form != TextForm::whole && !is_text && !is_regex && !is_field) {
            return refuse("contains, startswith and endswith go with texts, re and fieldref");
        }
        if (!key_.encodings.empty() && !is_text) {
            return refuse("encodings go with texts");
        }
        if (key_.cut_api_version && !is_text && !is_field) {
            return refuse("api goes with texts and fieldref");
        }
        if (key_.cased && !is_text && !is_field && !is_regex) {
            return refuse("cased goes with texts and fieldref");
        }
        if ((key_.ignore_case || key_.multi_line || key_.dot_all) && !is_regex) {
            return refuse("the flags i, m and s go with re");
        }
        if (key_.expand && !is_text && !is_regex && key_.kind != ItemKind::cidr && key_.kind != ItemKind::ports) {
            return refuse("expand goes with texts, re, cidr and overlaps");
        }
        if (key_.field.empty() && !is_text && !is_regex) {
            return refuse("this modifier needs a field before it");
        }
        if (key_.field.empty() && (key_.form == TextForm::starts_with || key_.form == TextForm::ends_with)) {
            return refuse("keywords are looked for anywhere in the record; startswith and endswith need a field");
        }
        return true;
    }

private:
    bool refuse(const char* why)
    {
        problems_.error("E513", key_.span, std::string("these modifiers do not go together: ") + why);
        return false;
    }

    bool set_kind(ItemKind kind)
    {
        if (key_.kind != ItemKind::text) {
            return refuse("two of them say what kind of value follows");
        }
        key_.kind = kind;
        return true;
    }

    bool apply(const Modifier& modifier)
    {
        switch (modifier.effect) {
        case Effect::kind: return set_kind(modifier.kind);
        case Effect::form:
            if (key_.form != TextForm::whole) {
                return refuse("only one of contains, startswith and endswith");
            }
            key_.form = modifier.form;
            return true;
        case Effect::encoding:
            if (key_.form != TextForm::whole && modifier.encoding != Encoding::dashes) {
                return refuse("an encoding stands before contains, startswith and endswith");
            }
            key_.encodings.push_back(modifier.encoding);
            return true;
        case Effect::all: key_.all = true; return true;
        case Effect::cased: key_.cased = true; return true;
        case Effect::negated: key_.negated = true; return true;
        case Effect::api: key_.cut_api_version = true; return true;
        case Effect::expand: key_.expand = true; return true;
        case Effect::flag_i: key_.ignore_case = true; return true;
        case Effect::flag_m: key_.multi_line = true; return true;
        case Effect::flag_s: key_.dot_all = true; return true;
        case Effect::order:
            if (key_.has_order) {
                return refuse("only one of lt, lte, gt and gte");
            }
            key_.has_order = true;
            key_.order = modifier.order;
            return key_.kind == ItemKind::time_part || set_kind(ItemKind::order);
        case Effect::part:
            key_.time_part = modifier.name;
            if (key_.kind == ItemKind::order) {
                key_.kind = ItemKind::text;
            }
            return set_kind(ItemKind::time_part);
        }
        return true;
    }

    ItemKey& key_;
    Problems& problems_;
};

} // namespace

bool read_item_key(const YamlNode& node, ItemKey& key, Problems& problems)
{
    key.span = node.span;
    if (!node.is_scalar()) {
        problems.error("E508", node.span, "a field's name is a text");
        return false;
    }
    const std::vector<std::string_view> parts = base::split(node.text, '|');
    key.field = std::string(base::trim(parts.front()));
    KeyReader reader(key, problems);
    for (std::size_t at = 1; at < parts.size(); ++at) {
        if (!reader.apply(base::trim(parts[at]))) {
            return false;
        }
    }
    return reader.check();
}

} // namespace trawl::detect::rules
