#include <doctest/doctest.h>

#include "rules_fixture.h"

namespace trawl::test {

using query::ListType;

TEST_CASE("texts: whole, in any case, wildcards and escapes")
{
    CHECK(item_matches("a: putobject", R"({"a":"PutObject"})"));
    CHECK_FALSE(item_matches("a: putobject", R"({"a":"PutObjectAcl"})"));
    CHECK(item_matches("a: put*", R"({"a":"PutObjectAcl"})"));
    CHECK(item_matches("a: 'x\\*y'", R"({"a":"x*y"})"));
    CHECK_FALSE(item_matches("a: 'x\\*y'", R"({"a":"xzy"})"));
    CHECK(item_matches("a: 'c:\\\\*'", R"({"a":"c:\\tmp"})"));
    CHECK_FALSE(item_matches("a: 'c:\\\\*'", R"({"a":"c:*"})"));
    CHECK(item_matches("a: x?z", R"({"a":"xyz"})"));
    CHECK_FALSE(item_matches("a: x?z", R"({"a":"xz"})"));
    CHECK(item_matches("a|cased: Put*", R"({"a":"PutX"})"));
    CHECK_FALSE(item_matches("a|cased: put*", R"({"a":"PutX"})"));
}

TEST_CASE("numbers and booleans compare by their text, other spellings of numbers by value")
{
    CHECK(item_matches("a: 22", R"({"a":22})"));
    CHECK(item_matches("a: 22", R"({"a":"22"})"));
    CHECK(item_matches("a: '22'", R"({"a":22})"));
    CHECK(item_matches("a: '-1'", R"({"a":-1})"));
    CHECK(item_matches("a: -1", R"({"a":"-1"})"));
    CHECK(item_matches("a: 1.0", R"({"a":1})"));
    CHECK(item_matches("a: 0x16", R"({"a":22})"));
    CHECK_FALSE(item_matches("a: 012345678901", R"({"a":"12345678901"})"));
    CHECK(item_matches("a: 012345678901", R"({"a":"012345678901"})"));
    for (const char* const record : {R"({"a":true})", R"({"a":"true"})", R"({"a":"TRUE"})"}) {
        CHECK(item_matches("a: true", record));
        CHECK(item_matches("a: True", record));
        CHECK_FALSE(item_matches("a: false", record));
    }
    CHECK_FALSE(item_matches("a: true", R"({"a":"yes"})"));
    CHECK_FALSE(item_matches("a: true", R"({"a":1})"));
    CHECK(item_matches("a: yes", R"({"a":"yes"})"));
}

TEST_CASE("null is missing or null, '' is the empty text alone, exists sees a null")
{
    CHECK(item_matches("a: null", R"({"b":1})"));
    CHECK(item_matches("a: null", R"({"a":null})"));
    CHECK(item_matches("a:", R"({"a":null})"));
    CHECK_FALSE(item_matches("a: null", R"({"a":""})"));
    CHECK_FALSE(item_matches("a: 'null'", R"({"a":null})"));
    CHECK(item_matches("a: ''", R"({"a":""})"));
    CHECK_FALSE(item_matches("a: ''", R"({"b":1})"));
    CHECK_FALSE(item_matches("a: ''", R"({"a":null})"));
    CHECK(item_matches("a|exists: true", R"({"a":null})"));
    CHECK_FALSE(item_matches("a|exists: true", R"({"b":null})"));
    CHECK(item_matches("a|exists: false", R"({"b":null})"));
    CHECK(item_matches("a: '*'", R"({"a":""})"));
    CHECK(item_matches("a: '*'", R"({"a":{"b":1}})"));
    CHECK_FALSE(item_matches("a: '*'", R"({"a":null})"));
    CHECK(item_matches("a|neq: null", R"({"a":0})"));
    CHECK_FALSE(item_matches("a|neq: null", R"({})"));
    const ReadResult mixed = read(item_rule("a: [Success, null, '']"));
    CHECK(mixed.codes() == "W402");
    CHECK(matches(mixed, R"({"a":"success"})"));
    CHECK(matches(mixed, R"({"b":1})"));
    CHECK(matches(mixed, R"({"a":""})"));
    CHECK_FALSE(matches(mixed, R"({"a":"x"})"));
}

TEST_CASE("contains, startswith, endswith, all, neq")
{
    CHECK(item_matches("a|contains: bject", R"({"a":"PutObjectAcl"})"));
    CHECK(item_matches("a|startswith: [get, put]", R"({"a":"PutObjectAcl"})"));
    CHECK(item_matches("a|endswith: acl", R"({"a":"PutObjectAcl"})"));
    CHECK_FALSE(item_matches("a|endswith: Object", R"({"a":"PutObjectAcl"})"));
    CHECK(item_matches("a|contains|all: [put, acl]", R"({"a":"PutObjectAcl"})"));
    CHECK_FALSE(item_matches("a|contains|all: [put, acls]", R"({"a":"PutObjectAcl"})"));
    CHECK(item_matches("a|contains: '*'", R"({"a":["x"]})"));
    CHECK(item_matches("a|contains: 'a*c'", R"({"a":"xabcx"})"));
    CHECK(item_matches("a|neq: x", R"({"b":1})"));
    CHECK(item_matches("a|neq: [x, y]", R"({"a":"z"})"));
    CHECK_FALSE(item_matches("a|neq: [x, y]", R"({"a":"Y"})"));
    CHECK(
        item_matches("r.c.command|contains: curl", R"({"r":{"c":[{"command":["sh","curl x"]},{"command":["ls"]}]}})"));
    CHECK(item_matches("r|contains: '\"authtype\":\"none\"'", R"({"r":{"a" : 1, "authType": "NONE"}})"));
}

TEST_CASE("re is a search, case-sensitive; flags; anchored forms")
{
    CHECK(item_matches("a|re: 'Get.*Acl'", R"({"a":"xGetBucketAcl"})"));
    CHECK_FALSE(item_matches("a|re: 'Get.*Acl'", R"({"a":"getbucketacl"})"));
    CHECK(item_matches("a|re|i: '^put'", R"({"a":"PutObject"})"));
    CHECK_FALSE(item_matches("a|re|i: '^put'", R"({"a":"xPut"})"));
    CHECK(item_matches("a|re|ignorecase|dotall: 'a.b'", R"({"a":"A\nB"})"));
    CHECK(item_matches("a|re|m: '^b$'", R"({"a":"a\nb"})"));
    CHECK_FALSE(item_matches("a|re: '^b$'", R"({"a":"a\nb"})"));
    CHECK(item_matches("a|re|startswith: 'x|y'", R"({"a":"yz"})"));
    CHECK_FALSE(item_matches("a|re|startswith: 'x|y'", R"({"a":"zy"})"));
    CHECK(item_matches("a|re|endswith: 'x|y'", R"({"a":"zx"})"));
    CHECK(item_matches("a|re: ['^no$', 'b+']", R"({"a":"abb"})"));
    CHECK(read(item_rule("a|re: '(?<=x)y'")).codes() == "E515");
}

TEST_CASE("cidr, orders, parts of times")
{
    CHECK(item_matches("a|cidr: 10.0.0.0/8", R"({"a":"10.1.2.3"})"));
    CHECK(item_matches("a|cidr: [192.168.0.0/16, 'fd00::/8']", R"({"a":"fd00::1"})"));
    CHECK_FALSE(item_matches("a|cidr: 10.0.0.0/8", R"({"a":"cloudtrail.amazonaws.com"})"));
    CHECK(item_matches("a|gte: 5", R"({"a":"5"})"));
    CHECK_FALSE(item_matches("a|gt: 5", R"({"a":5})"));
    CHECK(item_matches("a|lt: 5.5", R"({"a":5})"));
    CHECK_FALSE(item_matches("a|lte: 5", R"({"a":"x"})"));
    CHECK(item_matches("eventTime|hour: 3", R"({"eventTime":"2026-01-02T03:04:05Z"})"));
    CHECK(item_matches("eventTime|hour|lt: 6", R"({"eventTime":"2026-01-02T03:04:05Z"})"));
    CHECK_FALSE(item_matches("eventTime|gte|hour: 6", R"({"eventTime":"2026-01-02T03:04:05Z"})"));
    CHECK(item_matches("eventTime|year|gt: 2025", R"({"eventTime":"2026-01-02T03:04:05Z"})"));
}

TEST_CASE("base64, base64offset, UTF-16, windash")
{
    CHECK(item_matches("a|base64: foo", R"({"a":"Zm9v"})"));
    CHECK(item_matches("a|base64|contains: foo", R"({"a":"xZm9vx"})"));
    for (const char* const record : {R"({"a":"Zm9v"})", R"({"a":"eGZvbw=="})", R"({"a":"eHhmb28="})"}) {
        CHECK(item_matches("a|base64offset|contains: foo", record));
    }
    CHECK_FALSE(item_matches("a|base64offset|contains: foo", R"({"a":"YmFy"})"));
    CHECK(item_matches("a|wide|base64|contains: ping", R"({"a":"cABpAG4AZwA="})"));
    CHECK(item_matches("a|utf16le|base64: ping", R"({"a":"cABpAG4AZwA="})"));
    CHECK(item_matches("a|utf16be|base64: ping", R"({"a":"AHAAaQBuAGc="})"));
    CHECK(item_matches("a|utf16|base64: ping", R"({"a":"//5wAGkAbgBnAA=="})"));
    CHECK(item_matches("a|wide: hi", R"({"a":"h\u0000i\u0000"})"));
    CHECK(item_matches("a|windash|contains: ' -k '", R"({"a":"x /k y"})"));
    CHECK(item_matches("a|contains|windash: ' -f'", "{\"a\":\"x \u2014f y\"}"));
    CHECK_FALSE(item_matches("a|windash|contains: 'a-k'", R"({"a":"a/k"})"));
    CHECK(read(item_rule("a|base64: 'f*'")).codes() == "E514");
    CHECK(read(item_rule("a|contains|base64: foo")).codes() == "E513");
}

TEST_CASE("fieldref")
{
    CHECK(item_matches("a|fieldref: b", R"({"a":"X","b":"x"})"));
    CHECK_FALSE(item_matches("a|fieldref: b", R"({"a":"x"})"));
    CHECK(item_matches("a|fieldref|startswith: b", R"({"a":"xyz","b":"XY"})"));
    CHECK(item_matches("a|fieldref|endswith: b", R"({"a":"xyz","b":"yz"})"));
    CHECK(item_matches("a|fieldref|contains: b", R"({"a":"xyz","b":"y"})"));
    CHECK(item_matches("a|fieldref|neq: b", R"({"a":"x","b":"y"})"));
    CHECK_FALSE(item_matches("a|cased|fieldref: b", R"({"a":"X","b":"x"})"));
}

TEST_CASE("our modifiers: api, any, overlaps, portwidth_gt, world, wider")
{
    CHECK(item_matches("eventName|api: UpdateFunctionCode", R"({"eventName":"UpdateFunctionCode20150331v2"})"));
    CHECK(item_matches("eventName|api: UpdateDistribution2020_05_31", R"({"eventName":"updatedistribution"})"));
    CHECK_FALSE(item_matches("eventName|api: UpdateFunctionCode", R"({"eventName":"UpdateFunctionCodes"})"));
    const char* const rules
        = R"({"r":[{"source":"0.0.0.0/0","ports":[443,443]},{"source":"10.0.0.0/8","ports":[0,65535]}]})";
    CHECK(item_matches("r|any: {source|world: true, ports|overlaps: [443]}", rules));
    CHECK_FALSE(item_matches("r|any: {source|world: true, ports|overlaps: [22, '3300-3400']}", rules));
    CHECK(item_matches("r|any: {source|world: false, ports|portwidth_gt: 1000}", rules));
    CHECK(item_matches("r|any: {source|wider: 9}", rules));
    CHECK_FALSE(item_matches("r|any: {source|wider: 8}", rules));
    CHECK(item_matches("r|any: [{source: x}, {source: 10.0.0.0/8}]", rules));
    CHECK_FALSE(item_matches("r|any: {source|contains|all: [0.0.0.0/0, 10.0]}", rules));
    const query::Lists lists = lists_of({list_of("AdminPorts", ListType::string, {"20-23", "3389"})});
    const char* const open = R"({"r":[{"ports":[3000,4000]}]})";
    CHECK(item_matches("r|any: {'ports|overlaps|expand': '%AdminPorts%'}", open, lists));
    CHECK(item_matches("r|any: {ports|overlaps: [1, '%AdminPorts%']}", open, lists));
    CHECK(read(item_rule("r|any: x")).codes() == "E514");
    CHECK(read(item_rule("r|overlaps: '80-x'")).codes() == "E514");
    CHECK(read(item_rule("r|overlaps: '70000'")).codes() == "E514");
    CHECK(read(item_rule("r|world: maybe")).codes() == "E514");
}

TEST_CASE("keywords")
{
    const char* const record = R"({"a" : {"b": "An evil\u0041 thing"}, "n": 5})";
    const auto selection = [&](std::string_view keywords) {
        return matches(read(rule_of("  k:\n" + std::string(keywords) + "  condition: k\n")), record);
    };
    CHECK(selection("    - nothing\n    - EVILA\n"));
    CHECK_FALSE(selection("    - nothing\n"));
    CHECK(selection("    '|all': [evil, thing]\n"));
    CHECK_FALSE(selection("    '|all': [evil, good]\n"));
    CHECK(selection("    '|re': 'ev.lA'\n"));
    CHECK(selection("    - a: x\n    - evil*thing\n"));
    CHECK(read(rule_of("  k: evil\n  condition: k\n")).codes().empty());
    CHECK(read(rule_of("  k:\n    '|exists': true\n  condition: k\n")).codes() == "E513");
}

TEST_CASE("expand: typed lists")
{
    const query::Lists lists = lists_of({list_of("Admins", ListType::string, {"alice", "b*b"}),
        list_of("Globs", ListType::glob, {"prod-*"}), list_of("Nets", ListType::cidr, {"10.0.0.0/8"}),
        list_of("Secrets", ListType::regex, {"AKIA[0-9]{4}"}), list_of("None", ListType::glob, {})});
    CHECK(item_matches("a|expand: '%Admins%'", R"({"a":"Alice"})", lists));
    CHECK(item_matches("a|expand: '%Admins%'", R"({"a":"b*b"})", lists));
    CHECK_FALSE(item_matches("a|expand: '%Admins%'", R"({"a":"bob"})", lists));
    CHECK_FALSE(item_matches("a|expand: '%Admins%'", R"({"a":"%Admins%"})", lists));
    CHECK_FALSE(item_matches("a: '%Admins%'", R"({"a":"alice"})", lists));
    CHECK(item_matches("a: '%Admins%'", R"({"a":"%admins%"})", lists));
    CHECK(item_matches("a|contains|expand: '%Globs%'", R"({"a":"arn:prod-x:y"})", lists));
    CHECK(item_matches("a|startswith|expand: '%Admins%'", R"({"a":"alice@x"})", lists));
    CHECK_FALSE(item_matches("a|startswith|expand: '%Admins%'", R"({"a":"bxb"})", lists));
    CHECK(item_matches("a|expand: 'user/%Admins%/*'", R"({"a":"user/alice/x"})", lists));
    CHECK(item_matches("a|api|expand: '%Admins%'", R"({"a":"Alice20150331"})", lists));
    CHECK(item_matches("a|expand: '%Nets%'", R"({"a":"10.1.2.3"})", lists));
    CHECK(item_matches("a|cidr|expand: '%Nets%'", R"({"a":"::ffff:10.1.2.3"})", lists));
    CHECK(item_matches("a|contains|expand: '%Secrets%'", R"({"a":"key AKIA1234 leaked"})", lists));
    CHECK(item_matches("a|re|expand: '%Secrets%'", R"({"a":"key AKIA1234 leaked"})", lists));
    CHECK_FALSE(item_matches("a|expand: '%Secrets%'", R"({"a":"key AKIA1234 leaked"})", lists));
    CHECK_FALSE(item_matches("a|expand: '%None%'", R"({"a":"x"})", lists));
    CHECK_FALSE(item_matches("a|expand: 'x%None%'", R"({"a":"x"})", lists));
    CHECK(item_matches("a|expand: '100\\%'", R"({"a":"100%"})", lists));
    CHECK(item_matches("a|expand: [carol, '%Admins%']", R"({"a":"carol"})", lists));
    CHECK(read(item_rule("a|cidr|expand: '%Admins%'"), lists).codes() == "E517");
    CHECK(read(item_rule("a|expand: 'x%Nets%'"), lists).codes() == "E517");
    CHECK(read(item_rule("a|expand: '%Admin%'"), lists).codes() == "E201");
}

TEST_CASE("neq over a list of addresses: a value that is no address differs only by nonip: outside")
{
    query::NamedList nets = list_of("Nets", ListType::cidr, {"10.0.0.0/8"});
    for (const bool is_outside : {false, true}) {
        nets.nonip = is_outside ? query::NonAddress::outside : query::NonAddress::ignore;
        const query::Lists lists = lists_of({nets});
        CHECK(item_matches("a|expand|neq: '%Nets%'", R"({"a":"203.0.113.9"})", lists));
        CHECK_FALSE(item_matches("a|expand|neq: '%Nets%'", R"({"a":"10.0.0.1"})", lists));
        CHECK(item_matches("a|expand|neq: '%Nets%'", R"({"b":1})", lists));
        CHECK(item_matches("a|expand|neq: '%Nets%'", R"({"a":"ec2.amazonaws.com"})", lists) == is_outside);
    }
}

TEST_CASE("default lists serve built-in rules alone; an empty allow-list switches its clause off")
{
    query::NamedList regions = list_of("ApprovedRegions", ListType::string, {});
    query::NamedList own = list_of("Mine", ListType::string, {});
    query::NamedList automation = list_of("Automation", ListType::glob, {});
    regions.is_default = own.is_default = automation.is_default = true;
    const query::Lists lists = lists_of({regions, own, automation});
    const std::string unapproved
        = rule_of("  s: {a: x}\n  ok:\n    r|expand: '%ApprovedRegions%'\n  condition: s and not ok\n");
    CHECK(read(unapproved, lists).codes() == "E201");
    const ReadResult builtin = read_builtin(unapproved, lists);
    CHECK_FALSE(matches(builtin, R"({"a":"x","r":"eu-west-1"})", lists));
    CHECK(builtin.set.rules.front().lists == std::vector<std::string> {"ApprovedRegions"});
    const std::string mine
        = rule_of("  s:\n    a: x\n    r|expand|neq: 'n-%Mine%'\n  condition: s\n", "lists: {Mine: allow}\n");
    CHECK_FALSE(matches(read_builtin(mine, lists), R"({"a":"x","r":"y"})", lists));
    const std::string excluding
        = rule_of("  s: {a: x}\n  f:\n    r|expand: '%Automation%'\n  condition: s and not f\n");
    CHECK(matches(read_builtin(excluding, lists), R"({"a":"x","r":"y"})", lists));
}

} // namespace trawl::test
