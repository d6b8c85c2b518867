// SPDX-License-Identifier: Apache-2.0
// How much memory the machine has and a process uses, as the system tells.
#pragma once

#include <cstdint>
#include <optional>

namespace pw::platform {

struct MachineMemory {
    std::uint64_t total_bytes = 0;
    std::uint64_t available_bytes = 0;
    std::uint64_t swap_total_bytes = 0;
    std::uint64_t swap_free_bytes = 0;
};
[[nodiscard]] std::optional<MachineMemory> machine_memory();

struct ProcessMemory {
    std::uint64_t resident_bytes = 0;
    std::uint64_t peak_resident_bytes = 0;
    std::uint64_t private_bytes = 0;  // anonymous memory, in RAM or swapped out
    std::uint64_t virtual_bytes = 0;
    std::uint64_t page_faults = 0;
};
// Nothing when there is no such process, or it is hidden from this one.
[[nodiscard]] std::optional<ProcessMemory> process_memory_of(std::uint32_t process_id);

}  // namespace pw::platform
