// SPDX-License-Identifier: Apache-2.0
// Waitable timers.
#include "win32_api/named_object.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

HANDLE WINAPI CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags, DWORD access) {
    constexpr DWORD known_flags = CREATE_WAITABLE_TIMER_MANUAL_RESET | CREATE_WAITABLE_TIMER_HIGH_RESOLUTION;
    if ((flags & ~known_flags) != 0) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(security, name);
    if (!object.is_valid()) return nullptr;
    const TIMER_TYPE type = (flags & CREATE_WAITABLE_TIMER_MANUAL_RESET) != 0 ? NotificationTimer : SynchronizationTimer;
    HANDLE handle = nullptr;
    const NTSTATUS status = NtCreateTimer(&handle, access, object.get(), type);
    return created_handle(status, handle);
}

HANDLE WINAPI CreateWaitableTimerExA(LPSECURITY_ATTRIBUTES security, LPCSTR name, DWORD flags, DWORD access) {
    return CreateWaitableTimerExW(security, WideArgument(name), flags, access);
}

HANDLE WINAPI CreateWaitableTimerW(LPSECURITY_ATTRIBUTES security, BOOL manual_reset, LPCWSTR name) {
    return CreateWaitableTimerExW(security, name, manual_reset ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0u, TIMER_ALL_ACCESS);
}

HANDLE WINAPI CreateWaitableTimerA(LPSECURITY_ATTRIBUTES security, BOOL manual_reset, LPCSTR name) {
    return CreateWaitableTimerW(security, manual_reset, WideArgument(name));
}

HANDLE WINAPI OpenWaitableTimerW(DWORD access, BOOL inherit, LPCWSTR name) {
    if (name == nullptr) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(inherit, name);
    if (!object.is_valid()) return nullptr;
    HANDLE handle = nullptr;
    const NTSTATUS status = NtOpenTimer(&handle, access, object.get());
    return opened_handle(status, handle);
}

HANDLE WINAPI OpenWaitableTimerA(DWORD access, BOOL inherit, LPCSTR name) {
    return OpenWaitableTimerW(access, inherit, WideArgument(name));
}

BOOL WINAPI SetWaitableTimer(HANDLE timer, const LARGE_INTEGER* due_time, LONG period, PTIMERAPCROUTINE routine,
                             LPVOID argument, BOOL resume) {
    static_assert(sizeof(PTIMERAPCROUTINE) == sizeof(PTIMER_APC_ROUTINE));
    if (due_time == nullptr) return fail(ERROR_INVALID_PARAMETER);
    LARGE_INTEGER due = *due_time;
    const NTSTATUS status = NtSetTimer(timer, &due, reinterpret_cast<PTIMER_APC_ROUTINE>(reinterpret_cast<void*>(routine)),
                                       argument, resume != FALSE, period, nullptr);
    if (!NT_SUCCESS(status)) return bool_of(status);
    // "If the system does not support a restore, the call succeeds, but GetLastError returns ERROR_NOT_SUPPORTED."
    SetLastError(status == STATUS_TIMER_RESUME_IGNORED ? static_cast<DWORD>(ERROR_NOT_SUPPORTED)
                                                       : static_cast<DWORD>(ERROR_SUCCESS));
    return TRUE;
}

// The context would explain a wake of the machine, the delay is a permission to be late: neither changes what is seen.
BOOL WINAPI SetWaitableTimerEx(HANDLE timer, const LARGE_INTEGER* due_time, LONG period, PTIMERAPCROUTINE routine,
                               LPVOID argument, PREASON_CONTEXT context, ULONG) {
    return SetWaitableTimer(timer, due_time, period, routine, argument, context != nullptr);
}

BOOL WINAPI CancelWaitableTimer(HANDLE timer) { return bool_of(NtCancelTimer(timer, nullptr)); }
