#include "ingest/codec/base64.h"

#include <cstdint>

namespace trawl::ingest {

namespace {

int digit(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == '+' || c == '-') {
        return 62;
    }
    return c == '/' || c == '_' ? 63 : -1;
}

} // namespace

bool decode_base64(std::string_view text, std::string& out)
{
    out.clear();
    out.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    int count = 0;
    bool padded = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            continue;
        }
        // JSON may write the slash as an escape.
        if (c == '\\' && i + 1 < text.size() && text[i + 1] == '/') {
            continue;
        }
        if (c == '=') {
            padded = true;
            continue;
        }
        const int value = digit(c);
        if (value < 0 || padded) {
            return false;
        }
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.push_back(static_cast<char>(bits >> count & 0xff));
        }
    }
    return count < 6;
}

} // namespace trawl::ingest
