// SPDX-License-Identifier: Apache-2.0
// Letter case as the C locale of Microsoft's run-time library has it: the 26 letters of ASCII.
#pragma once

namespace pw::crt {

template <typename Char>
[[nodiscard]] constexpr Char to_lower(Char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<Char>(c + ('a' - 'A')) : c;
}

template <typename Char>
[[nodiscard]] constexpr Char to_upper(Char c) {
    return c >= 'a' && c <= 'z' ? static_cast<Char>(c - ('a' - 'A')) : c;
}

}  // namespace pw::crt
