// SPDX-License-Identifier: Apache-2.0
// AddressPlan: which addresses the system window and the processes' slots take; chosen once at start.
#pragma once

#include <cstdint>
#include <span>

namespace pw::mm {

struct AddressPlan {
    std::uint64_t window_base = 0;
    std::uint64_t window_bytes = 0;
    std::uint64_t slots_base = 0;
    std::uint64_t slot_bytes = 0;
    std::uint32_t slot_count = 0;

    [[nodiscard]] constexpr std::uint64_t slots_end() const { return slots_base + slot_bytes * slot_count; }
};

// Plans that suit this build, best first; the second and later ones are for when the addresses are taken. Sanitizers
// forbid ranges: ASan's shadow takes 0x40_0000_0000 to a little above 0x1000_0000_0000, TSan allows an application's
// memory only below 0x80_0000_0000 and above 0x7e90_0000_0000, hence a smaller plan there.
[[nodiscard]] std::span<const AddressPlan> address_plans();

}  // namespace pw::mm
