// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines of timers, mutants, semaphores and delays.
#include <nt/zw.h>

#include "kernel/services/synchronization_services.h"
#include "kernel/services/timer_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::kernel_caller;

namespace {

std::uint64_t value_of(HANDLE handle) { return reinterpret_cast<std::uint64_t>(handle); }

// Decodes the name, creates, encodes the handle.
template <typename Create>
NTSTATUS create_named(PHANDLE handle, POBJECT_ATTRIBUTES attributes, Create create) {
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    const nt::NamedHandle created = create(caller, *name);
    if (created.status.is_success()) *handle = reinterpret_cast<HANDLE>(created.handle);
    return created.status.code();
}

NTSTATUS open_named(const ob::ObjectType& type, PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    auto opened = nt::open_by_name(caller, *name, type, access);
    if (!opened) return opened.status().code();
    *handle = reinterpret_cast<HANDLE>(*opened);
    return STATUS_SUCCESS;
}

NTSTATUS finish(Status status, LONG value, PLONG target) {
    if (status.is_success() && target) *target = value;
    return status.code();
}

NTSTATUS finish(Status status, bool value, PBOOLEAN target) {
    if (status.is_success() && target) *target = value;
    return status.code();
}

}  // namespace

extern "C" {

NTSTATUS NTAPI ZwCreateTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, TIMER_TYPE type) {
    PW_IRQL_LIMIT(ZwCreateTimer);
    return create_named(handle, attributes, [&](const nt::Caller& caller, const nt::ObjectName& name) {
        return nt::create_timer(caller, name, access, type);
    });
}

NTSTATUS NTAPI ZwOpenTimer(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwOpenTimer);
    return open_named(ob::timer_type, handle, access, attributes);
}

NTSTATUS NTAPI ZwSetTimer(HANDLE timer, PLARGE_INTEGER due_time, PTIMER_APC_ROUTINE apc_routine, PVOID context, BOOLEAN resume,
                          LONG period, PBOOLEAN previous) {
    PW_IRQL_LIMIT(ZwSetTimer);
    bool was_set = false;
    const Status status =
        nt::set_timer(kernel_caller(), value_of(timer), *due_time, period, &was_set,
                      {.routine = reinterpret_cast<std::uint64_t>(apc_routine), .context = reinterpret_cast<std::uint64_t>(context)});
    const NTSTATUS result = finish(status, was_set, previous);
    // A success: the timer is set, but no machine wakes for it.
    return NT_SUCCESS(result) && resume ? STATUS_TIMER_RESUME_IGNORED : result;
}

NTSTATUS NTAPI ZwCancelTimer(HANDLE timer, PBOOLEAN state) {
    PW_IRQL_LIMIT(ZwCancelTimer);
    bool is_signalled = false;
    const Status status = nt::cancel_timer(kernel_caller(), value_of(timer), &is_signalled);
    return finish(status, is_signalled, state);
}

NTSTATUS NTAPI ZwCreateMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, BOOLEAN initial_owner) {
    PW_IRQL_LIMIT(ZwCreateMutant);
    return create_named(handle, attributes, [&](const nt::Caller& caller, const nt::ObjectName& name) {
        return nt::create_mutant(caller, name, access, initial_owner != FALSE);
    });
}

NTSTATUS NTAPI ZwOpenMutant(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwOpenMutant);
    return open_named(ob::mutant_type, handle, access, attributes);
}

NTSTATUS NTAPI ZwReleaseMutant(HANDLE mutant, PLONG previous) {
    PW_IRQL_LIMIT(ZwReleaseMutant);
    LONG value = 0;
    const Status status = nt::release_mutant(kernel_caller(), value_of(mutant), &value);
    return finish(status, value, previous);
}

NTSTATUS NTAPI ZwCreateSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, LONG initial,
                                 LONG maximum) {
    PW_IRQL_LIMIT(ZwCreateSemaphore);
    return create_named(handle, attributes, [&](const nt::Caller& caller, const nt::ObjectName& name) {
        return nt::create_semaphore(caller, name, access, initial, maximum);
    });
}

NTSTATUS NTAPI ZwOpenSemaphore(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwOpenSemaphore);
    return open_named(ob::semaphore_type, handle, access, attributes);
}

NTSTATUS NTAPI ZwReleaseSemaphore(HANDLE semaphore, LONG count, PLONG previous) {
    PW_IRQL_LIMIT(ZwReleaseSemaphore);
    LONG value = 0;
    const Status status = nt::release_semaphore(kernel_caller(), value_of(semaphore), count, &value);
    return finish(status, value, previous);
}

NTSTATUS NTAPI ZwPulseEvent(HANDLE event, PLONG previous) {
    PW_IRQL_LIMIT(ZwPulseEvent);
    LONG value = 0;
    const Status status = nt::pulse_event(kernel_caller(), value_of(event), &value);
    return finish(status, value, previous);
}

NTSTATUS NTAPI ZwDelayExecution(BOOLEAN alertable, PLARGE_INTEGER interval) {
    PW_IRQL_LIMIT(ZwDelayExecution);
    return nt::delay_execution(kernel_caller(), alertable != FALSE, interval).code();
}

}  // extern "C"
