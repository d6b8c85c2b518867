// SPDX-License-Identifier: Apache-2.0
// The OS clocks, in nanoseconds.
#pragma once

#include <cstdint>

namespace pw::platform {

// Never goes back; since the machine started, without sleep.
[[nodiscard]] std::int64_t monotonic_time_ns();
// Since 1970-01-01 UTC; may be set.
[[nodiscard]] std::int64_t realtime_ns();

}  // namespace pw::platform
