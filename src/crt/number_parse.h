// SPDX-License-Identifier: Apache-2.0
// Reads an integer as strtol does: white space, sign, base prefix, digits; generic over the character and the source.
#pragma once

#include <cstdint>

namespace pw::crt {

template <typename Char>
[[nodiscard]] constexpr bool is_space(Char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// The value of a digit in bases up to 36; 99 for what is none.
template <typename Char>
[[nodiscard]] constexpr int digit_value(Char c) {
    if (c >= '0' && c <= '9') return static_cast<int>(c) - '0';
    if (c >= 'a' && c <= 'z') return static_cast<int>(c) - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return static_cast<int>(c) - 'A' + 10;
    return 99;
}

// A number as written: sign and magnitude, which saturates at 2^64 - 1 and says so.
struct ParsedNumber {
    std::uint64_t magnitude = 0;
    bool negative = false;
    bool overflow = false;
    bool any_digits = false;

    void add(int digit, int base) {
        any_digits = true;
        std::uint64_t next = 0;
        if (__builtin_mul_overflow(magnitude, static_cast<std::uint64_t>(base), &next) ||
            __builtin_add_overflow(next, static_cast<std::uint64_t>(digit), &next)) {
            overflow = true;
            next = UINT64_MAX;
        }
        magnitude = next;
    }
};

// Parses at `text`; `end` is set behind the number, or to `text` where there is none.
template <typename Char>
ParsedNumber parse_number_text(const Char* text, const Char*& end, int base) {
    ParsedNumber number;
    const Char* cursor = text;
    end = text;
    if (base < 0 || base == 1 || base > 36) return number;
    while (is_space(*cursor)) ++cursor;
    if (*cursor == '+' || *cursor == '-') number.negative = *cursor++ == '-';
    const bool hex_prefix =
        cursor[0] == '0' && (cursor[1] == 'x' || cursor[1] == 'X') && digit_value(cursor[2]) < 16;
    if ((base == 0 || base == 16) && hex_prefix) {
        cursor += 2;
        base = 16;
    } else if (base == 0) {
        base = *cursor == '0' ? 8 : 10;
    }
    for (; digit_value(*cursor) < base; ++cursor) number.add(digit_value(*cursor), base);
    if (number.any_digits) end = cursor;
    return number;
}

}  // namespace pw::crt
