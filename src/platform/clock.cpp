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

}  // namespace pw::platform
