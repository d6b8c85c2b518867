// SPDX-License-Identifier: Apache-2.0
// Moves the program's .data and .bss into shareable memory, so that drivers reach static buffers without a copy.
#pragma once

#include <cstdint>

namespace pw::win32 {

struct ImageRange {
    std::uint64_t base = 0;
    std::uint64_t length_bytes = 0;  // 0: none
};

// The writable pages of the program itself (not of its libraries) that the loader leaves writable.
[[nodiscard]] ImageRange program_data_range();
// Before main, with no other thread of the program alive. What cannot be moved stays, and is copied when a driver uses it.
void adopt_program_data();
// The range that was moved; length 0 when none was.
[[nodiscard]] ImageRange adopted_program_data();

}  // namespace pw::win32
