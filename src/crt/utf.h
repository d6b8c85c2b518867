// SPDX-License-Identifier: Apache-2.0
// Conversions between UTF-8 and UTF-16, one character at a time: the code page of this run-time library is UTF-8.
#pragma once

#include <cstddef>

namespace pw::crt {

// U+FFFD, what stands for a byte sequence or a surrogate that is no character.
inline constexpr char32_t k_replacement = 0xFFFD;

struct Utf8Bytes {
    char bytes[4];
    unsigned length;
};

struct Utf16Units {
    char16_t units[2];
    unsigned length;
};

// Encodes a code point; one that is no scalar value (surrogate, above U+10FFFF) becomes U+FFFD.
[[nodiscard]] Utf8Bytes encode_utf8(char32_t code_point);
[[nodiscard]] Utf16Units encode_utf16(char32_t code_point);

struct Decoded {
    char32_t code_point;  // k_replacement where `valid` is false
    unsigned consumed;    // units read, at least 1
    bool valid;
};

// Decode the first character of `available` units (at least 1); they never read beyond it. Over-long forms, surrogates
// and truncated sequences are invalid and consume one unit (UTF-8: the well-formed prefix).
[[nodiscard]] Decoded decode_utf8(const char* text, std::size_t available);
[[nodiscard]] Decoded decode_utf16(const char16_t* text, std::size_t available);

}  // namespace pw::crt
