// SPDX-License-Identifier: Apache-2.0
// The machine's processors as this process sees them.
#pragma once

namespace pw::platform {

// Processors that are online, at least 1.
[[nodiscard]] unsigned online_processor_count();
// Pins the calling thread to one processor (benchmarks). False when the OS refuses.
bool pin_current_thread(unsigned processor);

}  // namespace pw::platform
