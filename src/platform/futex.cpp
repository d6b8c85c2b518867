// SPDX-License-Identifier: Apache-2.0
#include "platform/futex.h"

#include <cerrno>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace pw::platform {

bool futex_wait(const void* word, std::uint32_t expected, const SleepDeadline& deadline) {
    int operation = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG;
    timespec time;
    timespec* limit = nullptr;
    if (deadline.clock != SleepDeadline::Clock::never) {
        const std::int64_t time_ns = deadline.time_ns > 0 ? deadline.time_ns : 0;
        time = {static_cast<time_t>(time_ns / 1'000'000'000), static_cast<long>(time_ns % 1'000'000'000)};
        limit = &time;
        if (deadline.clock == SleepDeadline::Clock::realtime) operation |= FUTEX_CLOCK_REALTIME;
    }
    const int saved_errno = errno;
    const long result = ::syscall(SYS_futex, word, operation, expected, limit, nullptr, FUTEX_BITSET_MATCH_ANY);
    const bool in_time = result == 0 || errno != ETIMEDOUT;
    errno = saved_errno;
    return in_time;
}

void futex_wake(const void* word, int count) {
    const int saved_errno = errno;
    ::syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, nullptr, nullptr, 0);
    errno = saved_errno;
}

}  // namespace pw::platform
