#include <doctest/doctest.h>

#include "deliver/finding_text.h"
#include "deliver/printable.h"

namespace trawl::deliver {

namespace {

TEST_CASE("what a terminal would obey is shown")
{
    CHECK(printable("plain – text") == "plain – text");
    CHECK(printable("a\033[31mb") == "a\\x1b[31mb");
    CHECK(printable("a\r\n\tb\x7f") == "a\\r\\n\\tb\\x7f");
    CHECK(printable("\xC2\x9B"
                    "31m")
        == "\\u009b31m");
    CHECK(printable("user\xE2\x80\xAEtxt.exe") == "user\\u202etxt.exe");
    CHECK(printable("\xff") == "\xEF\xBF\xBD");
    CHECK(printable(std::string_view("\0", 1)) == "\\x00");
}

TEST_CASE("widths are those of a terminal")
{
    CHECK(display_width("abc") == 3);
    CHECK(display_width("é") == 1);
    CHECK(display_width("e\xCC\x81") == 1);
    CHECK(display_width("日本") == 4);
    CHECK(display_width("…") == 1);
}

std::string cut(std::string_view text, std::size_t width, Pad pad = Pad::none)
{
    std::string out;
    append_cut(out, text, width, pad);
    return out;
}

TEST_CASE("text is cut at the border of a character")
{
    CHECK(cut("abcdef", 6) == "abcdef");
    CHECK(cut("abcdefg", 6) == "abcde…");
    CHECK(cut("日本語", 5) == "日本…");
    CHECK(cut("日本語", 4) == "日…");
    CHECK(cut("abc", 0) == "");
    CHECK(cut("abc", 1) == "…");
    CHECK(cut("ab", 4, Pad::right) == "ab  ");
    CHECK(cut("ab", 4, Pad::left) == "  ab");
    CHECK(cut("日本語", 4, Pad::right) == "日… ");
    CHECK(cut("", 2, Pad::right) == "  ");
}

TEST_CASE("text is wrapped at blanks, and in the middle of words that are too long")
{
    CHECK(wrapped("one two three", 7, "  ") == "  one two\n  three\n");
    CHECK(wrapped("abcdefghij", 4, "") == "abcd\nefgh\nij\n");
    CHECK(wrapped("", 4, "") == "");
    CHECK(wrapped("a  b", 2, "") == "a\nb\n");
}

TEST_CASE("principals are called as people call them")
{
    CHECK(short_principal("arn:aws:iam::111122223333:user/alice", "111122223333") == "user/alice");
    CHECK(short_principal("arn:aws:iam::111122223333:role/a/b", "") == "111122223333:role/a/b");
    CHECK(short_principal("arn:aws:iam::111122223333:root", "111122223333") == "root");
    CHECK(short_principal("arn:aws:s3:::bucket", "") == "arn:aws:s3:::bucket");
    CHECK(short_principal("cloudtrail.amazonaws.com", "111122223333") == "cloudtrail.amazonaws.com");
    CHECK(short_principal("", "") == "");
    CHECK(short_principal("arn:aws:iam::1:", "1") == "arn:aws:iam::1:");
}

TEST_CASE("numbers are grouped, sizes have units, texts are shortened between characters")
{
    CHECK(with_commas(0) == "0");
    CHECK(with_commas(999) == "999");
    CHECK(with_commas(1000) == "1,000");
    CHECK(with_commas(18'446'744'073'709'551'615U) == "18,446,744,073,709,551,615");
    CHECK(bytes_for_people(999) == "999 bytes");
    CHECK(bytes_for_people(1500) == "1.5 kB");
    CHECK(bytes_for_people(12'300'000) == "12.3 MB");
    CHECK(shortened("abc", 3) == "abc");
    CHECK(shortened("abcdef", 5) == "ab…");
    CHECK(shortened("aééé", 6) == "aé…");
}

} // namespace

} // namespace trawl::deliver
