// SPDX-License-Identifier: Apache-2.0
#include "win32_api/host_io.h"

#include "platform/host_file.h"
#include "win32_api/win32_result.h"

namespace pw::win32 {
namespace {

constexpr std::int64_t at_position = -1;

// Where an OVERLAPPED request starts. A stream without positions ignores the offset.
std::int64_t offset_of(const HostFile& file, const OVERLAPPED* overlapped) {
    if (overlapped == nullptr || !file.is_seekable) return at_position;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(overlapped->OffsetHigh) << 32 | overlapped->Offset);
}

bool is_at_end(const OVERLAPPED* overlapped) {
    return overlapped != nullptr && overlapped->Offset == 0xFFFFFFFF && overlapped->OffsetHigh == 0xFFFFFFFF;
}

BOOL finish(HostFile& file, NTSTATUS status, std::size_t bytes, std::int64_t offset, LPDWORD transferred,
            LPOVERLAPPED overlapped) {
    if (overlapped == nullptr) {
        // Reading at the end is a success with no bytes.
        if (status == STATUS_END_OF_FILE) status = STATUS_SUCCESS;
        *transferred = static_cast<DWORD>(bytes);
        return bool_of(status);
    }
    // A synchronous handle's position follows the request.
    if (!file.is_overlapped && offset >= 0 && NT_SUCCESS(status)) {
        static_cast<void>(platform::seek_host_file(file.descriptor(), offset + static_cast<std::int64_t>(bytes),
                                                   platform::SeekFrom::begin));
    }
    overlapped->InternalHigh = bytes;
    overlapped->Internal = static_cast<ULONG_PTR>(static_cast<ULONG>(status));
    if (transferred != nullptr) *transferred = static_cast<DWORD>(bytes);
    if (NT_SUCCESS(status) && overlapped->hEvent != nullptr) SetEvent(overlapped->hEvent);
    return bool_of(status);
}

// The checks that both have in common. FALSE: the error is set.
BOOL may_start(const HostFile& file, bool is_allowed, LPDWORD transferred, const OVERLAPPED* overlapped) {
    if (transferred != nullptr) *transferred = 0;
    if (!is_allowed) return fail(ERROR_ACCESS_DENIED);
    if (file.is_overlapped && overlapped == nullptr) return fail(ERROR_INVALID_PARAMETER);
    return TRUE;
}

}  // namespace

BOOL read_host(HostFile& file, LPVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped) {
    if (!may_start(file, file.can_read, transferred, overlapped)) return FALSE;
    const std::int64_t offset = offset_of(file, overlapped);
    if (offset < 0 && offset != at_position) return fail(ERROR_INVALID_PARAMETER);
    const auto bytes = platform::read_host_file(file.descriptor(), buffer, length_bytes, offset);
    if (!bytes) return finish(file, bytes.status().code(), 0, offset, transferred, overlapped);
    const bool is_end = bytes.value() == 0 && length_bytes != 0;
    return finish(file, is_end ? STATUS_END_OF_FILE : STATUS_SUCCESS, bytes.value(), offset, transferred, overlapped);
}

BOOL write_host(HostFile& file, LPCVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped) {
    if (!may_start(file, file.can_write, transferred, overlapped)) return FALSE;
    std::int64_t offset = offset_of(file, overlapped);
    if (file.is_seekable && is_at_end(overlapped)) {  // "to write to the end of file, specify both as 0xFFFFFFFF"
        const auto end = platform::query_host_file(file.descriptor());
        offset = end ? static_cast<std::int64_t>(end.value().size_bytes) : at_position;
    }
    if (offset < 0 && offset != at_position) return fail(ERROR_INVALID_PARAMETER);
    const auto bytes = platform::write_host_file(file.descriptor(), buffer, length_bytes, offset);
    if (!bytes) return finish(file, bytes.status().code(), 0, offset, transferred, overlapped);
    return finish(file, STATUS_SUCCESS, bytes.value(), offset, transferred, overlapped);
}

}  // namespace pw::win32
