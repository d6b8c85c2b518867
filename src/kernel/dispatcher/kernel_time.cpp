// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/kernel_time.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>

#include "platform/clock.h"

namespace pw::ke {
namespace {

std::atomic<std::int64_t> shift{0};

// The machine's clock is one, whatever kernel asks.
std::mutex resolution_lock;
ULONG resolution = time_increment;
unsigned resolution_wishes = 0;

}  // namespace

std::int64_t system_time() { return platform::realtime_ns() / 100 + unix_epoch + shift.load(std::memory_order_relaxed); }

void shift_system_time_for_test(std::int64_t shift_100ns) { shift.store(shift_100ns); }

std::int64_t realtime_ns_at(std::int64_t system_time_100ns) {
    // What is further away than the OS's clock can count (290 years) does not come.
    constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max() / 200;
    const std::int64_t since_unix_epoch = system_time_100ns - unix_epoch - shift.load(std::memory_order_relaxed);
    return std::clamp<std::int64_t>(since_unix_epoch, 0, latest) * 100;
}

std::uint64_t interrupt_time() { return static_cast<std::uint64_t>(platform::monotonic_time_ns()) / 100; }

std::int64_t performance_counter() { return platform::monotonic_time_ns() / 100; }

std::int64_t local_time_offset_100ns() { return platform::local_time_offset_seconds() * 10'000'000; }

ULONG TimerResolution::change(ULONG desired_100ns, bool set) {
    std::lock_guard lock(resolution_lock);
    if (set) {
        ++resolution_wishes;
        resolution = std::min(resolution, std::max(desired_100ns, finest_resolution));
    } else if (resolution_wishes != 0 && --resolution_wishes == 0) {
        resolution = time_increment;
    }
    return resolution;
}

ULONG TimerResolution::current() {
    std::lock_guard lock(resolution_lock);
    return resolution;
}

void stall(std::uint32_t microseconds) {
    const std::int64_t end_ns = platform::monotonic_time_ns() + std::int64_t{microseconds} * 1000;
    while (platform::monotonic_time_ns() < end_ns) __builtin_ia32_pause();
}

}  // namespace pw::ke
