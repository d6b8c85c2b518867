// SPDX-License-Identifier: Apache-2.0
#include "win32_api/pw_calls.h"

#include "win32_api/system_call.h"

namespace pw::win32 {
namespace {

NTSTATUS add_text(PayloadBuilder& payload, ServiceText text, nt::WireString* field) {
    if (text.length > nt::max_wire_string_bytes / 2) return STATUS_NAME_TOO_LONG;
    nt::WireBytes bytes{};
    const NTSTATUS status = payload.add(text.text, text.length * 2, &bytes);
    *field = {bytes.offset, bytes.length_bytes};
    return status == STATUS_INVALID_BUFFER_SIZE ? STATUS_NAME_TOO_LONG : status;
}

template <typename Out>
ServiceState state_of(const Out& out) {
    return {out.win32_error, out.current_state, out.service_type, out.controls_accepted, out.exit_code};
}

}  // namespace

NTSTATUS pw_create_thread(ACCESS_MASK desired_access, HANDLE* handle, std::uint64_t* token, ULONG* thread_id) {
    PW_SYSTEM_CALL(PwCreateThread);
    call.in.desired_access = desired_access;
    const NTSTATUS status = call.invoke();
    *handle = handle_of(call.out.handle);
    *token = call.out.token;
    *thread_id = call.out.thread_id;
    return status;
}

NTSTATUS pw_exit_thread(ULONG exit_code) {
    PW_SYSTEM_CALL(PwExitThread);
    call.in.exit_code = exit_code;
    return call.invoke();
}

NTSTATUS pw_query_thread(HANDLE thread, ULONG* exit_code, ULONG* thread_id) {
    PW_SYSTEM_CALL(PwQueryThread);
    call.in.thread = wire_handle(thread);
    const NTSTATUS status = call.invoke();
    *exit_code = call.out.exit_code;
    *thread_id = call.out.thread_id;
    return status;
}

NTSTATUS pw_scm_open(ACCESS_MASK desired_access, HANDLE* manager) {
    PW_SYSTEM_CALL(PwScmOpen);
    call.in.desired_access = desired_access;
    const NTSTATUS status = call.invoke();
    *manager = handle_of(call.out.handle);
    return status;
}

NTSTATUS pw_scm_create_service(HANDLE manager, ServiceText service, ServiceText display_name, ServiceText binary_path,
                               ACCESS_MASK desired_access, ULONG service_type, ULONG start_type, ULONG error_control,
                               HANDLE* handle, ULONG* win32_error) {
    PW_SYSTEM_CALL(PwScmCreateService);
    call.in.manager = wire_handle(manager);
    PW_NT_TRY(add_text(call.payload, service, &call.in.service));
    PW_NT_TRY(add_text(call.payload, display_name, &call.in.display_name));
    PW_NT_TRY(add_text(call.payload, binary_path, &call.in.binary_path));
    call.in.desired_access = desired_access;
    call.in.service_type = service_type;
    call.in.start_type = start_type;
    call.in.error_control = error_control;
    const NTSTATUS status = call.invoke();
    *handle = handle_of(call.out.handle);
    *win32_error = call.out.win32_error;
    return status;
}

NTSTATUS pw_scm_open_service(HANDLE manager, ServiceText service, ACCESS_MASK desired_access, HANDLE* handle,
                             ULONG* win32_error) {
    PW_SYSTEM_CALL(PwScmOpenService);
    call.in.manager = wire_handle(manager);
    PW_NT_TRY(add_text(call.payload, service, &call.in.service));
    call.in.desired_access = desired_access;
    const NTSTATUS status = call.invoke();
    *handle = handle_of(call.out.handle);
    *win32_error = call.out.win32_error;
    return status;
}

NTSTATUS pw_scm_start_service(HANDLE service, ULONG* win32_error) {
    PW_SYSTEM_CALL(PwScmStartService);
    call.in.service = wire_handle(service);
    const NTSTATUS status = call.invoke();
    *win32_error = call.out.win32_error;
    return status;
}

NTSTATUS pw_scm_control_service(HANDLE service, ULONG control, ServiceState* state) {
    PW_SYSTEM_CALL(PwScmControlService);
    call.in.service = wire_handle(service);
    call.in.control = control;
    const NTSTATUS status = call.invoke();
    *state = state_of(call.out);
    return status;
}

NTSTATUS pw_scm_query_service(HANDLE service, ServiceState* state) {
    PW_SYSTEM_CALL(PwScmQueryService);
    call.in.service = wire_handle(service);
    const NTSTATUS status = call.invoke();
    *state = state_of(call.out);
    return status;
}

NTSTATUS pw_scm_delete_service(HANDLE service, ULONG* win32_error) {
    PW_SYSTEM_CALL(PwScmDeleteService);
    call.in.service = wire_handle(service);
    const NTSTATUS status = call.invoke();
    *win32_error = call.out.win32_error;
    return status;
}

}  // namespace pw::win32
