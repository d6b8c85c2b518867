// SPDX-License-Identifier: Apache-2.0
// The machine's processors as this process sees them.
#pragma once

#include <cstdint>
#include <vector>

namespace pw::platform {

// Processors that are online, at least 1.
[[nodiscard]] unsigned online_processor_count();
// Pins the calling thread to one processor (benchmarks). False when the OS refuses.
bool pin_current_thread(unsigned processor);

// The processors that this thread may run on, lowest first; empty if the OS does not say.
[[nodiscard]] std::vector<unsigned> usable_processors();

// Sets of processors below 64, one bit each. os_thread: of this process, by os_thread_id(); 0 as answer: the OS does not say.
[[nodiscard]] std::uint64_t thread_processors(std::uint32_t os_thread);
[[nodiscard]] bool set_thread_processors(std::uint32_t os_thread, std::uint64_t set);
// For every thread that the process has, and so for those that they start. False when the OS refuses for one of them.
[[nodiscard]] bool set_process_processors(std::uint64_t set);

}  // namespace pw::platform
