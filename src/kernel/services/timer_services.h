// SPDX-License-Identifier: Apache-2.0
// Services of timers with names and handles, for applications (waitable timers) and drivers (Zw…Timer).
#pragma once

#include "kernel/services/caller.h"

namespace pw::nt {

// A completion routine of the caller's thread, queued at each expiry: as a user APC, or for a caller in kernel mode as a normal
// kernel APC.
struct TimerRoutine {
    std::uint64_t routine = 0;  // 0: none
    std::uint64_t context = 0;
};

[[nodiscard]] NamedHandle create_timer(const Caller& caller, const ObjectName& name, ACCESS_MASK access, TIMER_TYPE type);
[[nodiscard]] Status set_timer(const Caller& caller, std::uint64_t timer, LARGE_INTEGER due_time, LONG period_ms,
                               bool* was_set, const TimerRoutine& routine = {});
[[nodiscard]] Status cancel_timer(const Caller& caller, std::uint64_t timer, bool* is_signalled);

}  // namespace pw::nt
