// SPDX-License-Identifier: Apache-2.0
// Comparison, prefixes, hashes and searches of counted strings, with or without regard to case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pw::rtl {

enum class Case : bool { kSensitive, kInsensitive };

// As RtlCompareUnicodeString: the difference of the first units that differ (upper-cased when insensitive), else of the
// lengths.
[[nodiscard]] int compare(std::u16string_view a, std::u16string_view b, Case sensitivity);
[[nodiscard]] bool equal(std::u16string_view a, std::u16string_view b, Case sensitivity);
[[nodiscard]] bool is_prefix(std::u16string_view prefix, std::u16string_view text, Case sensitivity);
[[nodiscard]] bool is_suffix(std::u16string_view suffix, std::u16string_view text, Case sensitivity);

struct FindUnit {
    bool from_end = false;
    bool outside = false;  // a unit that is not in the set
    Case sensitivity = Case::kSensitive;
};
// The index of the first unit of `text` that is in the set (or, `outside`, is not); nullopt where there is none.
[[nodiscard]] std::optional<std::size_t> find_unit(std::u16string_view text, std::u16string_view set, const FindUnit& how);

// Bytes: only ASCII letters have case.
[[nodiscard]] char upcase_byte(char c);
[[nodiscard]] int compare(std::string_view a, std::string_view b, Case sensitivity);
[[nodiscard]] bool is_prefix(std::string_view prefix, std::string_view text, Case sensitivity);

// The documented x65599 hash: h = h * 65599 + unit.
[[nodiscard]] std::uint32_t hash_x65599(std::u16string_view text, Case sensitivity);

}  // namespace pw::rtl
