// SPDX-License-Identifier: Apache-2.0
// NtClose, NtDuplicateObject, and the waits.
#include "win32_api/system_call.h"

using namespace pw::win32;

NTSTATUS NTAPI NtClose(HANDLE handle) {
    PW_SYSTEM_CALL(NtClose);
    call.in.handle = wire_handle(handle);
    return call.invoke();
}

NTSTATUS NTAPI NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process, PHANDLE target,
                                 ACCESS_MASK desired_access, ULONG attributes, ULONG options) {
    PW_SYSTEM_CALL(NtDuplicateObject);
    // Null with DUPLICATE_CLOSE_SOURCE: only the source is closed.
    if (target != nullptr && !probe_result(target)) return STATUS_ACCESS_VIOLATION;
    call.in.source_process = wire_handle(source_process);
    call.in.source = wire_handle(source);
    call.in.target_process = wire_handle(target_process);
    call.in.desired_access = desired_access;
    call.in.attributes = attributes;
    call.in.options = options;
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status) && !write_optional(target, handle_of(call.out.handle))) return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NTAPI NtWaitForSingleObject(HANDLE object, BOOLEAN alertable, PLARGE_INTEGER timeout) {
    PW_SYSTEM_CALL(NtWaitForSingleObject);
    call.in.object = wire_handle(object);
    call.in.alertable = wire_bool(alertable);
    PW_NT_TRY(take_timeout(timeout, &call.in.timeout));
    return call.invoke();
}

NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG count, HANDLE handles[], WAIT_TYPE wait_type, BOOLEAN alertable,
                                        PLARGE_INTEGER timeout) {
    PW_SYSTEM_CALL(NtWaitForMultipleObjects);
    // MAXIMUM_WAIT_OBJECTS
    if (count == 0 || count > 64) return STATUS_INVALID_PARAMETER_1;
    call.in.count = count;
    call.in.wait_type = static_cast<std::uint32_t>(wait_type);
    call.in.alertable = wire_bool(alertable);
    PW_NT_TRY(take_timeout(timeout, &call.in.timeout));
    PW_NT_TRY(call.payload.add(handles, count * static_cast<std::uint32_t>(sizeof(HANDLE)), &call.in.handles));
    return call.invoke();
}

NTSTATUS NTAPI NtDelayExecution(BOOLEAN alertable, PLARGE_INTEGER interval) {
    PW_SYSTEM_CALL(NtDelayExecution);
    if (interval == nullptr) return STATUS_ACCESS_VIOLATION;
    call.in.alertable = wire_bool(alertable);
    PW_NT_TRY(take_timeout(interval, &call.in.interval));
    return call.invoke();
}
