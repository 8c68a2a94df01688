#include "detect/rules/yaml_compact.h"

#include <algorithm>
#include <utility>

namespace trawl::detect::rules {

namespace {

constexpr int max_depth = 200;
constexpr unsigned kind_mask = 3;
constexpr unsigned quoted_flag = 4;

// Seven bits a byte, lowest first; the highest bit says that more follow.
void append_size(std::string& out, std::size_t size)
{
    while (size >= 0x80) {
        out.push_back(static_cast<char>(0x80U | (size & 0x7FU)));
        size >>= 7U;
    }
    out.push_back(static_cast<char>(size));
}

void append_node(std::string& out, const YamlNode& node)
{
    const auto kind = static_cast<unsigned>(node.kind);
    out.push_back(static_cast<char>(node.is_quoted ? kind | quoted_flag : kind));
    append_size(out, node.span.start);
    append_size(out, node.span.length);
    switch (node.kind) {
    case YamlNode::Kind::null: return;
    case YamlNode::Kind::scalar:
        append_size(out, node.text.size());
        out += node.text;
        return;
    case YamlNode::Kind::sequence:
        append_size(out, node.items.size());
        for (const YamlNode& item : node.items) {
            append_node(out, item);
        }
        return;
    case YamlNode::Kind::map: break;
    }
    append_size(out, node.size());
    for (std::size_t at = 0; at < node.size(); ++at) {
        std::string value;
        append_node(value, node.value(at));
        append_node(out, node.key(at));
        append_size(out, value.size());
        out += value;
    }
}

class Reader {
public:
    Reader(std::string_view bytes, const std::vector<std::string_view>& left_out) : bytes_(bytes), left_out_(left_out)
    {
    }

    bool at_end() const { return at_ == bytes_.size(); }

    bool read_size(std::size_t& size)
    {
        size = 0;
        for (unsigned shift = 0; shift < 63 && at_ < bytes_.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes_[at_++]);
            size |= static_cast<std::size_t>(byte & 0x7FU) << shift;
            if (byte < 0x80) {
                return true;
            }
        }
        return false;
    }

    bool read_node(YamlNode& node, int depth)
    {
        if (at_ >= bytes_.size() || depth > max_depth) {
            return false;
        }
        const auto head = static_cast<unsigned char>(bytes_[at_++]);
        node.kind = static_cast<YamlNode::Kind>(head & kind_mask);
        node.is_quoted = (head & quoted_flag) != 0;
        std::size_t size = 0;
        if (!read_size(node.span.start) || !read_size(node.span.length)) {
            return false;
        }
        if (node.is_null()) {
            return true;
        }
        if (!read_size(size) || size > bytes_.size() - at_) {
            return false;
        }
        if (node.is_scalar()) {
            node.text = bytes_.substr(at_, size);
            at_ += size;
            return true;
        }
        return node.is_map() ? read_map(node, size, depth) : read_sequence(node, size, depth);
    }

private:
    bool read_sequence(YamlNode& node, std::size_t count, int depth)
    {
        node.items.resize(count);
        return std::all_of(
            node.items.begin(), node.items.end(), [&](YamlNode& item) { return read_node(item, depth + 1); });
    }

    bool read_map(YamlNode& node, std::size_t count, int depth)
    {
        node.items.reserve(2 * count);
        for (std::size_t entry = 0; entry < count; ++entry) {
            YamlNode key;
            std::size_t size = 0;
            if (!read_node(key, depth + 1) || !read_size(size) || size > bytes_.size() - at_) {
                return false;
            }
            if (depth == 0 && std::find(left_out_.begin(), left_out_.end(), key.text) != left_out_.end()) {
                at_ += size;
                continue;
            }
            node.items.push_back(std::move(key));
            if (!read_node(node.items.emplace_back(), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    std::string_view bytes_;
    const std::vector<std::string_view>& left_out_;
    std::size_t at_ = 0;
};

} // namespace

void append_compact(std::string& out, const std::vector<YamlDocument>& documents)
{
    for (const YamlDocument& document : documents) {
        append_size(out, document.span.start);
        append_size(out, document.span.length);
        append_node(out, document.root);
    }
}

std::vector<YamlDocument> read_compact(std::string_view bytes, const std::vector<std::string_view>& left_out)
{
    std::vector<YamlDocument> documents;
    Reader reader(bytes, left_out);
    while (!reader.at_end()) {
        YamlDocument& document = documents.emplace_back();
        if (!reader.read_size(document.span.start) || !reader.read_size(document.span.length)
            || !reader.read_node(document.root, 0)) {
            return {};
        }
    }
    return documents;
}

} // namespace trawl::detect::rules
