// SPDX-License-Identifier: Apache-2.0
// The priority class of the calling process, error modes, whether a debugger is there.
#include <atomic>

#include "platform/process_identity.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

std::atomic<DWORD> g_priority_class{NORMAL_PRIORITY_CLASS};
std::atomic<UINT> g_error_mode{0};

bool is_this_process(HANDLE process) {
    return process == NtCurrentProcess() || GetProcessId(process) == pw::platform::process_id();
}

}  // namespace

// Kept and told, like a thread's priority: the processors are the machine's to share out. Without the privilege to raise
// priorities "the system silently" makes REALTIME_PRIORITY_CLASS a high one.
BOOL WINAPI SetPriorityClass(HANDLE process, DWORD priority_class) {
    switch (priority_class) {
        case IDLE_PRIORITY_CLASS:
        case BELOW_NORMAL_PRIORITY_CLASS:
        case NORMAL_PRIORITY_CLASS:
        case ABOVE_NORMAL_PRIORITY_CLASS:
        case HIGH_PRIORITY_CLASS: break;
        case REALTIME_PRIORITY_CLASS: priority_class = HIGH_PRIORITY_CLASS; break;
        default: return fail(ERROR_INVALID_PARAMETER);
    }
    SetLastError(ERROR_SUCCESS);
    if (!is_this_process(process)) return GetLastError() == ERROR_SUCCESS ? fail(ERROR_NOT_SUPPORTED) : FALSE;
    g_priority_class.store(priority_class);
    return TRUE;
}

DWORD WINAPI GetPriorityClass(HANDLE process) {
    SetLastError(ERROR_SUCCESS);
    if (is_this_process(process)) return g_priority_class.load();
    if (GetLastError() == ERROR_SUCCESS) fail(ERROR_NOT_SUPPORTED);
    return 0;
}

// No box is ever shown: the mode is kept for whoever asks. "SEM_NOALIGNMENTFAULTEXCEPT cannot be cleared" once it is set.
UINT WINAPI SetErrorMode(UINT mode) {
    UINT before = g_error_mode.load();
    while (!g_error_mode.compare_exchange_weak(before, mode | (before & SEM_NOALIGNMENTFAULTEXCEPT))) {
    }
    return before;
}

UINT WINAPI GetErrorMode(void) { return g_error_mode.load(); }

BOOL WINAPI IsDebuggerPresent(void) { return pw::platform::is_traced() ? TRUE : FALSE; }

// The debugger stops here, one frame below its caller; without one it is EXCEPTION_BREAKPOINT.
void WINAPI DebugBreak(void) { __asm__ volatile("int3"); }
