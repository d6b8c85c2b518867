// SPDX-License-Identifier: Apache-2.0
// Events, mutants and semaphores.
#include "win32_api/system_call.h"

using namespace pw::win32;

namespace {

// What every create and open call has in common.
template <typename In>
NTSTATUS open_object(SystemCall<In>& call, PHANDLE handle, ACCESS_MASK desired_access, const OBJECT_ATTRIBUTES* object) {
    if (!probe_result(handle)) return STATUS_ACCESS_VIOLATION;
    call.in.desired_access = desired_access;
    PW_NT_TRY(call.payload.add_object(object, &call.in.object));
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status) && !write_user(handle, handle_of(call.out.handle))) return STATUS_ACCESS_VIOLATION;
    return status;
}

template <typename In>
NTSTATUS change_event(HANDLE event, PLONG previous_state) {
    SystemCall<In> call;
    if (!call.has_port()) return no_port_status().code();
    if (previous_state != nullptr && !probe_result(previous_state)) return STATUS_ACCESS_VIOLATION;
    call.in.event = wire_handle(event);
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) static_cast<void>(write_optional(previous_state, LONG{call.out.previous_state}));
    return status;
}

}  // namespace

NTSTATUS NTAPI NtCreateEvent(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object, EVENT_TYPE type,
                             BOOLEAN initial_state) {
    PW_SYSTEM_CALL(NtCreateEvent);
    call.in.event_type = static_cast<std::uint32_t>(type);
    call.in.initial_state = wire_bool(initial_state);
    return open_object(call, handle, desired_access, object);
}

NTSTATUS NTAPI NtOpenEvent(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object) {
    PW_SYSTEM_CALL(NtOpenEvent);
    return open_object(call, handle, desired_access, object);
}

NTSTATUS NTAPI NtSetEvent(HANDLE event, PLONG previous_state) {
    return change_event<pw::nt::NtSetEventIn>(event, previous_state);
}
NTSTATUS NTAPI NtResetEvent(HANDLE event, PLONG previous_state) {
    return change_event<pw::nt::NtResetEventIn>(event, previous_state);
}
NTSTATUS NTAPI NtClearEvent(HANDLE event) { return NtResetEvent(event, nullptr); }
NTSTATUS NTAPI NtPulseEvent(HANDLE event, PLONG previous_state) {
    return change_event<pw::nt::NtPulseEventIn>(event, previous_state);
}

NTSTATUS NTAPI NtCreateMutant(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object, BOOLEAN initial_owner) {
    PW_SYSTEM_CALL(NtCreateMutant);
    call.in.initial_owner = wire_bool(initial_owner);
    return open_object(call, handle, desired_access, object);
}

NTSTATUS NTAPI NtOpenMutant(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object) {
    PW_SYSTEM_CALL(NtOpenMutant);
    return open_object(call, handle, desired_access, object);
}

NTSTATUS NTAPI NtReleaseMutant(HANDLE mutant, PLONG previous_count) {
    PW_SYSTEM_CALL(NtReleaseMutant);
    if (previous_count != nullptr && !probe_result(previous_count)) return STATUS_ACCESS_VIOLATION;
    call.in.mutant = wire_handle(mutant);
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) static_cast<void>(write_optional(previous_count, LONG{call.out.previous_count}));
    return status;
}

NTSTATUS NTAPI NtCreateSemaphore(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object, LONG initial_count,
                                 LONG maximum_count) {
    PW_SYSTEM_CALL(NtCreateSemaphore);
    call.in.initial_count = initial_count;
    call.in.maximum_count = maximum_count;
    return open_object(call, handle, desired_access, object);
}

NTSTATUS NTAPI NtOpenSemaphore(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object) {
    PW_SYSTEM_CALL(NtOpenSemaphore);
    return open_object(call, handle, desired_access, object);
}

NTSTATUS NTAPI NtReleaseSemaphore(HANDLE semaphore, LONG release_count, PLONG previous_count) {
    PW_SYSTEM_CALL(NtReleaseSemaphore);
    if (previous_count != nullptr && !probe_result(previous_count)) return STATUS_ACCESS_VIOLATION;
    call.in.semaphore = wire_handle(semaphore);
    call.in.release_count = release_count;
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) static_cast<void>(write_optional(previous_count, LONG{call.out.previous_count}));
    return status;
}
