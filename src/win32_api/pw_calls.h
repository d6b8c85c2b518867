// SPDX-License-Identifier: Apache-2.0
// Our own calls: what on Windows other channels do (the loader's start of a thread, the service control manager's RPC).
#pragma once

#include <cstdint>

#include <pw_native.h>

namespace pw::win32 {

// A thread object for a thread that the caller is about to start; the new thread calls set_thread_token(*token) first.
[[nodiscard]] NTSTATUS pw_create_thread(ACCESS_MASK desired_access, HANDLE* handle, std::uint64_t* token, ULONG* thread_id);
// The calling thread ends with this exit code; after it, detach_thread().
NTSTATUS pw_exit_thread(ULONG exit_code);
// A null handle (or NtCurrentThread()) means the calling thread. STATUS_PENDING (STILL_ACTIVE) while it runs.
[[nodiscard]] NTSTATUS pw_query_thread(HANDLE thread, ULONG* exit_code, ULONG* thread_id);

// What QueryServiceStatus shows.
struct ServiceState {
    ULONG win32_error = 0;  // what GetLastError shall give; 0: the call succeeded
    ULONG current_state = 0;
    ULONG service_type = 0;
    ULONG controls_accepted = 0;
    ULONG exit_code = 0;
};

// Texts are UTF-16 with their length in characters.
struct ServiceText {
    const WCHAR* text = nullptr;
    std::uint32_t length = 0;
};

// *win32_error: what GetLastError shall give; 0 when the call succeeded. It may be set although the NTSTATUS is a success.
[[nodiscard]] NTSTATUS pw_scm_open(ACCESS_MASK desired_access, HANDLE* manager);
[[nodiscard]] NTSTATUS pw_scm_create_service(HANDLE manager, ServiceText service, ServiceText display_name,
                                             ServiceText binary_path, ACCESS_MASK desired_access, ULONG service_type,
                                             ULONG start_type, ULONG error_control, HANDLE* handle, ULONG* win32_error);
[[nodiscard]] NTSTATUS pw_scm_open_service(HANDLE manager, ServiceText service, ACCESS_MASK desired_access, HANDLE* handle,
                                           ULONG* win32_error);
[[nodiscard]] NTSTATUS pw_scm_start_service(HANDLE service, ULONG* win32_error);
[[nodiscard]] NTSTATUS pw_scm_control_service(HANDLE service, ULONG control, ServiceState* state);
[[nodiscard]] NTSTATUS pw_scm_query_service(HANDLE service, ServiceState* state);
[[nodiscard]] NTSTATUS pw_scm_delete_service(HANDLE service, ULONG* win32_error);

}  // namespace pw::win32
