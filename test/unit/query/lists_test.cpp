#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "query/lists.h"

namespace base = trawl::base;
namespace query = trawl::query;
using query::ListType;

namespace {

struct Read {
    query::Lists lists;
    std::vector<base::Diagnostic> diagnostics;
    std::string yaml;

    // Codes with the text that each points at: "L005 10.0.0.0/33".
    std::vector<std::string> said() const
    {
        std::vector<std::string> out;
        for (const base::Diagnostic& diagnostic : diagnostics) {
            out.push_back(diagnostic.code + " "
                + yaml.substr(std::min(diagnostic.span.start, yaml.size()), diagnostic.span.length));
        }
        return out;
    }
};

Read read(std::string yaml)
{
    Read out;
    out.yaml = std::move(yaml);
    out.lists = query::parse_lists(out.yaml, "lists.yaml", "", out.diagnostics);
    return out;
}

using Texts = std::vector<std::string>;

// A folder that goes with the test.
class Folder {
public:
    explicit Folder(const std::string& name)
        : path_(
              (std::filesystem::temp_directory_path() / ("trawl-lists-test-" + name + "-" + std::to_string(::getpid())))
                  .string())
    {
        std::filesystem::create_directories(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string write(const std::string& name, const std::string& content) const
    {
        std::ofstream(path_ + "/" + name, std::ios::binary) << content;
        return path_ + "/" + name;
    }

private:
    std::string path_;
};

} // namespace

TEST_CASE("lists of each type")
{
    const Read all = read(R"(lists:
  A: {type: cidr, values: [10.0.0.0/8, "fd00::/8", 192.0.2.1], nonip: outside}
  B: {type: ip, values: [203.0.113.66, "2001:db8::1"]}
  C: {type: string, values: [environment, 12, "with blank"]}
  D: {type: glob, values: ["arn:aws:s3:::payroll-*"]}
  E: {type: regex, values: ['\b\d{3}-\d{2}\b']}
  F: {type: number, values: [22, 1.5, -3, "8000-8100"]}
  G:
    type: string
    values: []
)");
    CHECK(all.diagnostics.empty());
    REQUIRE(all.lists.size() == 7);
    CHECK(all.lists.at("A").nonip == query::NonAddress::outside);
    CHECK(all.lists.at("B").nonip == query::NonAddress::ignore);
    CHECK(all.lists.at("A").values == Texts {"10.0.0.0/8", "fd00::/8", "192.0.2.1"});
    CHECK(all.lists.at("C").values == Texts {"environment", "12", "with blank"});
    CHECK(all.lists.at("E").type == ListType::regex);
    CHECK(all.lists.at("E").name == "E");
    CHECK_FALSE(all.lists.at("E").is_default);
}

TEST_CASE("entries are checked by their type, where they stand")
{
    CHECK(read("lists:\n  A: {type: cidr, values: [10.0.0.0/8, 10.0.0.0/33, no-address]}\n").said()
        == Texts {"L005 10.0.0.0/33", "L005 no-address"});
    CHECK(read("lists:\n  A: {type: ip, values: [10.0.0.0/8]}\n").said() == Texts {"L005 10.0.0.0/8"});
    CHECK(read("lists:\n  A: {type: regex, values: ['a(']}\n").diagnostics.at(0).code == "L005");
    CHECK(read("lists:\n  A: {type: number, values: [x1]}\n").said() == Texts {"L005 x1"});
    CHECK(read("lists:\n  A: {type: glob, values: ['']}\n").diagnostics.at(0).code == "L005");
    CHECK(read("lists:\n  A: {type: string, values: [[a], {b: c}, ~]}\n").diagnostics.size() == 3);
    const Read bad = read("lists:\n  Good: {type: ip, values: [192.0.2.1]}\n  Bad: {type: ip, values: [x]}\n");
    CHECK(bad.lists.at("Good").values.size() == 1);
    CHECK(bad.diagnostics.at(0).message.find("Bad") != std::string::npos);
    CHECK(bad.diagnostics.at(0).file == "lists.yaml");
}

TEST_CASE("what a lists file may not be")
{
    CHECK(read("").said() == Texts {"L003 "});
    CHECK(read("- a\n- b\n").diagnostics.at(0).code == "L003");
    CHECK(read("lists: [a]\n").diagnostics.at(0).code == "L003");
    CHECK(read("lists:\n  A: [1]\n").diagnostics.at(0).code == "L003");
    CHECK(read("lists:\n  A: {type: ip}\n").diagnostics.at(0).code == "L003");
    CHECK(read("lists:\n  A: {type: ip, values: 1.2.3.4}\n").said() == Texts {"L003 1.2.3.4"});
    CHECK(read("lists:\n  A: {values: [x]}\n").diagnostics.at(0).code == "L004");
    CHECK(read("lists:\n  A: {type: colour, values: [red]}\n").said() == Texts {"L004 colour"});
    CHECK(read("lists:\n  A: {type: ip, valeus: [192.0.2.1]}\n").said().at(0) == "L006 valeus");
    CHECK(read("lists:\n  A: {type: ip, valeus: [192.0.2.1]}\n").diagnostics.at(0).help == "did you mean values?");
    CHECK(read("lists:\n  A: {type: ip, values: [192.0.2.1], nonip: maybe}\n").said() == Texts {"L006 maybe"});
    CHECK(read("lists:\n  A: {type: string, values: [x], nonip: ignore}\n").said() == Texts {"L006 ignore"});
    CHECK(read("list:\n  A: {type: ip, values: []}\n").diagnostics.at(0).code == "L003");
    CHECK(read("lists: {}\nmore: 1\n").said() == Texts {"L006 more"});
    CHECK(read("lists:\n  'a b': {type: ip, values: []}\n").diagnostics.at(0).code == "L007");
    CHECK(read("lists:\n  A: {type: ip, values: []}\n  A: {type: ip, values: []}\n").diagnostics.at(0).code == "L008");
    CHECK(read("lists: {}\n").diagnostics.empty());
    CHECK(read("lists:\n").diagnostics.empty());
}

TEST_CASE("what is no YAML is an error with its place")
{
    const Read cut = read("lists:\n  A: {type: ip, values: [192.0.2.1\n");
    REQUIRE(cut.diagnostics.size() == 1);
    CHECK(cut.diagnostics.at(0).code == "L002");
    CHECK(cut.diagnostics.at(0).span.start > 0);
    CHECK(read("lists:\n\t- x: [\n").diagnostics.at(0).code == "L002");
    CHECK(read("a: *nowhere\n").diagnostics.at(0).code == "L002");
    CHECK(read(std::string(100000, '[')).diagnostics.at(0).code == "L002");
    CHECK_FALSE(read(std::string("lists:\n  A: {type: string, values: [\"\xff\xfe\"]}\n")).diagnostics.empty());
}

TEST_CASE("entries in a file")
{
    const Folder folder("files");
    const std::string feed = folder.write("feed.txt",
        "\xEF\xBB\xBF# one a line\r\n203.0.113.9\r\n\r\n  2001:db8::7  # with a comment\nbad\n198.51.100.1");
    folder.write("words.txt", "a#b\nc # d\n");
    const std::string file = folder.write("lists.yaml",
        "lists:\n  Feed: {type: ip, file: feed.txt, values: [192.0.2.1]}\n  Words: {type: string, file: words.txt}\n"
        "  Gone: {type: ip, file: gone.txt}\n  Endless: {type: ip, file: /dev/zero}\n");
    std::vector<base::Diagnostic> diagnostics;
    const query::Lists lists = query::read_lists(file, diagnostics);
    CHECK(lists.at("Feed").values == Texts {"192.0.2.1", "203.0.113.9", "2001:db8::7", "198.51.100.1"});
    CHECK(lists.at("Words").values == Texts {"a#b", "c"});
    REQUIRE(diagnostics.size() == 3);
    CHECK(diagnostics.at(0).code == "L005");
    CHECK(diagnostics.at(0).file == feed);
    CHECK(diagnostics.at(0).span == base::Span {64, 3});
    CHECK(diagnostics.at(1).code == "L001");
    CHECK(diagnostics.at(1).file == file);
    CHECK(diagnostics.at(2).code == "L001");
    diagnostics.clear();
    CHECK(query::read_lists(file + ".gone", diagnostics).empty());
    REQUIRE(diagnostics.size() == 1);
    CHECK(diagnostics.at(0).code == "L001");
}

TEST_CASE("reserved names")
{
    for (const char* name : {"InternalIPRange", "SuspiciousIP", "SensitiveResource", "SpecificIAMUserArn",
             "SensitiveInformation", "AWSResourceTag", "ElasticIP"}) {
        CHECK(query::is_reserved_list_name(name));
    }
    CHECK_FALSE(query::is_reserved_list_name("internaliprange"));
    CHECK_FALSE(query::is_reserved_list_name(""));
}
