// SPDX-License-Identifier: Apache-2.0
// Services of user APCs: queueing one to a thread, and taking the calling thread's own.
#pragma once

#include "kernel/services/caller.h"

namespace pw::nt {

// STATUS_INVALID_PARAMETER for an unknown kind, STATUS_UNSUCCESSFUL when the thread has ended.
[[nodiscard]] Status queue_user_apc(const Caller& caller, std::uint64_t thread, const ps::UserApc& apc);
// STATUS_NO_MORE_ENTRIES; STATUS_THREAD_IS_TERMINATING: the thread shall end.
[[nodiscard]] Status take_user_apc(const Caller& caller, ps::UserApc* apc);
// Signals an event, mutant or semaphore, then waits. Both handles are looked at before anything happens.
[[nodiscard]] Status signal_and_wait(const Caller& caller, std::uint64_t signal, std::uint64_t wait, bool alertable,
                                     const LARGE_INTEGER* timeout);

}  // namespace pw::nt
