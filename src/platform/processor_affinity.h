// SPDX-License-Identifier: Apache-2.0
// The machine's processors as this process sees them.
#pragma once

#include <vector>

namespace pw::platform {

// Processors that are online, at least 1.
[[nodiscard]] unsigned online_processor_count();
// Pins the calling thread to one processor (benchmarks). False when the OS refuses.
bool pin_current_thread(unsigned processor);

// The processors that this thread may run on, lowest first; empty if the OS does not say.
[[nodiscard]] std::vector<unsigned> usable_processors();

}  // namespace pw::platform
