#include <array>

#include <openssl/evp.h>

#include "query/functions/function_table.h"
#include "query/functions/number.h"

// Digests of a text, in lower-case hexadecimal.
// As SQL: md5() and sha256() of DuckDB; lower(hex(MD5(x))) of ClickHouse; lower(to_hex(md5(to_utf8(x)))) of Trino.
namespace trawl::query::functions {

using event::Value;

namespace {

Value digest(const Call& call, const EVP_MD* algorithm)
{
    std::string_view text;
    if (!read_text(call.at(0), call.arena, text)) {
        return {};
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes {};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, algorithm, nullptr) != 1) {
        return {};
    }
    constexpr std::string_view digits = "0123456789abcdef";
    char* const start = call.arena.allocate(std::size_t {size} * 2);
    for (std::size_t i = 0; i < size; ++i) {
        start[2 * i] = digits[bytes[i] >> 4];
        start[2 * i + 1] = digits[bytes[i] & 15];
    }
    return Value::string({start, std::size_t {size} * 2});
}

Value md5(const Call& call)
{
    return digest(call, EVP_md5());
}

Value sha256(const Call& call)
{
    return digest(call, EVP_sha256());
}

constexpr std::array<Function, 2> table {{
    {"md5", "The MD5 digest of a text.", 1, 1, "[\"abc\"]", "\"900150983cd24fb0d6963f7d28e17f72\"", md5},
    {"sha256", "The SHA-256 digest of a text.", 1, 1, "[\"abc\"]",
        "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"", sha256},
}};

} // namespace

std::span<const Function> hash_functions()
{
    return table;
}

} // namespace trawl::query::functions
