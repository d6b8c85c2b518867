// SPDX-License-Identifier: Apache-2.0
// Processes: the calling one and others of the same driver host.
#include <atomic>
#include <cstdlib>

#include "platform/process_end.h"
#include "platform/process_identity.h"
#include "win32/process.h"
#include "win32_api/child_reaper.h"
#include "win32_api/pw_process_calls.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

HANDLE WINAPI GetCurrentProcess(void) { return NtCurrentProcess(); }
DWORD WINAPI GetCurrentProcessId(void) { return pw::platform::process_id(); }
int _getpid(void) { return static_cast<int>(pw::platform::process_id()); }

HANDLE WINAPI OpenProcess(DWORD access, BOOL inherit, DWORD process_id) {
    HANDLE handle = nullptr;
    const NTSTATUS status = pw_open_process(access, inherit ? ULONG{OBJ_INHERIT} : 0u, process_id, &handle);
    return opened_handle(status, handle);
}

DWORD WINAPI GetProcessId(HANDLE process) {
    if (process == NtCurrentProcess()) return pw::platform::process_id();
    ULONG process_id = 0;
    ULONG exit_code = 0;
    return bool_of(pw_query_process(process, &process_id, &exit_code)) ? process_id : 0;
}

// The C library's exit writes what stdio holds and tells the kernel the exit code. The machine keeps its low 8 bits.
void WINAPI ExitProcess(UINT exit_code) {
    static constinit std::atomic<bool> is_ending{false};
    // A second thread that ends the process waits for the first one's end.
    if (is_ending.exchange(true)) pw::platform::park_for_ever();
    std::exit(static_cast<int>(exit_code));
}

// At once: nothing is written, no handler runs.
BOOL WINAPI TerminateProcess(HANDLE process, UINT exit_code) {
    bool ends_itself = process == NtCurrentProcess();
    const NTSTATUS status = pw_terminate_process(process, exit_code, &ends_itself);
    if (process == NtCurrentProcess()) pw::platform::end_process(static_cast<int>(exit_code));
    if (!NT_SUCCESS(status)) return bool_of(status);
    if (!ends_itself) return TRUE;
    const DWORD process_id = GetProcessId(process);
    if (process_id == pw::platform::process_id()) pw::platform::end_process(static_cast<int>(exit_code));
    // A program that has not connected is its parent's to end.
    return kill_child(process_id) ? TRUE : fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI GetExitCodeProcess(HANDLE process, LPDWORD exit_code) {
    ULONG process_id = 0;
    ULONG code = STILL_ACTIVE;
    const NTSTATUS status = process == NtCurrentProcess() ? STATUS_SUCCESS : pw_query_process(process, &process_id, &code);
    if (NT_SUCCESS(status)) *exit_code = code;
    return bool_of(status);
}
