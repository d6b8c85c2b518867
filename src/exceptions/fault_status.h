// SPDX-License-Identifier: Apache-2.0
// Which exception NT raises for what a processor reports.
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/signals.h"

namespace pw::seh {

struct FaultStatus {
    std::uint32_t status = 0;
    bool is_access = false;       // a memory access: the record has the kind of access and the address
    bool address_known = false;   // false for an access to a non-canonical address
};

// `code` are the bytes at the instruction, as many as are readable (up to 15 matter); `registers` are consulted for the
// divisor of a failed division, `read64` for one in memory (false: unreadable).
[[nodiscard]] FaultStatus fault_status(const platform::FaultEvent& event, const std::uint8_t* code, std::size_t code_bytes,
                                       const platform::FaultRegisters& registers);

// True if the bytes begin a privileged instruction (hlt, cli, in, out, mov to a control register, wrmsr ...).
[[nodiscard]] bool is_privileged_instruction(const std::uint8_t* code, std::size_t code_bytes);

// Both of #DE's reasons look alike to Linux. True if the div or idiv at `code` has a divisor other than zero in a register
// or in readable memory: then the quotient was too large.
[[nodiscard]] bool is_quotient_overflow(const std::uint8_t* code, std::size_t code_bytes,
                                        const platform::FaultRegisters& registers);

}  // namespace pw::seh
