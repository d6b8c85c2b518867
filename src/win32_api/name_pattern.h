// SPDX-License-Identifier: Apache-2.0
// Wildcards of FindFirstFile: * and ?, with the rules for the dot.
#pragma once

#include <string_view>

namespace pw::win32 {

// "*" any characters; "?" one character, or none in front of a dot and at the end; a dot that only wildcards follow also
// matches the end of a name without extension ("*.*" matches everything), and "*." names without a dot.
[[nodiscard]] bool matches_pattern(std::u16string_view pattern, std::u16string_view name, bool ignore_case);
[[nodiscard]] bool has_wildcards(std::u16string_view pattern);

}  // namespace pw::win32
