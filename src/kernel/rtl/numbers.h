// SPDX-License-Identifier: Apache-2.0
// Integers to text and back, in the bases that NT's routines know: 2, 8, 10 and 16.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace pw::rtl {

struct ParsedInteger {
    std::uint64_t value;   // wraps modulo 2^64, as the documented routines do
    std::size_t consumed;  // units read, with leading blanks, sign and prefix
};

// Base 0 takes it from a prefix (0x, 0o, 0b), else 10. Leading blanks (every unit up to U+0020) and a sign are read; the
// number ends at the first unit that is no digit; no digit at all is 0. STATUS_INVALID_PARAMETER: another base.
[[nodiscard]] Result<ParsedInteger> parse_integer(std::u16string_view text, unsigned base);
[[nodiscard]] Result<ParsedInteger> parse_integer(std::string_view text, unsigned base);

inline constexpr std::size_t k_longest_integer = 64;
// Writes the digits without a terminator and returns their count; `out` has room for k_longest_integer units.
// Base 0 means 10. STATUS_INVALID_PARAMETER: another base.
[[nodiscard]] Result<std::size_t> print_integer(std::uint64_t value, unsigned base, char16_t* out);

}  // namespace pw::rtl
