// SPDX-License-Identifier: Apache-2.0
// Timers by handle (NtCreateTimer, NtSetTimer, NtCancelTimer).
#pragma once

#include "kernel/services/caller.h"

namespace pw::nt {

[[nodiscard]] NamedHandle create_timer(const Caller& caller, const ObjectName& name, ACCESS_MASK access, TIMER_TYPE type);
// period_ms 0: once. *was_set: whether the timer was running. STATUS_INVALID_PARAMETER for a negative period.
[[nodiscard]] Status set_timer(const Caller& caller, std::uint64_t timer, LARGE_INTEGER due_time, LONG period_ms,
                               bool* was_set);
// *is_signalled: the timer's state, which cancelling leaves as it is.
[[nodiscard]] Status cancel_timer(const Caller& caller, std::uint64_t timer, bool* is_signalled);

}  // namespace pw::nt
