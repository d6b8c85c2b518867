// SPDX-License-Identifier: Apache-2.0
// Position, size and type of files that this process serves itself. Devices have no position and no size.
#include "platform/host_file.h"
#include "win32_api/host_handles.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;
using pw::platform::HostFileKind;
using pw::platform::SeekFrom;

namespace {

// The file, or null with the last error set: a kernel handle is right, and cannot be asked.
std::shared_ptr<HostFile> host_file(HANDLE handle) {
    std::shared_ptr<HostFile> file = HostHandles::instance().find(handle);
    if (!file) {
        const bool may_be_kernels = handle != nullptr && handle != INVALID_HANDLE_VALUE && !HostHandles::is_host_handle(handle);
        fail(may_be_kernels ? ERROR_CALL_NOT_IMPLEMENTED : ERROR_INVALID_HANDLE);
    }
    return file;
}

}  // namespace

BOOL WINAPI SetFilePointerEx(HANDLE handle, LARGE_INTEGER distance, PLARGE_INTEGER new_position, DWORD method) {
    const auto file = host_file(handle);
    if (!file) return FALSE;
    if (method > FILE_END) return fail(ERROR_INVALID_PARAMETER);
    if (!file->is_seekable) return fail(ERROR_INVALID_FUNCTION);
    const SeekFrom from = method == FILE_BEGIN ? SeekFrom::begin : method == FILE_CURRENT ? SeekFrom::current : SeekFrom::end;
    if (from == SeekFrom::begin && distance.QuadPart < 0) return fail(ERROR_NEGATIVE_SEEK);
    const auto position = pw::platform::seek_host_file(file->descriptor(), distance.QuadPart, from);
    // The one thing that can be wrong with such a file's position is that it would be negative.
    if (!position) return fail(ERROR_NEGATIVE_SEEK);
    if (new_position != nullptr) new_position->QuadPart = position.value();
    return TRUE;
}

DWORD WINAPI SetFilePointer(HANDLE handle, LONG distance_low, PLONG distance_high, DWORD method) {
    LARGE_INTEGER distance;
    distance.QuadPart = distance_low;
    if (distance_high != nullptr) {
        distance.LowPart = static_cast<DWORD>(distance_low);
        distance.HighPart = *distance_high;
    }
    LARGE_INTEGER position;
    if (!SetFilePointerEx(handle, distance, &position, method)) return INVALID_SET_FILE_POINTER;
    if (distance_high != nullptr) {
        *distance_high = position.HighPart;
    } else if (position.HighPart != 0) {
        fail(ERROR_INVALID_PARAMETER);
        return INVALID_SET_FILE_POINTER;
    }
    // A low half of 0xFFFFFFFF is told from a failure by this.
    if (position.LowPart == INVALID_SET_FILE_POINTER) SetLastError(ERROR_SUCCESS);
    return position.LowPart;
}

BOOL WINAPI GetFileSizeEx(HANDLE handle, PLARGE_INTEGER size) {
    const auto file = host_file(handle);
    if (!file) return FALSE;
    const auto info = pw::platform::query_host_file(file->descriptor());
    if (!info) return bool_of(info.status().code());
    if (info.value().kind != HostFileKind::regular) return fail(ERROR_INVALID_FUNCTION);
    size->QuadPart = static_cast<LONGLONG>(info.value().size_bytes);
    return TRUE;
}

DWORD WINAPI GetFileSize(HANDLE handle, LPDWORD size_high) {
    LARGE_INTEGER size;
    if (!GetFileSizeEx(handle, &size)) return INVALID_FILE_SIZE;
    if (size_high != nullptr) *size_high = static_cast<DWORD>(size.HighPart);
    if (size.LowPart == INVALID_FILE_SIZE) SetLastError(ERROR_SUCCESS);
    return size.LowPart;
}

BOOL WINAPI SetEndOfFile(HANDLE handle) {
    const auto file = host_file(handle);
    if (!file) return FALSE;
    if (!file->can_write) return fail(ERROR_ACCESS_DENIED);
    return bool_of(pw::platform::end_host_file_here(file->descriptor()).code());
}

BOOL WINAPI FlushFileBuffers(HANDLE handle) {
    if (!HostHandles::is_host_handle(handle)) {
        IO_STATUS_BLOCK block{};
        return bool_of(NtFlushBuffersFile(handle, &block));
    }
    const auto file = host_file(handle);
    if (!file) return FALSE;
    if (!file->can_write) return fail(ERROR_ACCESS_DENIED);
    return bool_of(pw::platform::flush_host_file(file->descriptor()).code());
}

DWORD WINAPI GetFileType(HANDLE handle) {
    const auto file = host_file(handle);
    if (!file) return FILE_TYPE_UNKNOWN;
    const auto info = pw::platform::query_host_file(file->descriptor());
    // An unknown type is told from a failure by the last error.
    SetLastError(ERROR_SUCCESS);
    if (!info) {
        set_last_status(info.status().code());
        return FILE_TYPE_UNKNOWN;
    }
    switch (info.value().kind) {
        case HostFileKind::regular: return FILE_TYPE_DISK;
        case HostFileKind::character: return FILE_TYPE_CHAR;
        case HostFileKind::pipe: return FILE_TYPE_PIPE;
        default: return FILE_TYPE_UNKNOWN;
    }
}
