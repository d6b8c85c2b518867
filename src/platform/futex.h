// SPDX-License-Identifier: Apache-2.0
// Sleeping on a 32-bit word of this process, and waking who sleeps there.
#pragma once

#include <atomic>
#include <cstdint>

namespace pw::platform {

// When a sleep ends by itself. Nanoseconds of CLOCK_MONOTONIC, or of CLOCK_REALTIME (then it follows changes of the clock).
struct SleepDeadline {
    enum class Clock : std::uint8_t { never, monotonic, realtime };
    Clock clock = Clock::never;
    std::int64_t time_ns = 0;

    [[nodiscard]] static SleepDeadline never() { return {}; }
    [[nodiscard]] static SleepDeadline at_monotonic(std::int64_t time_ns) { return {Clock::monotonic, time_ns}; }
    [[nodiscard]] static SleepDeadline at_realtime(std::int64_t time_ns) { return {Clock::realtime, time_ns}; }
};

// Sleeps while *word == expected. False when the deadline has passed; true otherwise, spurious returns included: look at
// the word again. `word` may lie in memory that is no std::atomic (a driver's spin lock).
bool futex_wait(const void* word, std::uint32_t expected, const SleepDeadline& deadline = {});
// Wakes up to `count` sleepers. The address may be stale: then nothing happens, or somebody wakes spuriously.
void futex_wake(const void* word, int count = 1);

inline constexpr int wake_all = 0x7fffffff;

}  // namespace pw::platform
