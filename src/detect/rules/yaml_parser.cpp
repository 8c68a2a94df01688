#include "detect/rules/yaml_parser.h"

#include <algorithm>
#include <exception>
#include <map>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace trawl::detect::rules {

namespace {

// Rules are nested a few levels deep, records in their tests a few more.
constexpr std::size_t max_depth = 100;
// Of one document. What aliases copy counts, so that they cannot multiply.
constexpr std::size_t max_nodes = 300'000;

// Builds the tree of one document from the parser's events.
class TreeBuilder final : public YAML::EventHandler {
public:
    // `start` is where the parsed text begins in `file`.
    TreeBuilder(std::string_view file, std::size_t start) : file_(file), start_(start) {}

    void OnDocumentStart(const YAML::Mark&) override { *this = TreeBuilder(file_, start_); }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        YamlNode node;
        node.span = {position(mark), 1};
        add(std::move(node), anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            fail("E503", "an alias stands inside of what it names", mark);
            return;
        }
        nodes_ += found->second.second;
        if (nodes_ > max_nodes) {
            fail("E503", "the aliases of this document make it too large", mark);
            return;
        }
        add(found->second.first, YAML::NullAnchor);
    }
    void OnScalar(
        const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override
    {
        YamlNode node;
        node.kind = YamlNode::Kind::scalar;
        node.is_quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
        node.text = value;
        node.span = span_of_scalar(position(mark), value);
        if (tag == "tag:yaml.org,2002:null") {
            node.kind = YamlNode::Kind::null;
        }
        add(std::move(node), anchor);
    }
    void OnSequenceStart(
        const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(YamlNode::Kind::sequence, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(
        const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override
    {
        open(YamlNode::Kind::map, mark, anchor);
    }
    void OnMapEnd() override { close(); }

    bool has_failed() const { return !problem_.code.empty(); }
    const base::Diagnostic& problem() const { return problem_; }
    YamlNode take_root() { return std::move(root_); }

private:
    struct Open {
        YamlNode node;
        YAML::anchor_t anchor;
        std::size_t nodes_before;
    };

    std::size_t position(const YAML::Mark& mark) const
    {
        const std::size_t at = start_ + (mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos));
        return std::min(at, file_.size());
    }

    void fail(const char* code, std::string message, const YAML::Mark& mark)
    {
        fail(code, std::move(message), {position(mark), 1});
    }
    void fail(const char* code, std::string message, base::Span span)
    {
        if (!has_failed()) {
            problem_ = {base::Severity::error, code, std::move(message), "", span, ""};
            open_.clear();
        }
    }

    base::Span span_of_scalar(std::size_t at, const std::string& value) const
    {
        const std::string_view rest = file_.substr(at);
        if (!value.empty() && rest.starts_with(value)) {
            return {at, value.size()};
        }
        if (rest.starts_with('"') || rest.starts_with('\'')) {
            const char quote = rest.front();
            std::size_t end = 1;
            while (end < rest.size() && rest[end] != quote && rest[end] != '\n') {
                end += quote == '"' && rest[end] == '\\' ? std::size_t {2} : std::size_t {1};
            }
            return {at, std::min(end + 1, rest.size())};
        }
        return {at, 1};
    }

    void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor)
    {
        if (has_failed()) {
            return;
        }
        if (open_.size() >= max_depth) {
            fail("E503", "the document is nested too deeply", mark);
            return;
        }
        Open& opened = open_.emplace_back();
        opened.node.kind = kind;
        opened.node.span = {position(mark), 1};
        opened.anchor = anchor;
        opened.nodes_before = nodes_;
    }

    void close()
    {
        if (has_failed() || open_.empty()) {
            return;
        }
        Open closed = std::move(open_.back());
        open_.pop_back();
        if (closed.node.is_map()) {
            merge_maps(closed.node);
            find_twins(closed.node);
            if (has_failed()) {
                return;
            }
        }
        // An anchor's copy counts as many nodes as it holds.
        add(std::move(closed.node), closed.anchor, 1 + nodes_ - closed.nodes_before);
    }

    void add(YamlNode node, YAML::anchor_t anchor, std::size_t size = 1)
    {
        if (has_failed()) {
            return;
        }
        ++nodes_;
        if (anchor != YAML::NullAnchor) {
            nodes_ += size;
        }
        if (nodes_ > max_nodes) {
            fail("E503", "the document is too large", node.span);
            return;
        }
        if (anchor != YAML::NullAnchor) {
            anchors_[anchor] = {node, size};
        }
        if (open_.empty()) {
            root_ = std::move(node);
        } else {
            open_.back().node.items.push_back(std::move(node));
        }
    }

    // Puts the entries of `<<: map` or `<<: [map, …]` into the map; its own entries and earlier maps win.
    void merge_maps(YamlNode& map)
    {
        for (std::size_t at = 0; at < map.size(); ++at) {
            const YamlNode& name = map.key(at);
            if (!name.is_scalar() || name.is_quoted || name.text != "<<") {
                continue;
            }
            const YamlNode merged = map.value(at);
            const auto place = map.items.begin() + static_cast<std::ptrdiff_t>(2 * at);
            map.items.erase(place, place + 2);
            if (merged.is_map()) {
                merge_map(map, merged);
            }
            for (const YamlNode& one : merged.is_sequence() ? merged.items : std::vector<YamlNode>()) {
                merge_map(map, one);
            }
            return;
        }
    }

    static void merge_map(YamlNode& map, const YamlNode& other)
    {
        for (std::size_t at = 0; other.is_map() && at < other.size(); ++at) {
            if (map.find(other.key(at).text) == nullptr) {
                map.items.push_back(other.key(at));
                map.items.push_back(other.value(at));
            }
        }
    }

    void find_twins(const YamlNode& map)
    {
        std::map<std::string_view, const YamlNode*> seen;
        for (std::size_t at = 0; at < map.size(); ++at) {
            const YamlNode& key = map.key(at);
            if (key.is_scalar() && !seen.emplace(key.text, &key).second) {
                fail("E502", "this key stands twice in its map: " + key.text, key.span);
                problem_.help
                    = "Keep one of them; a map of Sigma is a conjunction, so a list of maps or |all may be meant.";
                return;
            }
        }
    }

    std::string_view file_;
    std::size_t start_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, std::pair<YamlNode, std::size_t>> anchors_;
    std::size_t nodes_ = 0;
    YamlNode root_;
    base::Diagnostic problem_;
};

// Whether a line begins a document. `---` at the beginning of a line is nothing else in YAML.
bool is_document_start(std::string_view line)
{
    return line.starts_with("---") && (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

// Cuts a file before each `---` line, so that a mistake in one document does not hide the others.
std::vector<base::Span> cut_documents(std::string_view text)
{
    std::vector<base::Span> pieces;
    std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    std::size_t at = start;
    bool has_content = false; // Else directives and comments alone.
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        if (is_document_start(line)) {
            if (has_content) {
                pieces.push_back({start, at - start});
                start = at;
            }
            has_content = true;
        } else if (line.find_first_not_of(" \t\r") != std::string_view::npos && line[0] != '%') {
            has_content = has_content || line[line.find_first_not_of(" \t\r")] != '#';
        }
        at = end + 1;
    }
    if (has_content) {
        pieces.push_back({start, text.size() - start});
    }
    return pieces;
}

// The piece without its `---` line and the white space around.
base::Span trim_piece(std::string_view text, base::Span piece)
{
    std::size_t start = piece.start;
    std::size_t end = piece.start + piece.length;
    const std::size_t line_end = std::min(text.find('\n', start), end);
    if (is_document_start(text.substr(start, line_end - start)) && text.substr(start, line_end - start).size() <= 4) {
        start = std::min(line_end + 1, end);
    }
    while (end > start && (text[end - 1] == '\n' || text[end - 1] == '\r' || text[end - 1] == ' ')) {
        --end;
    }
    return {start, end - start};
}

base::Diagnostic syntax_error(const YAML::Exception& exception, std::size_t start, std::string_view text)
{
    base::Diagnostic problem {base::Severity::error, "E501", "this is no YAML: " + exception.msg, "", {start, 1}, ""};
    if (exception.mark.pos >= 0) {
        problem.span.start = std::min(start + static_cast<std::size_t>(exception.mark.pos), text.size());
    }
    return problem;
}

void parse_piece(std::string_view text, base::Span piece, std::vector<YamlDocument>& documents,
    std::vector<base::Diagnostic>& diagnostics)
{
    TreeBuilder builder(text, piece.start);
    try {
        std::istringstream stream {std::string(text.substr(piece.start, piece.length))};
        YAML::Parser parser(stream);
        // On some malformed text yaml-cpp finds documents for ever without moving on; no text has more than it has bytes.
        for (std::size_t found = 0; found <= piece.length && parser.HandleNextDocument(builder); ++found) {
            if (builder.has_failed()) {
                diagnostics.push_back(builder.problem());
                continue;
            }
            YamlNode root = builder.take_root();
            if (!root.is_null()) {
                documents.push_back({trim_piece(text, piece), std::move(root)});
            }
        }
    } catch (const YAML::Exception& exception) {
        diagnostics.push_back(syntax_error(exception, piece.start, text));
    } catch (const std::exception& exception) {
        diagnostics.push_back({base::Severity::error, "E501",
            std::string("this YAML cannot be read: ") + exception.what(), "", {piece.start, 1}, ""});
    }
}

} // namespace

std::vector<YamlDocument> parse_yaml(std::string_view text, std::vector<base::Diagnostic>& diagnostics)
{
    std::vector<YamlDocument> documents;
    for (const base::Span piece : cut_documents(text)) {
        parse_piece(text, piece, documents, diagnostics);
    }
    return documents;
}

} // namespace trawl::detect::rules
