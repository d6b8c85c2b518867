// SPDX-License-Identifier: Apache-2.0
// The threads that CreateThread and _beginthreadex start, and how a thread of the program ends.
#pragma once

#include <cstddef>

#include "win32/minwinbase.h"

namespace pw::win32 {

struct ThreadRequest {
    LPTHREAD_START_ROUTINE routine = nullptr;
    LPVOID parameter = nullptr;
    SIZE_T stack_bytes = 0;  // 0: the default
    DWORD flags = 0;         // STACK_SIZE_PARAM_IS_A_RESERVATION
    bool inherit_handle = false;
    bool close_handle_at_end = false;  // _beginthread's rule
};

// Null with the last error set: ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY, or what the kernel answers.
[[nodiscard]] HANDLE start_thread(const ThreadRequest& request, DWORD* thread_id);

// ExitThread: no destructors of the thread's frames run, as in Windows. When it was the program's last thread, the process
// ends with this code.
[[noreturn]] void end_this_thread(DWORD exit_code);

// TerminateThread for another thread of this process. False when it is none that we can end.
[[nodiscard]] bool end_other_thread(DWORD thread_id, DWORD exit_code);

// NT's number of the calling thread, also what a driver's PsGetCurrentThreadId gives.
[[nodiscard]] DWORD this_thread_id();

}  // namespace pw::win32
