#include "deliver/html/text.h"

#include <array>

#include <openssl/evp.h>

#include "base/check.h"
#include "deliver/printable.h"

namespace trawl::deliver::html {

void append_text(std::string& out, std::string_view text)
{
    for (const char c : printable(text)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
}

std::string text(std::string_view text)
{
    std::string out;
    append_text(out, text);
    return out;
}

std::string script_source(std::string_view script)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned int size = 0;
    const int made = EVP_Digest(script.data(), script.size(), digest.data(), &size, EVP_sha256(), nullptr);
    TRAWL_CHECK(made == 1 && size == 32, "SHA-256 is always there");
    std::array<unsigned char, 64> encoded {};
    const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
    std::string out = "'sha256-";
    for (int i = 0; i < length; ++i) {
        out += static_cast<char>(encoded[static_cast<std::size_t>(i)]);
    }
    return out + "'";
}

} // namespace trawl::deliver::html
