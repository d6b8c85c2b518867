// SPDX-License-Identifier: Apache-2.0
// Letter case of UTF-16 code units as NT's case-insensitive names have it: one unit to one unit, no locale.
#pragma once

namespace pw::rtl {

// The upper (lower) case of a unit; the unit itself where it has none. Any thread, any IRQL.
[[nodiscard]] char16_t upcase(char16_t c);
[[nodiscard]] char16_t downcase(char16_t c);

}  // namespace pw::rtl
