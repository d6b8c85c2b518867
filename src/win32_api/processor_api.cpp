// SPDX-License-Identifier: Apache-2.0
// Processors: how many, which one, and which a thread may run on. One group; processors beyond 64 are not named.
#include <algorithm>

#include "platform/processor_affinity.h"
#include "platform/process_identity.h"
#include "platform/shared_words.h"
#include "platform/threads.h"
#include "win32_api/os_thread.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr unsigned group_size = 64;

DWORD_PTR system_mask() {
    const unsigned count = pw::platform::online_processor_count();
    return count >= group_size ? ~DWORD_PTR{0} : (DWORD_PTR{1} << count) - 1;
}

DWORD count_in(WORD group) {
    if (group == 0 || group == ALL_PROCESSOR_GROUPS) return std::min(pw::platform::online_processor_count(), group_size);
    return static_cast<DWORD>(fail(ERROR_INVALID_PARAMETER));
}

bool is_this_process(HANDLE process) {
    return process == NtCurrentProcess() || GetProcessId(process) == pw::platform::process_id();
}

}  // namespace

DWORD WINAPI GetActiveProcessorCount(WORD group) { return count_in(group); }
DWORD WINAPI GetMaximumProcessorCount(WORD group) { return count_in(group); }
WORD WINAPI GetActiveProcessorGroupCount(void) { return 1; }
WORD WINAPI GetMaximumProcessorGroupCount(void) { return 1; }

DWORD WINAPI GetCurrentProcessorNumber(void) { return pw::platform::current_processor() % group_size; }

void WINAPI GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number) {
    *number = {};
    number->Number = static_cast<BYTE>(GetCurrentProcessorNumber());
}

// "If the function fails, the return value is zero. If the thread affinity mask requests a processor that is not selected for
// the process affinity mask, the last error code is ERROR_INVALID_PARAMETER."
DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE thread, DWORD_PTR mask) {
    const std::uint32_t os_thread = os_thread_of(thread);
    if (os_thread == 0) return 0;
    const DWORD_PTR before = pw::platform::thread_processors(os_thread);
    const bool is_set = mask != 0 && (mask & ~system_mask()) == 0 && pw::platform::set_thread_processors(os_thread, mask);
    return is_set ? before : static_cast<DWORD_PTR>(fail(ERROR_INVALID_PARAMETER));
}

// The process's mask is the one of its first thread, from which the others have theirs.
BOOL WINAPI GetProcessAffinityMask(HANDLE process, PDWORD_PTR process_mask, PDWORD_PTR mask) {
    if (!is_this_process(process)) return fail(ERROR_NOT_SUPPORTED);
    *process_mask = pw::platform::thread_processors(pw::platform::process_id());
    *mask = system_mask();
    return *process_mask != 0 ? TRUE : fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI SetProcessAffinityMask(HANDLE process, DWORD_PTR mask) {
    if (!is_this_process(process)) return fail(ERROR_NOT_SUPPORTED);
    const bool is_set = mask != 0 && (mask & ~system_mask()) == 0 && pw::platform::set_process_processors(mask);
    return is_set ? TRUE : fail(ERROR_INVALID_PARAMETER);
}

void WINAPI GetCurrentThreadStackLimits(PULONG_PTR low, PULONG_PTR high) {
    const pw::platform::StackLimits limits = pw::platform::stack_limits();
    *low = limits.low;
    *high = limits.high;
}
