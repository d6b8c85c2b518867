// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/strings.h"

#include <algorithm>

#include "kernel/rtl/letter_case.h"

namespace pw::rtl {
namespace {

char16_t folded(char16_t c, Case sensitivity) { return sensitivity == Case::kInsensitive ? upcase(c) : c; }
unsigned char folded(char c, Case sensitivity) {
    return static_cast<unsigned char>(sensitivity == Case::kInsensitive ? upcase_byte(c) : c);
}

template <typename Char>
int compare_units(std::basic_string_view<Char> a, std::basic_string_view<Char> b, Case sensitivity) {
    const std::size_t common = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < common; ++i) {
        const int difference = folded(a[i], sensitivity) - folded(b[i], sensitivity);
        if (difference != 0) return difference;
    }
    return static_cast<int>(a.size()) - static_cast<int>(b.size());
}

}  // namespace

int compare(std::u16string_view a, std::u16string_view b, Case sensitivity) { return compare_units(a, b, sensitivity); }

bool equal(std::u16string_view a, std::u16string_view b, Case sensitivity) {
    return a.size() == b.size() && compare(a, b, sensitivity) == 0;
}

bool is_prefix(std::u16string_view prefix, std::u16string_view text, Case sensitivity) {
    return prefix.size() <= text.size() && equal(prefix, text.substr(0, prefix.size()), sensitivity);
}

bool is_suffix(std::u16string_view suffix, std::u16string_view text, Case sensitivity) {
    return suffix.size() <= text.size() && equal(suffix, text.substr(text.size() - suffix.size()), sensitivity);
}

char upcase_byte(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

int compare(std::string_view a, std::string_view b, Case sensitivity) { return compare_units(a, b, sensitivity); }

bool is_prefix(std::string_view prefix, std::string_view text, Case sensitivity) {
    return prefix.size() <= text.size() && compare(prefix, text.substr(0, prefix.size()), sensitivity) == 0;
}

std::uint32_t hash_x65599(std::u16string_view text, Case sensitivity) {
    std::uint32_t hash = 0;
    for (const char16_t c : text) hash = hash * 65599u + folded(c, sensitivity);
    return hash;
}

std::optional<std::size_t> find_unit(std::u16string_view text, std::u16string_view set, const FindUnit& how) {
    const auto matches = [&](char16_t c) {
        for (const char16_t member : set) {
            if (c == member || (how.sensitivity == Case::kInsensitive && upcase(c) == upcase(member))) return !how.outside;
        }
        return how.outside;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t at = how.from_end ? text.size() - 1 - i : i;
        if (matches(text[at])) return at;
    }
    return std::nullopt;
}

}  // namespace pw::rtl
