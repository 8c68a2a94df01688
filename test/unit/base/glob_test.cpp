#include <string>

#include <doctest/doctest.h>

#include "base/glob.h"
#include "base/text.h"

using trawl::base::CaseRule;
using trawl::base::Glob;
using trawl::base::Wildcards;

namespace {

bool matches(std::string_view pattern, std::string_view subject, CaseRule case_rule = CaseRule::insensitive)
{
    return Glob(pattern, Wildcards::glob, case_rule).matches(subject);
}

bool found(std::string_view pattern, std::string_view subject, CaseRule case_rule = CaseRule::insensitive)
{
    return Glob(pattern, Wildcards::glob, case_rule).found_in(subject);
}

// What a glob means, spelt out: `*` stands for any run, "?" for one character.
bool means(std::u32string_view pattern, std::u32string_view subject)
{
    if (pattern.empty()) {
        return subject.empty();
    }
    if (pattern.front() == U'*') {
        return means(pattern.substr(1), subject) || (!subject.empty() && means(pattern, subject.substr(1)));
    }
    return !subject.empty() && (pattern.front() == U'?' || pattern.front() == subject.front())
        && means(pattern.substr(1), subject.substr(1));
}

std::string utf8(std::u32string_view text)
{
    std::string out;
    for (const char32_t c : text) {
        trawl::base::append_utf8(out, c);
    }
    return out;
}

// All texts of up to `length` letters.
std::vector<std::u32string> all_texts(std::u32string_view letters, std::size_t length)
{
    std::vector<std::u32string> texts {U""};
    for (std::size_t from = 0, round = 0; round < length; ++round) {
        const std::size_t end = texts.size();
        for (; from < end; ++from) {
            for (const char32_t letter : letters) {
                texts.push_back(texts[from] + letter);
            }
        }
    }
    return texts;
}

// A row of bytes that is the same in every run.
class Sequence {
public:
    std::size_t next(std::size_t bound)
    {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>(state_ >> 33) % bound;
    }

private:
    std::uint64_t state_ = 42;
};

} // namespace

TEST_CASE("A glob means the whole text")
{
    CHECK(matches("StopLogging", "stoplogging"));
    CHECK(matches("stoplogging", "STOPLOGGING"));
    CHECK_FALSE(matches("StopLogging", "StopLogging2"));
    CHECK_FALSE(matches("StopLogging", "StopLoggin"));
    CHECK(matches("StopLogging", "StopLogging", CaseRule::sensitive));
    CHECK_FALSE(matches("StopLogging", "stopLogging", CaseRule::sensitive));
    CHECK(matches("Describe*", "describeInstances"));
    CHECK(matches("*.amazonaws.com", "ec2.amazonaws.com"));
    CHECK_FALSE(matches("*.amazonaws.com", "ec2.amazonaws.com.evil.example"));
    CHECK(matches("arn:aws:iam::*:role/*admin*", "arn:aws:iam::111122223333:role/MyAdminRole"));
    CHECK(matches("", ""));
    CHECK_FALSE(matches("", "a"));
    CHECK(matches("*", ""));
    CHECK(matches("**", "anything"));
    CHECK_FALSE(matches("ab*ba", "aba"));
    CHECK(matches("ab*ba", "abba"));
    CHECK_FALSE(matches("a*b*c", "acb"));
}

TEST_CASE("A question mark is one character")
{
    CHECK(matches("?", "a"));
    CHECK(matches("?", "ß"));
    CHECK(matches("?", "€"));
    CHECK(matches("?", "😀"));
    CHECK_FALSE(matches("?", ""));
    CHECK_FALSE(matches("??", "€"));
    CHECK_FALSE(matches("*??*", "€"));
    CHECK_FALSE(matches("*??", "😀"));
    CHECK(matches("*??", "x😀"));
    CHECK(matches("a?c*?", "aßcd😀"));
    // A byte that is no UTF-8 is a character by itself.
    CHECK(matches("a?b",
        "a\xFF"
        "b"));
    CHECK(matches("??", "\xC3\xC3"));
    CHECK(matches("*??", "\x80\x80"));
}

TEST_CASE("Sigma's escapes")
{
    CHECK(matches(R"(\*)", "*"));
    CHECK_FALSE(matches(R"(\*)", "a"));
    CHECK(matches(R"(\?)", "?"));
    CHECK_FALSE(matches(R"(\?)", "a"));
    CHECK(matches(R"(\\*)", R"(\anything)"));
    CHECK_FALSE(matches(R"(\\*)", "anything"));
    CHECK(matches(R"(\\\*)", R"(\*)"));
    CHECK_FALSE(matches(R"(\\\*)", R"(\x)"));
    CHECK(matches(R"(C:\Windows)", R"(c:\windows)"));
    CHECK(matches(R"(C:\\Windows)", R"(c:\windows)"));
    CHECK(matches(R"(\\\\server)", R"(\\server)"));
    CHECK(matches(R"(a\)", R"(a\)"));
    CHECK(matches(R"(*\\*)", R"(a\b)"));
}

TEST_CASE("Plain text has no wildcards")
{
    const Glob plain("a*?\\*", Wildcards::plain, CaseRule::sensitive);
    CHECK(plain.is_literal());
    CHECK(plain.matches("a*?\\*"));
    CHECK_FALSE(plain.matches("axx\\*"));
    CHECK(plain.found_in("..a*?\\*.."));
    CHECK(Glob("\xFF", Wildcards::plain, CaseRule::sensitive).matches("\xFF"));
    CHECK_FALSE(Glob("\xFF", Wildcards::plain, CaseRule::sensitive).matches("a"));
    CHECK_FALSE(Glob("\xFF", Wildcards::plain, CaseRule::insensitive).found_in("aß"));
}

TEST_CASE("found_in looks anywhere")
{
    CHECK(found("denied", "AccessDenied by policy"));
    CHECK(found("acc*pol", "AccessDenied by policy"));
    CHECK(found("d?ni", "AccessDenied"));
    CHECK(found("", ""));
    CHECK(found("", "a"));
    CHECK_FALSE(found("policy*access", "AccessDenied by policy"));
    CHECK_FALSE(found("denied", "Accessdenie"));
    CHECK_FALSE(found("denied", "AccessDenied", CaseRule::sensitive));
}

TEST_CASE("Folding goes beyond ASCII")
{
    CHECK(matches("ZÜRICH*", "zürich hb"));
    CHECK(matches("straße", "STRAẞE"));
    CHECK_FALSE(matches("strasse", "STRAßE"));
    CHECK(matches("σίγμας", "ΣΊΓΜΑΣ"));
    CHECK_FALSE(matches("ı", "I"));
    CHECK(matches("kms", "\u212Am\u017F"));
    CHECK(matches("\u212Ams", "KMS"));
    CHECK(matches("ⱥ", "Ⱥ")); // The folded pattern is longer than the subject.
    CHECK(found("kms", "x\u212AMSx"));
    CHECK_FALSE(matches("kms", "kmß"));
}

TEST_CASE("A glob tells what it is")
{
    const Glob literal("StopLogging", Wildcards::glob, CaseRule::insensitive);
    CHECK(literal.is_literal());
    CHECK(literal.literal() == "stoplogging");
    CHECK(literal.literal_prefix() == "stoplogging");
    const Glob escaped(R"(a\*b)", Wildcards::glob, CaseRule::sensitive);
    CHECK(escaped.is_literal());
    CHECK(escaped.literal() == "a*b");
    const Glob any("***", Wildcards::glob, CaseRule::sensitive);
    CHECK(any.is_any());
    CHECK_FALSE(any.is_literal());
    const Glob nothing("", Wildcards::glob, CaseRule::sensitive);
    CHECK(nothing.is_literal());
    CHECK_FALSE(nothing.is_any());
    CHECK(Glob("Get?bject*", Wildcards::glob, CaseRule::sensitive).literal_prefix() == "Get");
    CHECK(Glob("*x", Wildcards::glob, CaseRule::sensitive).literal_prefix() == "");
    CHECK_FALSE(Glob("a?", Wildcards::glob, CaseRule::sensitive).is_literal());
    CHECK_FALSE(Glob("a*", Wildcards::glob, CaseRule::sensitive).is_literal());
    CHECK_FALSE(Glob("*?", Wildcards::glob, CaseRule::sensitive).is_any());
}

TEST_CASE("Every small glob means what it says")
{
    const auto subjects = all_texts(U"ab€", 5);
    std::size_t wrong = 0;
    for (const std::u32string& pattern : all_texts(U"ab*?", 5)) {
        const std::string written = utf8(pattern);
        const Glob sensitive(written, Wildcards::glob, CaseRule::sensitive);
        const Glob insensitive(written, Wildcards::glob, CaseRule::insensitive);
        for (const std::u32string& subject : subjects) {
            const std::string text = utf8(subject);
            const bool whole = means(pattern, subject);
            const bool inside = means(U"*" + pattern + U"*", subject);
            const bool right = sensitive.matches(text) == whole && insensitive.matches(text) == whole
                && sensitive.found_in(text) == inside && insensitive.found_in(text) == inside;
            if (!right && wrong++ < 5) {
                FAIL_CHECK(written << " against " << text);
            }
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("Texts of every length are found at every place")
{
    Sequence sequence;
    for (int round = 0; round < 20'000; ++round) {
        std::string subject(sequence.next(80), ' ');
        for (char& c : subject) {
            c = "abABz@[`{"[sequence.next(9)];
        }
        std::string wanted;
        if (round % 2 == 0 && !subject.empty()) {
            const std::size_t start = sequence.next(subject.size());
            wanted = subject.substr(start, sequence.next(40));
        } else {
            wanted.assign(sequence.next(4), ' ');
            for (char& c : wanted) {
                c = "abABz@[`{"[sequence.next(9)];
            }
        }
        const std::string lower_subject = trawl::base::to_lower_ascii(subject);
        const std::string lower_wanted = trawl::base::to_lower_ascii(wanted);
        const Glob sensitive(wanted, Wildcards::plain, CaseRule::sensitive);
        const Glob insensitive(wanted, Wildcards::plain, CaseRule::insensitive);
        REQUIRE(sensitive.found_in(subject) == (subject.find(wanted) != std::string::npos));
        REQUIRE(insensitive.found_in(subject) == (lower_subject.find(lower_wanted) != std::string::npos));
        REQUIRE(insensitive.matches(subject) == (lower_subject == lower_wanted));
    }
}

TEST_CASE("Many stars cost no more than a walk")
{
    // Backtracking over stars would take longer than anybody waits.
    std::string pattern;
    for (int i = 0; i < 200; ++i) {
        pattern += "*a";
    }
    const std::string subject(20'000, 'a');
    CHECK(matches(pattern, subject));
    CHECK_FALSE(matches(pattern + "*b", subject));
    CHECK_FALSE(matches(pattern + "?*b*", subject));
    CHECK_FALSE(matches(pattern, std::string(199, 'a')));
    CHECK(matches(pattern, std::string(200, 'a')));
}
