// SPDX-License-Identifier: Apache-2.0
// Threads from outside: opening, suspending, ending, priorities. Handle flags.
#include "win32_api/application_threads.h"
#include "win32_api/host_handles.h"
#include "win32_api/pw_calls.h"
#include "win32_api/pw_process_calls.h"
#include "win32_api/thread_control.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

HANDLE WINAPI OpenThread(DWORD access, BOOL inherit, DWORD thread_id) {
    HANDLE handle = nullptr;
    const NTSTATUS status = pw_open_thread(access, inherit ? ULONG{OBJ_INHERIT} : 0u, thread_id, &handle);
    return opened_handle(status, handle);
}

DWORD WINAPI SuspendThread(HANDLE thread) {
    constexpr DWORD failed = static_cast<DWORD>(-1);
    ULONG previous = 0;
    ULONG thread_id = 0;
    const DWORD own_id = this_thread_id();  // also makes the calling thread one that can be stopped
    if (!bool_of(pw_suspend_thread(thread, &previous, &thread_id))) return failed;
    if (previous != 0) return previous;
    const auto control = ThreadControl::find(thread_id);
    if (control == nullptr) {
        // A thread of another maker that has never asked for its number: it has no way to be stopped.
        static_cast<void>(pw_resume_thread(thread, &previous, &thread_id));
        fail(thread_id == own_id ? ERROR_GEN_FAILURE : ERROR_NOT_SUPPORTED);
        return failed;
    }
    control->suspend();
    return 0;
}

DWORD WINAPI ResumeThread(HANDLE thread) {
    ULONG previous = 0;
    ULONG thread_id = 0;
    if (!bool_of(pw_resume_thread(thread, &previous, &thread_id))) return static_cast<DWORD>(-1);
    if (previous == 1 && thread_id != 0) {
        if (const auto control = ThreadControl::find(thread_id)) control->resume();
    }
    return previous;
}

BOOL WINAPI TerminateThread(HANDLE thread, DWORD exit_code) {
    ULONG thread_id = 0;
    if (!bool_of(pw_terminate_thread(thread, exit_code, &thread_id))) return FALSE;
    if (thread_id == 0) return TRUE;  // it has ended
    if (thread_id == this_thread_id()) end_this_thread(exit_code);
    return end_other_thread(thread_id, exit_code) ? TRUE : fail(ERROR_NOT_SUPPORTED);
}

BOOL WINAPI SetThreadPriority(HANDLE thread, int priority) {
    constexpr int lowest = -2;
    constexpr int highest = 2;
    const bool is_known = (priority >= lowest && priority <= highest) || priority == THREAD_PRIORITY_IDLE ||
                          priority == THREAD_PRIORITY_TIME_CRITICAL;
    if (!is_known) return fail(ERROR_INVALID_PARAMETER);
    LONG value = priority;
    return bool_of(pw_thread_priority(thread, true, &value));
}

int WINAPI GetThreadPriority(HANDLE thread) {
    LONG value = 0;
    return bool_of(pw_thread_priority(thread, false, &value)) ? value : THREAD_PRIORITY_ERROR_RETURN;
}

BOOL WINAPI SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags) {
    if (HostHandles::is_host_handle(handle)) {
        return fail(HostHandles::instance().find(handle) ? ERROR_NOT_SUPPORTED : ERROR_INVALID_HANDLE);
    }
    ULONG value = flags;
    return bool_of(pw_handle_flags(handle, mask, &value));
}

BOOL WINAPI GetHandleInformation(HANDLE handle, LPDWORD flags) {
    ULONG value = 0;
    if (HostHandles::is_host_handle(handle)) {
        if (!HostHandles::instance().find(handle)) return fail(ERROR_INVALID_HANDLE);
    } else if (!bool_of(pw_handle_flags(handle, 0, &value))) {
        return FALSE;
    }
    *flags = value;
    return TRUE;
}
