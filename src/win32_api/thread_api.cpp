// SPDX-License-Identifier: Apache-2.0
// Threads: CreateThread and the C run-time library's twins.
#include <cerrno>

#include "platform/threads.h"
#include "win32/process.h"
#include "win32_api/application_threads.h"
#include "win32_api/pw_calls.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// The start routines of the C library return `unsigned`, which is a DWORD, or nothing.
struct NoResultStart {
    _beginthread_proc_type routine;
    void* argument;
};

DWORD WINAPI run_without_result(LPVOID raw) {
    const NoResultStart start = *static_cast<NoResultStart*>(raw);
    delete static_cast<NoResultStart*>(raw);
    start.routine(start.argument);
    return 0;
}

void set_errno() { errno = GetLastError() == ERROR_INVALID_PARAMETER ? EINVAL : EAGAIN; }

}  // namespace

// The security attributes' descriptor is not kept.
HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES security, SIZE_T stack_bytes, LPTHREAD_START_ROUTINE routine, LPVOID parameter,
                           DWORD flags, LPDWORD thread_id) {
    return start_thread({.routine = routine,
                         .parameter = parameter,
                         .stack_bytes = stack_bytes,
                         .flags = flags,
                         .inherit_handle = security != nullptr && security->bInheritHandle != FALSE},
                        thread_id);
}

void WINAPI ExitThread(DWORD exit_code) { end_this_thread(exit_code); }

uintptr_t _beginthreadex(void*, unsigned stack_size, _beginthreadex_proc_type start, void* argument, unsigned flags,
                         unsigned* thread_id) {
    const HANDLE handle =
        start_thread({.routine = start, .parameter = argument, .stack_bytes = stack_size, .flags = flags}, thread_id);
    if (handle == nullptr) set_errno();
    return reinterpret_cast<uintptr_t>(handle);
}

void _endthreadex(unsigned exit_code) { end_this_thread(exit_code); }

uintptr_t _beginthread(_beginthread_proc_type start, unsigned stack_size, void* argument) {
    auto* parameter = new NoResultStart{start, argument};
    const HANDLE handle = start_thread(
        {.routine = run_without_result, .parameter = parameter, .stack_bytes = stack_size, .close_handle_at_end = true},
        nullptr);
    if (handle != nullptr) return reinterpret_cast<uintptr_t>(handle);
    delete parameter;
    set_errno();
    return static_cast<uintptr_t>(-1);
}

void _endthread(void) { end_this_thread(0); }

HANDLE WINAPI GetCurrentThread(void) { return NtCurrentThread(); }
DWORD WINAPI GetCurrentThreadId(void) { return this_thread_id(); }

DWORD WINAPI GetThreadId(HANDLE thread) {
    ULONG exit_code = 0;
    ULONG id = 0;
    return bool_of(pw_query_thread(thread, &exit_code, &id)) ? id : 0;
}

BOOL WINAPI GetExitCodeThread(HANDLE thread, LPDWORD exit_code) {
    ULONG id = 0;
    ULONG code = 0;
    const NTSTATUS status = pw_query_thread(thread, &code, &id);
    if (NT_SUCCESS(status)) *exit_code = code;
    return bool_of(status);
}

// The system does not tell whether another thread ran.
BOOL WINAPI SwitchToThread(void) {
    pw::platform::yield_thread();
    return TRUE;
}
