// SPDX-License-Identifier: Apache-2.0
#include "platform/clock.h"

#include <time.h>

namespace pw::platform {
namespace {

std::int64_t read_clock_ns(clockid_t clock) {
    timespec time;
    ::clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::int64_t monotonic_time_ns() { return read_clock_ns(CLOCK_MONOTONIC); }

std::int64_t realtime_ns() { return read_clock_ns(CLOCK_REALTIME); }

std::int64_t thread_time_ns(std::uint32_t os_thread) {
    if (os_thread == 0) return 0;
    // The kernel's encoding of "processor time of that thread" (clock_getres(2), CPUCLOCK_SCHED per thread).
    const auto clock = static_cast<clockid_t>((~os_thread << 3) | 6u);
    timespec time;
    if (::clock_gettime(clock, &time) != 0) return 0;
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::int64_t local_time_offset_seconds() {
    const time_t now = ::time(nullptr);
    tm local = {};
    return ::localtime_r(&now, &local) ? local.tm_gmtoff : 0;
}

std::int64_t local_time_offset_seconds_at(std::int64_t utc_seconds) {
    const auto then = static_cast<time_t>(utc_seconds);
    tm local = {};
    return ::localtime_r(&then, &local) ? local.tm_gmtoff : 0;
}

}  // namespace pw::platform
