// SPDX-License-Identifier: Apache-2.0
// Time as NT counts it: 100 ns units.
#pragma once

#include <nt/ke_types.h>

#include <cstdint>

namespace pw::ke {

// Ticks of the clock that KeQueryTickCount counts, in 100 ns units: 15.625 ms, as on x64 Windows.
inline constexpr ULONG time_increment = 156250;
inline constexpr std::int64_t performance_frequency = 10'000'000;
// 1970-01-01 in system time.
inline constexpr std::int64_t unix_epoch = 116'444'736'000'000'000;

// Since 1601-01-01 UTC.
[[nodiscard]] std::int64_t system_time();
// Moves what system_time() says, as if the clock had been set; Dispatcher::system_time_changed() has to follow.
void shift_system_time_for_test(std::int64_t shift_100ns);
// The OS's CLOCK_REALTIME, in nanoseconds, at that system time; not before 1970.
[[nodiscard]] std::int64_t realtime_ns_at(std::int64_t system_time_100ns);
// Since the machine started, without sleep; monotonic.
[[nodiscard]] std::uint64_t interrupt_time();
// Ten million per second, monotonic.
[[nodiscard]] std::int64_t performance_counter();
// How far the host's local time is ahead of UTC now.
[[nodiscard]] std::int64_t local_time_offset_100ns();

// The finest resolution that a driver may ask for: 0.5 ms.
inline constexpr ULONG finest_resolution = 5000;
// What drivers have asked for (ExSetTimerResolution). Timers here expire when they are due, whatever it is.
class TimerResolution {
public:
    // set: at least this fine from now on; else the driver takes its wish back. Returns the resolution, in 100 ns units.
    static ULONG change(ULONG desired_100ns, bool set);
    [[nodiscard]] static ULONG current();
};

// Busy for that long. Any IRQL.
void stall(std::uint32_t microseconds);

}  // namespace pw::ke
