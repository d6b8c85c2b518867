// SPDX-License-Identifier: Apache-2.0
#include "win32_api/os_thread.h"

#include "platform/threads.h"
#include "win32_api/application_threads.h"
#include "win32_api/thread_control.h"
#include "win32_api/win32_result.h"

namespace pw::win32 {

std::uint32_t os_thread_of(HANDLE thread) {
    if (thread == NtCurrentThread()) return platform::os_thread_id();
    const DWORD number = GetThreadId(thread);
    if (number == 0) return 0;
    if (number == this_thread_id()) return platform::os_thread_id();
    const auto control = ThreadControl::find(number);
    if (control != nullptr) return control->os_thread_id();
    fail(ERROR_NOT_SUPPORTED);
    return 0;
}

}  // namespace pw::win32
