// SPDX-License-Identifier: Apache-2.0
// Mutexes.
#include "win32_api/named_object.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

HANDLE WINAPI CreateMutexExW(LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags, DWORD access) {
    if ((flags & ~static_cast<DWORD>(CREATE_MUTEX_INITIAL_OWNER)) != 0) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(security, name);
    if (!object.is_valid()) return nullptr;
    const BOOLEAN initial_owner = (flags & CREATE_MUTEX_INITIAL_OWNER) != 0;
    HANDLE handle = nullptr;
    const NTSTATUS status = NtCreateMutant(&handle, access, object.get(), initial_owner);
    return created_handle(status, handle);
}

HANDLE WINAPI CreateMutexExA(LPSECURITY_ATTRIBUTES security, LPCSTR name, DWORD flags, DWORD access) {
    return CreateMutexExW(security, WideArgument(name), flags, access);
}

HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES security, BOOL initial_owner, LPCWSTR name) {
    return CreateMutexExW(security, name, initial_owner ? CREATE_MUTEX_INITIAL_OWNER : 0u, MUTEX_ALL_ACCESS);
}

HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES security, BOOL initial_owner, LPCSTR name) {
    return CreateMutexW(security, initial_owner, WideArgument(name));
}

HANDLE WINAPI OpenMutexW(DWORD access, BOOL inherit, LPCWSTR name) {
    if (name == nullptr) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(inherit, name);
    if (!object.is_valid()) return nullptr;
    HANDLE handle = nullptr;
    const NTSTATUS status = NtOpenMutant(&handle, access, object.get());
    return opened_handle(status, handle);
}

HANDLE WINAPI OpenMutexA(DWORD access, BOOL inherit, LPCSTR name) { return OpenMutexW(access, inherit, WideArgument(name)); }

BOOL WINAPI ReleaseMutex(HANDLE mutex) { return bool_of(NtReleaseMutant(mutex, nullptr)); }
