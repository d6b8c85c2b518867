// SPDX-License-Identifier: Apache-2.0
// The OS clocks, in nanoseconds.
#pragma once

#include <cstdint>

namespace pw::platform {

// Never goes back; since the machine started, without sleep.
[[nodiscard]] std::int64_t monotonic_time_ns();
// Since 1970-01-01 UTC; may be set.
[[nodiscard]] std::int64_t realtime_ns();

// Processor time of a thread of this process, by os_thread_id(); 0 when there is none. It may have ended: 0, too.
[[nodiscard]] std::int64_t thread_time_ns(std::uint32_t os_thread);
// How far local time is ahead of UTC now.
[[nodiscard]] std::int64_t local_time_offset_seconds();
// How far local time was or will be ahead at a time since 1970 UTC.
[[nodiscard]] std::int64_t local_time_offset_seconds_at(std::int64_t utc_seconds);

}  // namespace pw::platform
