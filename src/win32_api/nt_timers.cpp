// SPDX-License-Identifier: Apache-2.0
// Timers, NtSignalAndWaitForSingleObject, NtTestAlert.
#include "win32_api/system_call.h"
#include "win32_api/user_apc.h"

using namespace pw::win32;

namespace {

template <typename In>
NTSTATUS open_timer(SystemCall<In>& call, PHANDLE handle, ACCESS_MASK desired_access, const OBJECT_ATTRIBUTES* object) {
    if (!probe_result(handle)) return STATUS_ACCESS_VIOLATION;
    call.in.desired_access = desired_access;
    PW_NT_TRY(call.payload.add_object(object, &call.in.object));
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status) && !write_user(handle, handle_of(call.out.handle))) return STATUS_ACCESS_VIOLATION;
    return status;
}

}  // namespace

NTSTATUS NTAPI NtCreateTimer(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object, TIMER_TYPE type) {
    PW_SYSTEM_CALL(NtCreateTimer);
    call.in.timer_type = static_cast<std::uint32_t>(type);
    return open_timer(call, handle, desired_access, object);
}

NTSTATUS NTAPI NtOpenTimer(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object) {
    PW_SYSTEM_CALL(NtOpenTimer);
    return open_timer(call, handle, desired_access, object);
}

NTSTATUS NTAPI NtSetTimer(HANDLE timer, PLARGE_INTEGER due_time, PTIMER_APC_ROUTINE routine, PVOID context, BOOLEAN resume,
                          LONG period, PBOOLEAN previous_state) {
    PW_SYSTEM_CALL(NtSetTimer);
    LARGE_INTEGER due{};
    if (!read_user(due_time, &due)) return STATUS_ACCESS_VIOLATION;
    if (previous_state != nullptr && !probe_result(previous_state)) return STATUS_ACCESS_VIOLATION;
    call.in.timer = wire_handle(timer);
    call.in.due_time_100ns = due.QuadPart;
    call.in.apc_routine = wire_address(reinterpret_cast<const void*>(routine));
    call.in.apc_context = wire_address(context);
    call.in.resume = wire_bool(resume);
    call.in.period_ms = period;
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) static_cast<void>(write_optional(previous_state, BOOLEAN{call.out.previous_state.value}));
    return status;
}

NTSTATUS NTAPI NtCancelTimer(HANDLE timer, PBOOLEAN current_state) {
    PW_SYSTEM_CALL(NtCancelTimer);
    if (current_state != nullptr && !probe_result(current_state)) return STATUS_ACCESS_VIOLATION;
    call.in.timer = wire_handle(timer);
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) static_cast<void>(write_optional(current_state, BOOLEAN{call.out.current_state.value}));
    return status;
}

NTSTATUS NTAPI NtSignalAndWaitForSingleObject(HANDLE signal, HANDLE wait, BOOLEAN alertable, PLARGE_INTEGER timeout) {
    PW_SYSTEM_CALL(NtSignalAndWaitForSingleObject);
    call.in.signal = wire_handle(signal);
    call.in.wait = wire_handle(wait);
    call.in.alertable = wire_bool(alertable);
    PW_NT_TRY(take_timeout(timeout, &call.in.timeout));
    return call.invoke();
}

NTSTATUS NTAPI NtTestAlert(void) {
    deliver_user_apcs();
    return STATUS_SUCCESS;
}
