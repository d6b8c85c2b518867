// SPDX-License-Identifier: Apache-2.0
#include "crt/utf.h"

namespace pw::crt {
namespace {

bool is_scalar(char32_t c) {
    return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

unsigned byte_at(const char* text, std::size_t index) {
    return static_cast<unsigned char>(text[index]);
}

}  // namespace

Utf8Bytes encode_utf8(char32_t c) {
    if (!is_scalar(c)) c = k_replacement;
    if (c < 0x80) return {{static_cast<char>(c)}, 1};
    const auto tail = [c](unsigned shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x800) return {{static_cast<char>(0xC0 | (c >> 6)), tail(0)}, 2};
    if (c < 0x10000) return {{static_cast<char>(0xE0 | (c >> 12)), tail(6), tail(0)}, 3};
    return {{static_cast<char>(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)}, 4};
}

Utf16Units encode_utf16(char32_t c) {
    if (!is_scalar(c)) c = k_replacement;
    if (c < 0x10000) return {{static_cast<char16_t>(c)}, 1};
    const char32_t offset = c - 0x10000;
    return {{static_cast<char16_t>(0xD800 + (offset >> 10)), static_cast<char16_t>(0xDC00 + (offset & 0x3FF))}, 2};
}

Decoded decode_utf8(const char* text, std::size_t available) {
    const unsigned lead = byte_at(text, 0);
    if (lead < 0x80) return {lead, 1, true};
    unsigned length = 0;
    char32_t value = 0;
    char32_t smallest = 0;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2, value = lead & 0x1F, smallest = 0x80;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3, value = lead & 0x0F, smallest = 0x800;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4, value = lead & 0x07, smallest = 0x10000;
    } else {
        return {k_replacement, 1, false};
    }
    for (unsigned i = 1; i < length; ++i) {
        if (i >= available || (byte_at(text, i) & 0xC0) != 0x80) return {k_replacement, i, false};
        value = (value << 6) | (byte_at(text, i) & 0x3F);
    }
    if (value < smallest || !is_scalar(value)) return {k_replacement, 1, false};
    return {value, length, true};
}

Decoded decode_utf16(const char16_t* text, std::size_t available) {
    const char32_t first = text[0];
    if (first < 0xD800 || first > 0xDFFF) return {first, 1, true};
    if (first <= 0xDBFF && available > 1) {
        const char32_t second = text[1];
        if (second >= 0xDC00 && second <= 0xDFFF) {
            return {0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), 2, true};
        }
    }
    return {k_replacement, 1, false};
}

}  // namespace pw::crt
