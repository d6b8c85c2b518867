// SPDX-License-Identifier: Apache-2.0
// VirtualLock and PrefetchVirtualMemory; large pages, which are not there.
#include "platform/mapping.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr ULONG map_process = 1;  // lock into the working set

}  // namespace

BOOL WINAPI VirtualLock(LPVOID address, SIZE_T size_bytes) {
    return bool_of(NtLockVirtualMemory(NtCurrentProcess(), &address, &size_bytes, map_process));
}

BOOL WINAPI VirtualUnlock(LPVOID address, SIZE_T size_bytes) {
    return bool_of(NtUnlockVirtualMemory(NtCurrentProcess(), &address, &size_bytes, map_process));
}

// A hint: bad addresses are no error, "the function does not guarantee that the memory is resident". Pages of this process
// are read in; those of another one are left to it.
BOOL WINAPI PrefetchVirtualMemory(HANDLE process, ULONG_PTR count, PWIN32_MEMORY_RANGE_ENTRY ranges, ULONG flags) {
    if (count == 0 || ranges == nullptr || flags != 0) return fail(ERROR_INVALID_PARAMETER);
    if (process != NtCurrentProcess()) return TRUE;
    for (ULONG_PTR i = 0; i < count; ++i) {
        if (ranges[i].NumberOfBytes == 0) continue;
        static_cast<void>(pw::platform::is_accessible(reinterpret_cast<std::uint64_t>(ranges[i].VirtualAddress),
                                                      ranges[i].NumberOfBytes, false));
    }
    return TRUE;
}

// "If the processor does not support large pages, the return value is zero."
SIZE_T WINAPI GetLargePageMinimum(void) { return 0; }
