// SPDX-License-Identifier: Apache-2.0
// What the kinds of spin locks share: how long to spin, and sleeping on the low half of a 64-bit word.
#pragma once

#include <cstdint>

#include "platform/futex.h"

namespace pw::ke {

// Some microseconds: longer than an honest holder needs, shorter than a time slice of a preempted one.
inline constexpr int spins_before_sleep = 200;

// Sleeps while the low 32 bits of `word` are those of `seen` (x64 is little-endian).
inline void sleep_on_low_half(const volatile void* word, std::uint64_t seen) {
    platform::futex_wait(const_cast<const void*>(word), static_cast<std::uint32_t>(seen));
}
inline void sleep_on_low_half(const std::uint64_t& word, std::uint64_t seen) { sleep_on_low_half(&word, seen); }
inline void wake_low_half(const std::uint64_t& word) { platform::futex_wake(&word); }

}  // namespace pw::ke
