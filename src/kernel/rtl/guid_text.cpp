// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/guid_text.h"

#include <cstdint>

namespace pw::rtl {
namespace {

// The digits in the order of the text, as byte numbers of the GUID in memory; -1 is a dash.
constexpr int k_order[] = {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15};

int nibble(char16_t c) {
    if (c >= u'0' && c <= u'9') return c - u'0';
    if (c >= u'a' && c <= u'f') return c - u'a' + 10;
    if (c >= u'A' && c <= u'F') return c - u'A' + 10;
    return -1;
}

}  // namespace

void print_guid(const GUID& guid, char16_t* out) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&guid);
    *out++ = u'{';
    for (const int index : k_order) {
        if (index < 0) {
            *out++ = u'-';
            continue;
        }
        *out++ = u"0123456789ABCDEF"[bytes[index] >> 4];
        *out++ = u"0123456789ABCDEF"[bytes[index] & 15];
    }
    *out = u'}';
}

std::optional<GUID> parse_guid(std::u16string_view text) {
    if (text.size() != k_guid_text_units || text.front() != u'{' || text.back() != u'}') return std::nullopt;
    GUID guid;
    auto* bytes = reinterpret_cast<std::uint8_t*>(&guid);
    std::size_t at = 1;
    for (const int index : k_order) {
        if (index < 0) {
            if (text[at++] != u'-') return std::nullopt;
            continue;
        }
        const int high = nibble(text[at++]);
        const int low = nibble(text[at++]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes[index] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return guid;
}

}  // namespace pw::rtl
