// SPDX-License-Identifier: Apache-2.0
// How a Win32 function answers: the error of an NTSTATUS, or an error of its own, for GetLastError.
#pragma once

#include <ntstatus.h>

#include "win32/winbase.h"
#include "win32/winternl.h"

namespace pw::win32 {

// Fails with this error; the value is what the function returns then.
inline BOOL fail(LONG error) {
    SetLastError(static_cast<DWORD>(error));
    return FALSE;
}
inline void set_last_status(NTSTATUS status) { SetLastError(RtlNtStatusToDosError(status)); }

// TRUE for successes (0 and informational); else FALSE with the status' error.
inline BOOL bool_of(NTSTATUS status) {
    if (NT_SUCCESS(status)) return TRUE;
    set_last_status(status);
    return FALSE;
}

// What Create… functions of named objects return: on success the last error tells whether the object was there before.
inline HANDLE created_handle(NTSTATUS status, HANDLE handle) {
    if (!NT_SUCCESS(status)) {
        set_last_status(status);
        return nullptr;
    }
    SetLastError(status == STATUS_OBJECT_NAME_EXISTS ? static_cast<DWORD>(ERROR_ALREADY_EXISTS) : static_cast<DWORD>(ERROR_SUCCESS));
    return handle;
}

// What Open… functions return. The last error stays as it is on success.
inline HANDLE opened_handle(NTSTATUS status, HANDLE handle) {
    if (NT_SUCCESS(status)) return handle;
    set_last_status(status);
    return nullptr;
}

}  // namespace pw::win32
