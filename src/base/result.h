#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace trawl::base {

// What went wrong outside our own code: a file, the network, a library. `code` is stable and short ("io", "gzip-cut").
struct Error {
    std::string code;
    std::string message;
};

// A value or an Error. tl::expected is not [[nodiscard]], so that it is wrapped.
template <typename T> class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;
    Result(tl::expected<T, Error> other) : tl::expected<T, Error>(std::move(other)) {}
};

// Makes the failing alternative of any Result.
[[nodiscard]] inline tl::unexpected<Error> fail(std::string code, std::string message)
{
    return tl::unexpected<Error>(Error {std::move(code), std::move(message)});
}

} // namespace trawl::base

#define TRAWL_CONCAT_INNER(a, b) a##b
#define TRAWL_CONCAT(a, b) TRAWL_CONCAT_INNER(a, b)

// Binds the value of a Result or returns its Error: TRY(const auto fields, split(line));
#define TRY(declaration, expression)                                                                                   \
    auto TRAWL_CONCAT(try_result_, __LINE__) = (expression);                                                           \
    if (!TRAWL_CONCAT(try_result_, __LINE__)) {                                                                        \
        return tl::unexpected(std::move(TRAWL_CONCAT(try_result_, __LINE__)).error());                                 \
    }                                                                                                                  \
    declaration = std::move(*TRAWL_CONCAT(try_result_, __LINE__))

// Returns the Error of a Result<void>: TRY_VOID(flush());
#define TRY_VOID(expression)                                                                                           \
    do {                                                                                                               \
        auto try_result = (expression);                                                                                \
        if (!try_result) {                                                                                             \
            return tl::unexpected(std::move(try_result).error());                                                      \
        }                                                                                                              \
    } while (false)
