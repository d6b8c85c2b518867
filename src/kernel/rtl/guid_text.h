// SPDX-License-Identifier: Apache-2.0
// GUIDs as text: {12345678-9ABC-DEF0-1234-56789ABCDEF0}.
#pragma once

#include <guiddef.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace pw::rtl {

inline constexpr std::size_t k_guid_text_units = 38;
// Writes k_guid_text_units units, upper-case digits, no terminator.
void print_guid(const GUID& guid, char16_t* out);
// nullopt unless the text is exactly one GUID in braces.
[[nodiscard]] std::optional<GUID> parse_guid(std::u16string_view text);

}  // namespace pw::rtl
