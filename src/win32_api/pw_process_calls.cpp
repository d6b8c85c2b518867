// SPDX-License-Identifier: Apache-2.0
#include "win32_api/pw_process_calls.h"

#include "win32_api/system_call.h"

namespace pw::win32 {

NTSTATUS pw_create_process(const ChildRequest& request, ChildObjects* child) {
    PW_SYSTEM_CALL(PwCreateProcess);
    nt::WireBytes name{};
    PW_NT_TRY(call.payload.add(request.image_name, request.image_name_length * static_cast<std::uint32_t>(sizeof(WCHAR)), &name));
    call.in.image_name = {name.offset, name.length_bytes};
    call.in.inherits_handles = wire_bool(request.inherits_handles);
    call.in.is_suspended = wire_bool(request.is_suspended);
    call.in.process_attributes = request.process_attributes;
    call.in.thread_attributes = request.thread_attributes;
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) *child = {handle_of(call.out.process), handle_of(call.out.thread), call.out.token, call.out.thread_id};
    return status;
}

NTSTATUS pw_inherit_handle(std::uint32_t token, HANDLE handle) {
    PW_SYSTEM_CALL(PwInheritHandle);
    call.in.token = token;
    call.in.handle = wire_handle(handle);
    return call.invoke();
}

NTSTATUS pw_child_started(std::uint32_t token, std::uint32_t process_id) {
    PW_SYSTEM_CALL(PwChildStarted);
    call.in.token = token;
    call.in.process_id = process_id;
    return call.invoke();
}

NTSTATUS pw_child_ended(std::uint32_t token, std::uint32_t exit_code) {
    PW_SYSTEM_CALL(PwChildEnded);
    call.in.token = token;
    call.in.exit_code = exit_code;
    return call.invoke();
}

NTSTATUS pw_query_process(HANDLE process, ULONG* process_id, ULONG* exit_code) {
    PW_SYSTEM_CALL(PwQueryProcess);
    call.in.process = wire_handle(process);
    const NTSTATUS status = call.invoke();
    *process_id = call.out.process_id;
    *exit_code = call.out.exit_code;
    return status;
}

NTSTATUS pw_exit_process(ULONG exit_code) {
    PW_SYSTEM_CALL(PwExitProcess);
    call.in.exit_code = exit_code;
    return call.invoke();
}

NTSTATUS pw_open_process(ACCESS_MASK access, ULONG attributes, ULONG process_id, HANDLE* handle) {
    PW_SYSTEM_CALL(NtOpenProcess);
    call.in.desired_access = access;
    call.in.attributes = attributes;
    call.in.process_id = process_id;
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) *handle = handle_of(call.out.handle);
    return status;
}

NTSTATUS pw_terminate_process(HANDLE process, ULONG exit_code, bool* ends_itself) {
    PW_SYSTEM_CALL(NtTerminateProcess);
    call.in.process = wire_handle(process);
    call.in.exit_code = exit_code;
    const NTSTATUS status = call.invoke();
    *ends_itself = call.out.ends_itself.value != 0;
    return status;
}

NTSTATUS pw_open_thread(ACCESS_MASK access, ULONG attributes, ULONG thread_id, HANDLE* handle) {
    PW_SYSTEM_CALL(NtOpenThread);
    call.in.desired_access = access;
    call.in.attributes = attributes;
    call.in.thread_id = thread_id;
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) *handle = handle_of(call.out.handle);
    return status;
}

namespace {

template <typename In>
NTSTATUS change_suspension(HANDLE thread, ULONG* previous, ULONG* thread_id) {
    SystemCall<In> call;
    if (!call.has_port()) return no_port_status().code();
    call.in.thread = wire_handle(thread);
    const NTSTATUS status = call.invoke();
    *previous = call.out.previous_count;
    *thread_id = call.out.thread_id;
    return status;
}

}  // namespace

NTSTATUS pw_suspend_thread(HANDLE thread, ULONG* previous, ULONG* thread_id) {
    return change_suspension<nt::NtSuspendThreadIn>(thread, previous, thread_id);
}

NTSTATUS pw_resume_thread(HANDLE thread, ULONG* previous, ULONG* thread_id) {
    return change_suspension<nt::NtResumeThreadIn>(thread, previous, thread_id);
}

NTSTATUS pw_await_resume() {
    PW_SYSTEM_CALL(PwAwaitResume);
    return call.invoke();
}

NTSTATUS pw_terminate_thread(HANDLE thread, ULONG exit_code, ULONG* thread_id) {
    PW_SYSTEM_CALL(NtTerminateThread);
    call.in.thread = wire_handle(thread);
    call.in.exit_code = exit_code;
    const NTSTATUS status = call.invoke();
    *thread_id = call.out.thread_id;
    return status;
}

NTSTATUS pw_thread_priority(HANDLE thread, bool sets, LONG* value) {
    PW_SYSTEM_CALL(PwThreadPriority);
    call.in.thread = wire_handle(thread);
    call.in.has_value = wire_bool(sets);
    call.in.value = *value;
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) *value = call.out.value;
    return status;
}

NTSTATUS pw_handle_flags(HANDLE handle, ULONG mask, ULONG* flags) {
    PW_SYSTEM_CALL(PwHandleFlags);
    call.in.handle = wire_handle(handle);
    call.in.mask = mask;
    call.in.flags = *flags;
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status)) *flags = call.out.flags;
    return status;
}

}  // namespace pw::win32
