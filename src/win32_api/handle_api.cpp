// SPDX-License-Identifier: Apache-2.0
// Handles: closing and duplicating.
#include "win32_api/host_handles.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

BOOL WINAPI CloseHandle(HANDLE handle) {
    if (HostHandles::is_host_handle(handle)) return HostHandles::instance().close(handle) ? TRUE : fail(ERROR_INVALID_HANDLE);
    return bool_of(NtClose(handle));
}

BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source, HANDLE target_process, LPHANDLE target, DWORD access,
                            BOOL inherit, DWORD options) {
    // Only this process knows the machine's files that it opened.
    if (HostHandles::is_host_handle(source)) {
        return fail(HostHandles::instance().find(source) ? ERROR_NOT_SUPPORTED : ERROR_INVALID_HANDLE);
    }
    return bool_of(NtDuplicateObject(source_process, source, target_process, target, access, inherit ? OBJ_INHERIT : 0u,
                                     options));
}
