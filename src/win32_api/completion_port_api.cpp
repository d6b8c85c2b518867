// SPDX-License-Identifier: Apache-2.0
// I/O completion ports.
#include <algorithm>

#include "win32_api/host_handles.h"
#include "win32_api/timeout.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

static_assert(sizeof(OVERLAPPED_ENTRY) == sizeof(FILE_IO_COMPLETION_INFORMATION));

NTSTATUS associate(HANDLE file, HANDLE port, ULONG_PTR key) {
    if (HostHandles::is_host_handle(file)) {
        const auto host = HostHandles::instance().find(file);
        if (!host) return STATUS_INVALID_HANDLE;
        return host->set_completion(port, key) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    }
    FILE_COMPLETION_INFORMATION information{};
    information.Port = port;
    information.Key = reinterpret_cast<PVOID>(key);
    IO_STATUS_BLOCK block{};
    return NtSetInformationFile(file, &block, &information, sizeof information, FileCompletionInformation);
}

// The error of a wait on a port that gave no packet.
BOOL fail_without_packet(NTSTATUS status) {
    switch (status) {
        case STATUS_TIMEOUT: return fail(WAIT_TIMEOUT);
        case STATUS_USER_APC: return fail(WAIT_IO_COMPLETION);
        case STATUS_ABANDONED_WAIT_0: return fail(ERROR_ABANDONED_WAIT_0);
        default:
            set_last_status(status);
            return FALSE;
    }
}

}  // namespace

HANDLE WINAPI CreateIoCompletionPort(HANDLE file, HANDLE existing_port, ULONG_PTR key, DWORD concurrency) {
    // "If FileHandle is INVALID_HANDLE_VALUE, ExistingCompletionPort must be NULL."
    const bool has_file = file != INVALID_HANDLE_VALUE;
    if (!has_file && existing_port != nullptr) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    HANDLE port = existing_port;
    if (port == nullptr) {
        const NTSTATUS created = NtCreateIoCompletion(&port, IO_COMPLETION_ALL_ACCESS, nullptr, concurrency);
        if (!bool_of(created)) return nullptr;
    }
    if (!has_file) return port;
    const NTSTATUS status = associate(file, port, key);
    if (NT_SUCCESS(status)) return port;
    if (existing_port == nullptr) NtClose(port);
    set_last_status(status);
    return nullptr;
}

BOOL WINAPI GetQueuedCompletionStatus(HANDLE port, LPDWORD transferred, PULONG_PTR key, LPOVERLAPPED* overlapped,
                                      DWORD milliseconds) {
    Timeout timeout(milliseconds);
    PVOID key_context = nullptr;
    PVOID apc_context = nullptr;
    IO_STATUS_BLOCK block{};
    const NTSTATUS status = NtRemoveIoCompletion(port, &key_context, &apc_context, &block, timeout.get());
    if (status != STATUS_SUCCESS) {
        *overlapped = nullptr;
        return fail_without_packet(status);
    }
    *key = reinterpret_cast<ULONG_PTR>(key_context);
    *overlapped = static_cast<LPOVERLAPPED>(apc_context);
    *transferred = static_cast<DWORD>(block.Information);
    // A packet of a request that failed: FALSE with an OVERLAPPED.
    return bool_of(block.Status);
}

BOOL WINAPI GetQueuedCompletionStatusEx(HANDLE port, LPOVERLAPPED_ENTRY entries, ULONG count, PULONG removed,
                                        DWORD milliseconds, BOOL alertable) {
    *removed = 0;
    Timeout timeout(milliseconds);
    const NTSTATUS status = NtRemoveIoCompletionEx(port, reinterpret_cast<PFILE_IO_COMPLETION_INFORMATION>(entries), count,
                                                   removed, timeout.get(), alertable != FALSE);
    if (status != STATUS_SUCCESS) return fail_without_packet(status);
    return TRUE;
}

BOOL WINAPI PostQueuedCompletionStatus(HANDLE port, DWORD transferred, ULONG_PTR key, LPOVERLAPPED overlapped) {
    return bool_of(NtSetIoCompletion(port, reinterpret_cast<PVOID>(key), overlapped, STATUS_SUCCESS, transferred));
}

BOOL WINAPI SetFileCompletionNotificationModes(HANDLE file, UCHAR flags) {
    constexpr UCHAR known = FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE;
    if ((flags & ~known) != 0) return fail(ERROR_INVALID_PARAMETER);
    if (HostHandles::is_host_handle(file)) {
        const auto host = HostHandles::instance().find(file);
        if (!host) return fail(ERROR_INVALID_HANDLE);
        host->add_notification_modes(flags);
        return TRUE;
    }
    FILE_IO_COMPLETION_NOTIFICATION_INFORMATION information{};
    information.Flags = flags;
    IO_STATUS_BLOCK block{};
    return bool_of(NtSetInformationFile(file, &block, &information, sizeof information,
                                        FileIoCompletionNotificationInformation));
}
