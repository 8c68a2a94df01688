#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "base/ascii_words.h"
#include "base/text.h"

namespace base = trawl::base;

namespace {

double number(std::string_view text)
{
    double value = -12345;
    REQUIRE_MESSAGE(base::parse_number(text, value), std::string(text));
    return value;
}

bool is_number(std::string_view text)
{
    double value = 0;
    return base::parse_number(text, value);
}

std::string written(double value)
{
    std::string out;
    base::append_number(out, value);
    return out;
}

std::string json(std::string_view text)
{
    std::string out;
    base::append_json_string(out, text);
    return out;
}

} // namespace

TEST_CASE("parse_number reads decimal numbers")
{
    CHECK(number("0") == 0);
    CHECK(number("22") == 22);
    CHECK(number("-1") == -1);
    CHECK(number("4.5e3") == 4500);
    CHECK(number("1E+2") == 100);
    CHECK(number("0.1") == 0.1);
    CHECK(number("1e-2") == 0.01);
    CHECK(number("012345678901") == 12345678901.0);
    CHECK(number("999999999999999") == 999999999999999.0);
    CHECK(number("9007199254740993") == 9007199254740992.0);
    CHECK(number("123456789012345678901234567890") == 1.2345678901234568e29);
    CHECK(number("2.2250738585072011e-308") == 2.2250738585072011e-308);
    CHECK(number("1.7976931348623157e308") == std::numeric_limits<double>::max());
}

TEST_CASE("parse_number keeps the sign of zero")
{
    CHECK(number("-0") == 0);
    CHECK(std::signbit(number("-0")));
    CHECK(std::signbit(number("-0.0")));
    CHECK_FALSE(std::signbit(number("0")));
}

TEST_CASE("parse_number tells too large from too small")
{
    CHECK(std::isinf(number("1e400")));
    CHECK(number("1e400") > 0);
    CHECK(number("-1e400") < 0);
    CHECK(number("1e-400") == 0);
    CHECK(std::isinf(number(std::string(400, '9'))));
    CHECK(number("0." + std::string(400, '0') + "1") == 0);
    CHECK(std::isinf(number(std::string(500, '1') + "e-5")));
    CHECK(number("0." + std::string(500, '0') + "1e5") == 0);
    CHECK(std::isinf(number("1e99999999999999999999")));
    CHECK(number("1e-99999999999999999999") == 0);
    CHECK(number("0e99999") == 0);
    CHECK(number(std::string(400, '0') + "7") == 7);
}

TEST_CASE("parse_number refuses what is no number")
{
    for (const char* text :
        {"", "-", "+1", "nan", "NaN", "inf", "-inf", "infinity", "1_000", " 1", "1 ", "1\n", "0x10", "1e", "1e+", ".5",
            "-.5", "5.", "5.e3", "1..2", "1.2.3", "1,5", "--1", "1-", "e5", "1f", "0b1", "١", "1e5.0"}) {
        CHECK_MESSAGE(!is_number(text), std::string(text));
    }
    CHECK_FALSE(is_number(std::string_view("1\0", 2)));
}

TEST_CASE("parse_integer reads what fits 64 bits")
{
    std::int64_t value = 0;
    CHECK(base::parse_integer("-9223372036854775808", value));
    CHECK(value == std::numeric_limits<std::int64_t>::min());
    CHECK(base::parse_integer("9223372036854775807", value));
    CHECK(value == std::numeric_limits<std::int64_t>::max());
    CHECK(base::parse_integer("007", value));
    CHECK(value == 7);
    for (const char* text : {"", "-", "+1", "9223372036854775808", "1.0", "1e3", " 1", "1 ", "0x1"}) {
        CHECK_MESSAGE(!base::parse_integer(text, value), std::string(text));
    }
}

TEST_CASE("append_number writes whole numbers without fraction, others as short as they read back")
{
    CHECK(written(0) == "0");
    CHECK(written(-0.0) == "0");
    CHECK(written(22) == "22");
    CHECK(written(-3) == "-3");
    CHECK(written(0.1) == "0.1");
    CHECK(written(1.5) == "1.5");
    CHECK(written(1e14) == "100000000000000");
    CHECK(written(999999999999999.0) == "999999999999999");
    CHECK(written(1e15) == "1e+15");
    CHECK(written(1e21) == "1e+21");
    CHECK(written(1e-7) == "1e-07");
    CHECK(written(1.0 / 3) == "0.3333333333333333");
    CHECK(written(std::numeric_limits<double>::infinity()) == "null");
    CHECK(written(std::nan("")) == "null");
    for (const double value : {0.1 + 0.2, 123456.789, 1e300, 5e-324, -2.5e-10, 9007199254740993.0}) {
        CHECK(number(written(value)) == value);
    }
}

TEST_CASE("append_json_string escapes little")
{
    CHECK(json("") == "\"\"");
    CHECK(json("plain") == "\"plain\"");
    CHECK(json("a \"quoted\" \\ path/x") == R"("a \"quoted\" \\ path/x")");
    CHECK(json("\n\r\t\b\f") == R"("\n\r\t\b\f")");
    CHECK(json(std::string_view("\0\x01\x1F\x7F", 4)) == "\"\\u0000\\u0001\\u001f\x7F\"");
    CHECK(json("Zürich €😀") == "\"Zürich €😀\"");
}

TEST_CASE("append_json_string finds what to escape at every place of a word")
{
    for (std::size_t length = 0; length < 40; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            std::string text(length, 'x');
            text[at] = '"';
            CHECK(json(text) == '"' + std::string(at, 'x') + "\\\"" + std::string(length - at - 1, 'x') + '"');
            text[at] = '\x1F';
            CHECK(json(text) == '"' + std::string(at, 'x') + "\\u001f" + std::string(length - at - 1, 'x') + '"');
            text[at] = '\xFF';
            CHECK(json(text) == '"' + std::string(at, 'x') + "\uFFFD" + std::string(length - at - 1, 'x') + '"');
        }
    }
    for (int byte = 0x20; byte < 0x80; ++byte) {
        const std::string text(9, static_cast<char>(byte));
        if (byte != '"' && byte != '\\') {
            CHECK(json(text) == '"' + text + '"');
        }
    }
}

TEST_CASE("Invalid UTF-8 becomes U+FFFD")
{
    CHECK(base::sanitize_utf8("a\x80z") == "a\uFFFDz");
    CHECK(base::sanitize_utf8("\xC3") == "\uFFFD");
    CHECK(base::sanitize_utf8("\xC0\xAF") == "\uFFFD\uFFFD");          // Overlong slash.
    CHECK(base::sanitize_utf8("\xE0\x80\x80") == "\uFFFD\uFFFD\uFFFD"); // Overlong NUL.
    CHECK(base::sanitize_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD"); // A surrogate.
    CHECK(base::sanitize_utf8("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD"); // Beyond U+10FFFF.
    CHECK(base::sanitize_utf8("\xF5\x80\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
    CHECK(base::sanitize_utf8("good 😀 text that is longer than a word") == "good 😀 text that is longer than a word");
    CHECK(base::is_utf8("\xF4\x8F\xBF\xBF"));
    CHECK(base::is_utf8(""));
    CHECK_FALSE(base::is_utf8("12345678\xFE"));
    CHECK_FALSE(base::is_utf8("1234567\xE2\x82"));
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string text {static_cast<char>(first), static_cast<char>(second), 'x'};
            const std::string clean = base::sanitize_utf8(text);
            CHECK(base::is_utf8(clean));
            CHECK(base::is_utf8(text) == (clean == text));
            CHECK(base::is_utf8(json(text)));
        }
    }
}

TEST_CASE("append_utf8 writes no surrogate")
{
    std::string out;
    for (const std::uint32_t code_point : {0x41U, 0xDFU, 0x20ACU, 0x1F600U, 0xD800U, 0xDFFFU, 0x110000U}) {
        base::append_utf8(out, code_point);
    }
    CHECK(out == "Aß€😀\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("fold_case folds simply")
{
    CHECK(base::fold_case("StopLogging") == "stoplogging");
    CHECK(base::fold_case("ÄÖÜ") == "äöü");
    CHECK(base::fold_case("ß") == "ß");
    CHECK(base::fold_case("ẞ") == "ß");
    CHECK(base::fold_case("ΣΑΣ σας") == "σασ σασ");
    CHECK(base::fold_case("ЁЖ") == "ёж");
    CHECK(base::fold_case("ı") == "ı");
    CHECK(base::fold_case("İ") == "İ");
    CHECK(base::fold_case("I") == "i");
    CHECK(base::fold_case("\u212A\u017F") == "ks");
    CHECK(base::fold_case("µ") == "μ");
    CHECK(base::fold_case("Ⱥ") == "ⱥ"); // Two bytes become three.
    CHECK(base::fold_case("ՀԱՅ") == "հայ");
    CHECK(base::fold_case("Ⴀ") == "ⴀ");
    CHECK(base::fold_case("ＡＷＳ") == "ａｗｓ");
    CHECK(base::fold_case("ỮỲ") == "ữỳ");
    CHECK(base::fold_case("×÷") == "×÷");
    CHECK(base::fold_case("A\xFFÄ\xC3") == "a\xFFä\xC3");
    const std::string once = base::fold_case("Ǆ ǅ ǆ Ϸ Ჿ 𐐀 ᾈ");
    CHECK(base::fold_case(once) == once);
}

TEST_CASE("equal_ignoring_case folds ASCII alone")
{
    CHECK(base::equal_ignoring_case("", ""));
    CHECK(base::equal_ignoring_case("ConsoleLogin", "CONSOLELOGIN"));
    CHECK_FALSE(base::equal_ignoring_case("ConsoleLogin", "ConsoleLogi"));
    CHECK_FALSE(base::equal_ignoring_case("Ä", "ä"));
    for (int byte = 0; byte < 256; ++byte) {
        for (const std::size_t length : {1U, 7U, 8U, 9U, 17U}) {
            for (const std::size_t at : {std::size_t {0}, length - 1}) {
                std::string a(length, 'q');
                std::string b(length, 'Q');
                a[at] = static_cast<char>(byte);
                for (const int other : {byte ^ 0x20, byte, (byte + 1) & 0xFF}) {
                    b[at] = static_cast<char>(other);
                    const bool same = base::lower_ascii(a[at]) == base::lower_ascii(b[at]);
                    CHECK(base::equal_ignoring_case(a, b) == same);
                }
            }
        }
    }
}

TEST_CASE("is_ascii looks at every byte")
{
    for (std::size_t length = 0; length < 20; ++length) {
        std::string text(length, '\x7F');
        CHECK(base::is_ascii(text));
        for (std::size_t at = 0; at < length; ++at) {
            text[at] = '\x80';
            CHECK_FALSE(base::is_ascii(text));
            text[at] = 'a';
        }
    }
}

TEST_CASE("trim and split")
{
    CHECK(base::trim(" \t a b\r\n") == "a b");
    CHECK(base::trim(" \t\r\n") == "");
    CHECK(base::trim("") == "");
    CHECK(base::trim_end(" a \n") == " a");
    CHECK(base::trim_end("  ") == "");
    CHECK(base::split("", ',') == std::vector<std::string_view> {""});
    CHECK(base::split("a,,b,", ',') == std::vector<std::string_view> {"a", "", "b", ""});
}

TEST_CASE("edit_distance stops at its limit")
{
    CHECK(base::edit_distance("", "", 2) == 0);
    CHECK(base::edit_distance("eventName", "eventName", 2) == 0);
    CHECK(base::edit_distance("evntName", "eventName", 2) == 1);
    CHECK(base::edit_distance("kitten", "sitting", 5) == 3);
    CHECK(base::edit_distance("kitten", "sitting", 2) == 3);
    CHECK(base::edit_distance("a", "abcdefgh", 2) == 3);
    CHECK(base::edit_distance("abc", "xyz", 1) == 2);
    CHECK(base::edit_distance("abc", "", 3) == 3);
}

TEST_CASE("digits before a place are told without looking behind it")
{
    for (std::size_t size = 0; size <= 20; ++size) {
        const std::string digits = std::string("x:y/z;,.") + std::string(size, '7') + "x";
        CHECK(base::are_digits_before(digits.data() + digits.size() - 1, size) == (size > 0));
        for (std::size_t at = 0; at < size; ++at) {
            std::string other = digits;
            for (const char c : {'/', ':', ' ', '\0'}) {
                other[8 + at] = c;
                CHECK_FALSE(base::are_digits_before(other.data() + other.size() - 1, size));
            }
        }
    }
}
