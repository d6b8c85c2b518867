// SPDX-License-Identifier: Apache-2.0
// The calling process. Other processes' handles cannot be asked yet.
#include <atomic>
#include <cstdlib>

#include "platform/process_end.h"
#include "platform/process_identity.h"
#include "win32/process.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// Whether it is the pseudo handle; else the last error says why the call cannot go on.
bool is_own_process(HANDLE process) {
    if (process == NtCurrentProcess()) return true;
    fail(process == nullptr ? ERROR_INVALID_HANDLE : ERROR_CALL_NOT_IMPLEMENTED);
    return false;
}

}  // namespace

HANDLE WINAPI GetCurrentProcess(void) { return NtCurrentProcess(); }
DWORD WINAPI GetCurrentProcessId(void) { return pw::platform::process_id(); }
int _getpid(void) { return static_cast<int>(pw::platform::process_id()); }

DWORD WINAPI GetProcessId(HANDLE process) { return is_own_process(process) ? pw::platform::process_id() : 0; }

// The C library's exit writes what stdio holds and tells the kernel the exit code. The machine keeps its low 8 bits.
void WINAPI ExitProcess(UINT exit_code) {
    static constinit std::atomic<bool> is_ending{false};
    // A second thread that ends the process waits for the first one's end.
    if (is_ending.exchange(true)) pw::platform::park_for_ever();
    std::exit(static_cast<int>(exit_code));
}

// At once: nothing is written, no handler runs.
BOOL WINAPI TerminateProcess(HANDLE process, UINT exit_code) {
    if (!is_own_process(process)) return FALSE;
    pw::platform::end_process(static_cast<int>(exit_code));
}

BOOL WINAPI GetExitCodeProcess(HANDLE process, LPDWORD exit_code) {
    if (!is_own_process(process)) return FALSE;
    *exit_code = STILL_ACTIVE;
    return TRUE;
}
