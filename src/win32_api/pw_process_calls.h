// SPDX-License-Identifier: Apache-2.0
// Our own calls of processes and threads: what on Windows the loader and the native calls with many classes do.
#pragma once

#include <cstdint>

#include <pw_native.h>

namespace pw::win32 {

struct ChildRequest {
    const WCHAR* image_name = nullptr;
    std::uint32_t image_name_length = 0;
    bool inherits_handles = false;
    bool is_suspended = false;
    ULONG process_attributes = 0;  // OBJ_INHERIT
    ULONG thread_attributes = 0;
};
struct ChildObjects {
    HANDLE process = nullptr;
    HANDLE thread = nullptr;
    std::uint32_t token = 0;
    std::uint32_t thread_id = 0;
};
[[nodiscard]] NTSTATUS pw_create_process(const ChildRequest& request, ChildObjects* child);
// STATUS_INVALID_PARAMETER: no inheritable handle.
[[nodiscard]] NTSTATUS pw_inherit_handle(std::uint32_t token, HANDLE handle);
NTSTATUS pw_child_started(std::uint32_t token, std::uint32_t process_id);
NTSTATUS pw_child_ended(std::uint32_t token, std::uint32_t exit_code);
[[nodiscard]] NTSTATUS pw_query_process(HANDLE process, ULONG* process_id, ULONG* exit_code);
NTSTATUS pw_exit_process(ULONG exit_code);
[[nodiscard]] NTSTATUS pw_open_process(ACCESS_MASK access, ULONG attributes, ULONG process_id, HANDLE* handle);
[[nodiscard]] NTSTATUS pw_terminate_process(HANDLE process, ULONG exit_code, bool* ends_itself);
[[nodiscard]] NTSTATUS pw_open_thread(ACCESS_MASK access, ULONG attributes, ULONG thread_id, HANDLE* handle);
// *thread_id: 0 for a thread of another process.
[[nodiscard]] NTSTATUS pw_suspend_thread(HANDLE thread, ULONG* previous, ULONG* thread_id);
[[nodiscard]] NTSTATUS pw_resume_thread(HANDLE thread, ULONG* previous, ULONG* thread_id);
// Until the calling thread's suspend count is 0.
NTSTATUS pw_await_resume();
[[nodiscard]] NTSTATUS pw_terminate_thread(HANDLE thread, ULONG exit_code, ULONG* thread_id);
[[nodiscard]] NTSTATUS pw_thread_priority(HANDLE thread, bool sets, LONG* value);
[[nodiscard]] NTSTATUS pw_handle_flags(HANDLE handle, ULONG mask, ULONG* flags);

}  // namespace pw::win32
