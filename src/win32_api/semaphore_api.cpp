// SPDX-License-Identifier: Apache-2.0
// Semaphores.
#include "win32_api/named_object.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

HANDLE WINAPI CreateSemaphoreExW(LPSECURITY_ATTRIBUTES security, LONG initial_count, LONG maximum_count, LPCWSTR name,
                                 DWORD flags, DWORD access) {
    if (flags != 0) {  // "reserved and must be 0"
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(security, name);
    if (!object.is_valid()) return nullptr;
    HANDLE handle = nullptr;
    const NTSTATUS status = NtCreateSemaphore(&handle, access, object.get(), initial_count, maximum_count);
    return created_handle(status, handle);
}

HANDLE WINAPI CreateSemaphoreExA(LPSECURITY_ATTRIBUTES security, LONG initial_count, LONG maximum_count, LPCSTR name,
                                 DWORD flags, DWORD access) {
    return CreateSemaphoreExW(security, initial_count, maximum_count, WideArgument(name), flags, access);
}

HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES security, LONG initial_count, LONG maximum_count, LPCWSTR name) {
    return CreateSemaphoreExW(security, initial_count, maximum_count, name, 0, SEMAPHORE_ALL_ACCESS);
}

HANDLE WINAPI CreateSemaphoreA(LPSECURITY_ATTRIBUTES security, LONG initial_count, LONG maximum_count, LPCSTR name) {
    return CreateSemaphoreW(security, initial_count, maximum_count, WideArgument(name));
}

HANDLE WINAPI OpenSemaphoreW(DWORD access, BOOL inherit, LPCWSTR name) {
    if (name == nullptr) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(inherit, name);
    if (!object.is_valid()) return nullptr;
    HANDLE handle = nullptr;
    const NTSTATUS status = NtOpenSemaphore(&handle, access, object.get());
    return opened_handle(status, handle);
}

HANDLE WINAPI OpenSemaphoreA(DWORD access, BOOL inherit, LPCSTR name) {
    return OpenSemaphoreW(access, inherit, WideArgument(name));
}

BOOL WINAPI ReleaseSemaphore(HANDLE semaphore, LONG release_count, LPLONG previous_count) {
    return bool_of(NtReleaseSemaphore(semaphore, release_count, previous_count));
}
