// SPDX-License-Identifier: Apache-2.0
// The results of overlapped requests, and cancelling them.
#include "win32_api/host_handles.h"
#include "win32_api/timeout.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// The status is stored last: who sees it sees the rest.
NTSTATUS status_of(const OVERLAPPED& overlapped) {
    return static_cast<NTSTATUS>(__atomic_load_n(&overlapped.Internal, __ATOMIC_ACQUIRE));
}

// Requests on the machine's files complete within their calls: there is never one to cancel.
BOOL cancel_host(HANDLE file, bool needs_request) {
    if (!HostHandles::instance().find(file)) return fail(ERROR_INVALID_HANDLE);
    return needs_request ? fail(ERROR_NOT_FOUND) : TRUE;
}

}  // namespace

BOOL WINAPI GetOverlappedResultEx(HANDLE file, LPOVERLAPPED overlapped, LPDWORD transferred, DWORD milliseconds,
                                  BOOL alertable) {
    if (status_of(*overlapped) == STATUS_PENDING) {
        if (milliseconds == 0) return fail(ERROR_IO_INCOMPLETE);
        // Without an event the file tells; then one request at a time makes sense only.
        const auto event = reinterpret_cast<ULONG_PTR>(overlapped->hEvent) & ~ULONG_PTR{1};
        const HANDLE object = event != 0 ? reinterpret_cast<HANDLE>(event) : file;
        const DWORD waited = WaitForSingleObjectEx(object, milliseconds, alertable);
        if (waited == WAIT_FAILED) return FALSE;
        // WAIT_TIMEOUT and WAIT_IO_COMPLETION are the documented errors.
        if (waited != WAIT_OBJECT_0) return fail(static_cast<LONG>(waited));
    }
    *transferred = static_cast<DWORD>(overlapped->InternalHigh);
    return bool_of(status_of(*overlapped));
}

BOOL WINAPI GetOverlappedResult(HANDLE file, LPOVERLAPPED overlapped, LPDWORD transferred, BOOL wait) {
    return GetOverlappedResultEx(file, overlapped, transferred, wait ? INFINITE : 0, FALSE);
}

BOOL WINAPI CancelIo(HANDLE file) {
    if (HostHandles::is_host_handle(file)) return cancel_host(file, false);
    IO_STATUS_BLOCK block{};
    return bool_of(NtCancelIoFile(file, &block));
}

BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED overlapped) {
    if (HostHandles::is_host_handle(file)) return cancel_host(file, true);
    IO_STATUS_BLOCK block{};
    return bool_of(NtCancelIoFileEx(file, reinterpret_cast<IO_STATUS_BLOCK*>(overlapped), &block));
}

BOOL WINAPI CancelSynchronousIo(HANDLE thread) {
    IO_STATUS_BLOCK block{};
    return bool_of(NtCancelSynchronousIoFile(thread, nullptr, &block));
}
