// SPDX-License-Identifier: Apache-2.0
// Pins the calling thread to one processor and tells which ones there are (Linux).
#pragma once

#include <string>

namespace pw::bench {

// True if this process may run on `cpu`.
[[nodiscard]] bool processor_is_usable(int cpu);

// Pins the calling thread. False if the processor does not exist or is not allowed.
[[nodiscard]] bool pin_this_thread(int cpu);

// "0|1": the processors of the two sides, as the reports print them.
[[nodiscard]] std::string placement_text(int cpu_a, int cpu_b);

// One instruction that tells the processor that this is a spin loop.
inline void spin_pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

} // namespace pw::bench
