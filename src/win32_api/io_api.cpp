// SPDX-License-Identifier: Apache-2.0
// DeviceIoControl, ReadFile, WriteFile. overlapped_api.cpp has what becomes of overlapped requests.
#include "win32/winioctl.h"
#include "win32_api/device_control.h"
#include "win32_api/host_io.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// An OVERLAPPED starts with what NT takes for its IO_STATUS_BLOCK.
static_assert(sizeof(IO_STATUS_BLOCK) == 2 * sizeof(ULONG_PTR) && offsetof(OVERLAPPED, InternalHigh) == 8);
IO_STATUS_BLOCK* status_block_of(LPOVERLAPPED overlapped) { return reinterpret_cast<IO_STATUS_BLOCK*>(overlapped); }

// "A valid event handle whose low-order bit is set keeps the completion from being queued to a port."
HANDLE event_of(const OVERLAPPED& overlapped) {
    return reinterpret_cast<HANDLE>(reinterpret_cast<ULONG_PTR>(overlapped.hEvent) & ~ULONG_PTR{1});
}
PVOID apc_context_of(LPOVERLAPPED overlapped) {
    const bool hides_from_port = (reinterpret_cast<ULONG_PTR>(overlapped->hEvent) & 1) != 0;
    return hides_from_port ? nullptr : overlapped;
}

// A synchronous call on a handle that was opened for overlapped I/O: the file object is signalled when it is done.
NTSTATUS wait_if_pending(HANDLE file, NTSTATUS status, const volatile IO_STATUS_BLOCK& block) {
    if (status != STATUS_PENDING) return status;
    const NTSTATUS waited = NtWaitForSingleObject(file, FALSE, nullptr);
    return NT_SUCCESS(waited) ? block.Status : waited;
}

// The end of a call without OVERLAPPED. Warnings fail with the bytes that came with them.
BOOL finish_synchronous(NTSTATUS status, const IO_STATUS_BLOCK& block, LPDWORD transferred) {
    if (!NT_ERROR(status)) *transferred = static_cast<DWORD>(block.Information);
    return bool_of(status);
}

// The end of a call with OVERLAPPED: pending is a failure with ERROR_IO_PENDING.
BOOL finish_overlapped(NTSTATUS status, const OVERLAPPED& overlapped, LPDWORD transferred) {
    if (status == STATUS_PENDING) return fail(ERROR_IO_PENDING);
    if (!NT_ERROR(status) && transferred != nullptr) *transferred = static_cast<DWORD>(overlapped.InternalHigh);
    return bool_of(status);
}

using TransferCall = decltype(&NtReadFile);

BOOL transfer(TransferCall call, HANDLE file, PVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped) {
    if (overlapped == nullptr) {
        *transferred = 0;
        IO_STATUS_BLOCK block{};
        NTSTATUS status = call(file, nullptr, nullptr, nullptr, &block, buffer, length_bytes, nullptr, nullptr);
        status = wait_if_pending(file, status, block);
        // "When a synchronous read reaches the end of a file, ReadFile returns TRUE and sets the bytes read to zero."
        if (status == STATUS_END_OF_FILE) {
            *transferred = 0;
            return TRUE;
        }
        return finish_synchronous(status, block, transferred);
    }
    if (transferred != nullptr) *transferred = 0;
    LARGE_INTEGER offset;
    offset.QuadPart = static_cast<LONGLONG>(static_cast<ULONGLONG>(overlapped->OffsetHigh) << 32 | overlapped->Offset);
    overlapped->Internal = STATUS_PENDING;
    const NTSTATUS status = call(file, event_of(*overlapped), nullptr, apc_context_of(overlapped),
                                 status_block_of(overlapped), buffer, length_bytes, &offset, nullptr);
    return finish_overlapped(status, *overlapped, transferred);
}

}  // namespace

BOOL WINAPI DeviceIoControl(HANDLE device, DWORD code, LPVOID input, DWORD input_bytes, LPVOID output, DWORD output_bytes,
                            LPDWORD returned, LPOVERLAPPED overlapped) {
    // "Controls of file systems go their own way (IRP_MJ_FILE_SYSTEM_CONTROL)."
    const bool is_file_system = code >> 16 == FILE_DEVICE_FILE_SYSTEM;
    if (HostHandles::is_host_handle(device)) {
        return fail(HostHandles::instance().find(device) ? ERROR_INVALID_FUNCTION : ERROR_INVALID_HANDLE);
    }
    if (overlapped == nullptr) {
        IO_STATUS_BLOCK block{};
        NTSTATUS status = is_file_system ? NtFsControlFile(device, nullptr, nullptr, nullptr, &block, code, input, input_bytes,
                                                           output, output_bytes)
                                         : control_device(device, code, input, input_bytes, output, output_bytes, block);
        status = wait_if_pending(device, status, block);
        return finish_synchronous(status, block, returned);
    }
    overlapped->Internal = STATUS_PENDING;
    const auto call = is_file_system ? NtFsControlFile : NtDeviceIoControlFile;
    const NTSTATUS status = call(device, event_of(*overlapped), nullptr, apc_context_of(overlapped),
                                 status_block_of(overlapped), code, input, input_bytes, output, output_bytes);
    return finish_overlapped(status, *overlapped, returned);
}

BOOL WINAPI ReadFile(HANDLE file, LPVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped) {
    if (const auto host = HostHandles::instance().find(file)) {
        return read_host(*host, buffer, length_bytes, transferred, overlapped);
    }
    return transfer(NtReadFile, file, buffer, length_bytes, transferred, overlapped);
}

BOOL WINAPI WriteFile(HANDLE file, LPCVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped) {
    if (const auto host = HostHandles::instance().find(file)) {
        return write_host(*host, buffer, length_bytes, transferred, overlapped);
    }
    return transfer(NtWriteFile, file, const_cast<LPVOID>(buffer), length_bytes, transferred, overlapped);
}
