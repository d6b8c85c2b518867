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
// Since the machine started, without sleep; monotonic.
[[nodiscard]] std::uint64_t interrupt_time();
// Ten million per second, monotonic.
[[nodiscard]] std::int64_t performance_counter();
// Busy for that long. Any IRQL.
void stall(std::uint32_t microseconds);

}  // namespace pw::ke
