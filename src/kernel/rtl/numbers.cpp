// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/numbers.h"

#include <ntstatus.h>

#include <algorithm>

namespace pw::rtl {
namespace {

bool is_base(unsigned base) { return base == 2 || base == 8 || base == 10 || base == 16; }

template <typename Char>
unsigned digit_of(Char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return ~0u;
}

template <typename Char>
Result<ParsedInteger> parse(std::basic_string_view<Char> text, unsigned base) {
    if (base != 0 && !is_base(base)) return STATUS_INVALID_PARAMETER;
    std::size_t at = 0;
    while (at < text.size() && text[at] <= ' ') ++at;
    bool negative = false;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) negative = text[at++] == '-';
    if (base == 0) {
        base = 10;
        if (text.size() - at >= 2 && text[at] == '0') {
            const Char letter = text[at + 1];
            base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
            if (base != 10) at += 2;
        }
    }
    std::uint64_t value = 0;
    for (; at < text.size() && digit_of(text[at]) < base; ++at) value = value * base + digit_of(text[at]);
    return ParsedInteger{negative ? 0 - value : value, at};
}

}  // namespace

Result<ParsedInteger> parse_integer(std::u16string_view text, unsigned base) { return parse(text, base); }
Result<ParsedInteger> parse_integer(std::string_view text, unsigned base) { return parse(text, base); }

Result<std::size_t> print_integer(std::uint64_t value, unsigned base, char16_t* out) {
    if (base == 0) base = 10;
    if (!is_base(base)) return STATUS_INVALID_PARAMETER;
    std::size_t count = 0;
    do {
        out[count++] = u"0123456789ABCDEF"[value % base];
        value /= base;
    } while (value != 0);
    std::reverse(out, out + count);
    return count;
}

}  // namespace pw::rtl
