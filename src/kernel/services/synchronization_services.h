// SPDX-License-Identifier: Apache-2.0
// Events, mutants, semaphores and waits by handle (NtCreateEvent … NtWaitForMultipleObjects).
#pragma once

#include <span>

#include "kernel/services/caller.h"

namespace pw::nt {

[[nodiscard]] NamedHandle create_event(const Caller& caller, const ObjectName& name, ACCESS_MASK access, EVENT_TYPE type,
                                       bool initial_state);
[[nodiscard]] Status set_event(const Caller& caller, std::uint64_t event, LONG* previous);
[[nodiscard]] Status reset_event(const Caller& caller, std::uint64_t event, LONG* previous);
[[nodiscard]] Status pulse_event(const Caller& caller, std::uint64_t event, LONG* previous);
[[nodiscard]] NamedHandle create_mutant(const Caller& caller, const ObjectName& name, ACCESS_MASK access, bool initial_owner);
[[nodiscard]] Status release_mutant(const Caller& caller, std::uint64_t mutant, LONG* previous);
[[nodiscard]] NamedHandle create_semaphore(const Caller& caller, const ObjectName& name, ACCESS_MASK access, LONG initial,
                                           LONG maximum);
[[nodiscard]] Status release_semaphore(const Caller& caller, std::uint64_t semaphore, LONG count, LONG* previous);

// timeout: null waits for ever. The result is a wait status: STATUS_WAIT_0 + n, STATUS_TIMEOUT, STATUS_ABANDONED_WAIT_0 + n …
// What a wait on an object really waits on; null for types that cannot be waited on.
[[nodiscard]] DISPATCHER_HEADER* waitable_header(ob::Object& object);
[[nodiscard]] Status wait_for_single_object(const Caller& caller, std::uint64_t handle, bool alertable,
                                            const LARGE_INTEGER* timeout);
[[nodiscard]] Status wait_for_multiple_objects(const Caller& caller, std::span<const std::uint64_t> handles, WAIT_TYPE type,
                                               bool alertable, const LARGE_INTEGER* timeout);
[[nodiscard]] Status delay_execution(const Caller& caller, bool alertable, const LARGE_INTEGER* interval);

}  // namespace pw::nt
