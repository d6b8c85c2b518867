// SPDX-License-Identifier: Apache-2.0
// The last error: one number per thread.
#include "win32/errhandlingapi.h"

namespace {
thread_local DWORD t_last_error = 0;
}  // namespace

DWORD WINAPI GetLastError(void) { return t_last_error; }
void WINAPI SetLastError(DWORD error) { t_last_error = error; }
