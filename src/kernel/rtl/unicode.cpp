// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/unicode.h"

namespace pw::rtl {
namespace {

constexpr char32_t k_replacement = 0xFFFD;

struct Character {
    char32_t code;
    std::size_t length;
    bool valid;
};

// An ill-formed sequence is replaced by one U+FFFD for its longest well-formed beginning (Unicode's recommendation).
Character next(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    if (lead < 0xC2 || lead > 0xF4) return {k_replacement, 1, false};
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t code = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        unsigned low = 0x80, high = 0xBF;
        if (i == 1 && lead == 0xE0) low = 0xA0;
        if (i == 1 && lead == 0xED) high = 0x9F;
        if (i == 1 && lead == 0xF0) low = 0x90;
        if (i == 1 && lead == 0xF4) high = 0x8F;
        if (i >= text.size() || byte(i) < low || byte(i) > high) return {k_replacement, i, false};
        code = (code << 6) | (byte(i) & 0x3Fu);
    }
    return {code, length, true};
}

Character next(std::u16string_view text) {
    const char16_t unit = text[0];
    if (unit < 0xD800 || unit > 0xDFFF) return {unit, 1, true};
    if (unit > 0xDBFF || text.size() < 2 || text[1] < 0xDC00 || text[1] > 0xDFFF) return {k_replacement, 1, false};
    return {0x10000 + ((static_cast<char32_t>(unit) - 0xD800) << 10) + (static_cast<char32_t>(text[1]) - 0xDC00), 2, true};
}

std::size_t encode(char32_t code, char16_t (&out)[4]) {
    if (code < 0x10000) {
        out[0] = static_cast<char16_t>(code);
        return 1;
    }
    out[0] = static_cast<char16_t>(0xD800 + ((code - 0x10000) >> 10));
    out[1] = static_cast<char16_t>(0xDC00 + ((code - 0x10000) & 0x3FF));
    return 2;
}

std::size_t encode(char32_t code, char (&out)[4]) {
    if (code < 0x80) {
        out[0] = static_cast<char>(code);
        return 1;
    }
    const std::size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (std::size_t i = length - 1; i > 0; --i) {
        out[i] = static_cast<char>(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = static_cast<char>((0xF00u >> length) | code);
    return length;
}

template <typename From, typename To>
Converted convert(std::basic_string_view<From> source, To* target, std::size_t capacity) {
    Converted done{0, 0, false, true};
    while (done.consumed < source.size()) {
        const Character character = next(source.substr(done.consumed));
        To encoded[4];
        const std::size_t length = encode(character.code, encoded);
        if (target) {
            if (length > capacity - done.units) {
                done.complete = false;
                break;
            }
            for (std::size_t i = 0; i < length; ++i) target[done.units + i] = encoded[i];
        }
        done.units += length;
        done.consumed += character.length;
        done.replaced |= !character.valid;
    }
    return done;
}

}  // namespace

Converted utf8_to_utf16(std::string_view source, char16_t* target, std::size_t capacity) {
    return convert<char, char16_t>(source, target, capacity);
}

Converted utf16_to_utf8(std::u16string_view source, char* target, std::size_t capacity) {
    return convert<char16_t, char>(source, target, capacity);
}

}  // namespace pw::rtl
