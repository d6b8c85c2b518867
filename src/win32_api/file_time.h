// SPDX-License-Identifier: Apache-2.0
// Due times of the thread pool: FILETIME, negative for an interval, positive for a point in time, in 100 ns units.
#pragma once

#include <cstdint>

#include "win32/windows.h"

namespace pw::win32 {

[[nodiscard]] inline std::int64_t value_of(const FILETIME& time) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(time.dwHighDateTime) << 32 | time.dwLowDateTime);
}

// From now on; rounded up. 0: the time has come.
[[nodiscard]] inline std::uint64_t milliseconds_until(const FILETIME& due) {
    constexpr std::uint64_t ticks_per_ms = 10'000;
    const std::int64_t value = value_of(due);
    std::uint64_t ticks = 0;
    if (value <= 0) {
        ticks = -static_cast<std::uint64_t>(value);
    } else {
        FILETIME now;
        GetSystemTimeAsFileTime(&now);
        if (value > value_of(now)) ticks = static_cast<std::uint64_t>(value - value_of(now));
    }
    return (ticks + ticks_per_ms - 1) / ticks_per_ms;
}

}  // namespace pw::win32
