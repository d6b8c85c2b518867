// SPDX-License-Identifier: Apache-2.0
// Events.
#include "win32_api/named_object.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags, DWORD access) {
    constexpr DWORD known_flags = CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET;
    if ((flags & ~known_flags) != 0) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(security, name);
    if (!object.is_valid()) return nullptr;
    const EVENT_TYPE type = (flags & CREATE_EVENT_MANUAL_RESET) != 0 ? NotificationEvent : SynchronizationEvent;
    const BOOLEAN initial_state = (flags & CREATE_EVENT_INITIAL_SET) != 0;
    HANDLE handle = nullptr;
    const NTSTATUS status = NtCreateEvent(&handle, access, object.get(), type, initial_state);
    return created_handle(status, handle);
}

HANDLE WINAPI CreateEventExA(LPSECURITY_ATTRIBUTES security, LPCSTR name, DWORD flags, DWORD access) {
    return CreateEventExW(security, WideArgument(name), flags, access);
}

HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES security, BOOL manual_reset, BOOL initial_state, LPCWSTR name) {
    const DWORD flags = (manual_reset ? CREATE_EVENT_MANUAL_RESET : 0u) | (initial_state ? CREATE_EVENT_INITIAL_SET : 0u);
    return CreateEventExW(security, name, flags, EVENT_ALL_ACCESS);
}

HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES security, BOOL manual_reset, BOOL initial_state, LPCSTR name) {
    return CreateEventW(security, manual_reset, initial_state, WideArgument(name));
}

HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, LPCWSTR name) {
    if (name == nullptr) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(inherit, name);
    if (!object.is_valid()) return nullptr;
    HANDLE handle = nullptr;
    const NTSTATUS status = NtOpenEvent(&handle, access, object.get());
    return opened_handle(status, handle);
}

HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, LPCSTR name) { return OpenEventW(access, inherit, WideArgument(name)); }

BOOL WINAPI SetEvent(HANDLE event) { return bool_of(NtSetEvent(event, nullptr)); }
BOOL WINAPI ResetEvent(HANDLE event) { return bool_of(NtClearEvent(event)); }
BOOL WINAPI PulseEvent(HANDLE event) { return bool_of(NtPulseEvent(event, nullptr)); }
