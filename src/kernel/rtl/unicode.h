// SPDX-License-Identifier: Apache-2.0
// Conversions between UTF-8, which is this system's ANSI and OEM code page, and UTF-16.
#pragma once

#include <cstddef>
#include <string_view>

namespace pw::rtl {

struct Converted {
    std::size_t units;    // written, or needed where there was no target
    std::size_t consumed; // source units read
    bool replaced;        // an ill-formed sequence became U+FFFD
    bool complete;        // the whole source fitted
};

// Converts as many whole characters as fit; a null target only measures. Never reads or writes beyond the counts.
[[nodiscard]] Converted utf8_to_utf16(std::string_view source, char16_t* target, std::size_t capacity);
[[nodiscard]] Converted utf16_to_utf8(std::u16string_view source, char* target, std::size_t capacity);

}  // namespace pw::rtl
