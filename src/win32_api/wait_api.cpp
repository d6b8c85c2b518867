// SPDX-License-Identifier: Apache-2.0
// Waits and sleeps.
#include <atomic>

#include "platform/threads.h"
#include "win32_api/timeout.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// The statuses of a satisfied or timed-out wait are what the Win32 waits return.
DWORD wait_result(NTSTATUS status) {
    if (NT_SUCCESS(status)) return static_cast<DWORD>(status);
    set_last_status(status);
    return WAIT_FAILED;
}

// A program without a kernel sleeps, too: otherwise its polling loops would spin.
void sleep_without_kernel(DWORD milliseconds) {
    const std::atomic<std::uint32_t> never_changes{0};
    const std::int64_t timeout_ns = milliseconds == INFINITE ? -1 : std::int64_t{milliseconds} * 1'000'000;
    pw::platform::wait_while_equal(never_changes, 0, timeout_ns);
}

}  // namespace

DWORD WINAPI WaitForSingleObjectEx(HANDLE object, DWORD milliseconds, BOOL alertable) {
    Timeout timeout(milliseconds);
    return wait_result(NtWaitForSingleObject(object, alertable != FALSE, timeout.get()));
}

DWORD WINAPI WaitForSingleObject(HANDLE object, DWORD milliseconds) {
    return WaitForSingleObjectEx(object, milliseconds, FALSE);
}

DWORD WINAPI WaitForMultipleObjectsEx(DWORD count, const HANDLE* handles, BOOL wait_all, DWORD milliseconds, BOOL alertable) {
    if (count == 0 || count > MAXIMUM_WAIT_OBJECTS) {
        fail(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    Timeout timeout(milliseconds);
    // The native call takes no const, and does not write.
    return wait_result(NtWaitForMultipleObjects(count, const_cast<HANDLE*>(handles), wait_all ? WaitAll : WaitAny,
                                                alertable != FALSE, timeout.get()));
}

DWORD WINAPI WaitForMultipleObjects(DWORD count, const HANDLE* handles, BOOL wait_all, DWORD milliseconds) {
    return WaitForMultipleObjectsEx(count, handles, wait_all, milliseconds, FALSE);
}

DWORD WINAPI SignalObjectAndWait(HANDLE to_signal, HANDLE to_wait, DWORD milliseconds, BOOL alertable) {
    Timeout timeout(milliseconds);
    return wait_result(NtSignalAndWaitForSingleObject(to_signal, to_wait, alertable != FALSE, timeout.get()));
}

DWORD WINAPI SleepEx(DWORD milliseconds, BOOL alertable) {
    // "A value of zero causes the thread to relinquish the remainder of its time slice."
    if (milliseconds == 0 && !alertable) {
        pw::platform::yield_thread();
        return 0;
    }
    // Shorter than any date NT can express, and long enough for INFINITE.
    LARGE_INTEGER interval;
    interval.QuadPart = -0x7FFFFFFFFFFFFFFF;
    Timeout timeout(milliseconds);
    if (timeout.get() != nullptr) interval = *timeout.get();
    const NTSTATUS status = NtDelayExecution(alertable != FALSE, &interval);
    if (!NT_SUCCESS(status)) sleep_without_kernel(milliseconds);
    return status == STATUS_USER_APC ? WAIT_IO_COMPLETION : 0;
}

void WINAPI Sleep(DWORD milliseconds) { SleepEx(milliseconds, FALSE); }
