// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/kernel_time.h"

#include "platform/clock.h"

namespace pw::ke {

std::int64_t system_time() { return platform::realtime_ns() / 100 + unix_epoch; }

std::uint64_t interrupt_time() { return static_cast<std::uint64_t>(platform::monotonic_time_ns()) / 100; }

std::int64_t performance_counter() { return platform::monotonic_time_ns() / 100; }

void stall(std::uint32_t microseconds) {
    const std::int64_t end_ns = platform::monotonic_time_ns() + std::int64_t{microseconds} * 1000;
    while (platform::monotonic_time_ns() < end_ns) __builtin_ia32_pause();
}

}  // namespace pw::ke
