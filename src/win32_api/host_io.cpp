// SPDX-License-Identifier: Apache-2.0
#include "win32_api/host_io.h"

#include "base/checked_math.h"
#include "exceptions/exceptions.h"
#include "platform/host_file.h"
#include "platform/host_folder.h"
#include "win32_api/runtime/runtime.h"
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

enum class Telling { event_and_port, nobody };

HANDLE event_of(const OVERLAPPED& overlapped) {
    return reinterpret_cast<HANDLE>(reinterpret_cast<ULONG_PTR>(overlapped.hEvent) & ~ULONG_PTR{1});
}

void tell(const HostFile& file, NTSTATUS status, std::size_t bytes, LPOVERLAPPED overlapped) {
    const HANDLE event = event_of(*overlapped);
    // An event handle with its low bit set keeps the packet back.
    const bool is_hidden = event != overlapped->hEvent;
    if (event != nullptr) SetEvent(event);
    const HANDLE port = file.completion_port.load();
    if (port == nullptr || is_hidden || (file.notification_modes.load() & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS) != 0) return;
    // Nothing is left to tell a failure to: the port may be gone.
    static_cast<void>(NtSetIoCompletion(port, reinterpret_cast<PVOID>(file.completion_key.load()), overlapped, status, bytes));
}

BOOL finish(HostFile& file, NTSTATUS status, std::size_t bytes, std::int64_t offset, LPDWORD transferred,
            LPOVERLAPPED overlapped, Telling telling) {
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
    // "A request that fails at once touches neither status block nor event nor port."
    if (NT_SUCCESS(status)) {
        overlapped->InternalHigh = bytes;
        __atomic_store_n(&overlapped->Internal, static_cast<ULONG_PTR>(static_cast<ULONG>(status)), __ATOMIC_RELEASE);
        if (telling == Telling::event_and_port) tell(file, status, bytes, overlapped);
    }
    if (transferred != nullptr) *transferred = static_cast<DWORD>(bytes);
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

namespace {

// "If a guard page exception occurs during a system service, the service fails": what NT meets when it probes the buffer,
// before a byte is transferred. A page that cannot be touched once, and then can, was a guard page.
NTSTATUS guard_status(LPCVOID buffer, std::size_t length_bytes) {
    const auto first = reinterpret_cast<std::uintptr_t>(buffer);
    const ProcessSlot slot = process_slot();
    if (length_bytes == 0 || first - slot.base >= slot.length_bytes) return STATUS_SUCCESS;
    std::uint8_t byte = 0;
    for (std::uintptr_t at = first; at - first < length_bytes; at = align_down(at, page_size_bytes) + page_size_bytes) {
        const auto* const address = reinterpret_cast<const void*>(at);
        if (pw_guarded_read8(address, &byte) != 0) continue;
        return pw_guarded_read8(address, &byte) != 0 ? STATUS_GUARD_PAGE_VIOLATION : STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

// Starting a request clears its event.
void start(LPOVERLAPPED overlapped, Telling telling) {
    if (overlapped == nullptr) return;
    overlapped->Internal = STATUS_PENDING;
    if (telling == Telling::event_and_port && event_of(*overlapped) != nullptr) ResetEvent(event_of(*overlapped));
}

BOOL read(HostFile& file, LPVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped, Telling telling) {
    if (!may_start(file, file.can_read, transferred, overlapped)) return FALSE;
    const std::int64_t offset = offset_of(file, overlapped);
    if (offset < 0 && offset != at_position) return fail(ERROR_INVALID_PARAMETER);
    if (const NTSTATUS status = guard_status(buffer, length_bytes); !NT_SUCCESS(status)) {
        return finish(file, status, 0, offset, transferred, overlapped, telling);
    }
    start(overlapped, telling);
    const auto bytes = platform::read_host_file(file.descriptor(), buffer, length_bytes, offset);
    if (!bytes) return finish(file, bytes.status().code(), 0, offset, transferred, overlapped, telling);
    const bool is_end = bytes.value() == 0 && length_bytes != 0;
    const NTSTATUS end = file.is_pipe ? STATUS_PIPE_BROKEN : STATUS_END_OF_FILE;
    return finish(file, is_end ? end : STATUS_SUCCESS, bytes.value(), offset, transferred, overlapped, telling);
}

BOOL write(HostFile& file, LPCVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped,
           Telling telling) {
    if (!may_start(file, file.can_write, transferred, overlapped)) return FALSE;
    std::int64_t offset = offset_of(file, overlapped);
    if (file.is_seekable && is_at_end(overlapped)) {  // "to write to the end of file, specify both as 0xFFFFFFFF"
        const auto end = platform::query_host_file(file.descriptor());
        offset = end ? static_cast<std::int64_t>(end.value().size_bytes) : at_position;
    }
    if (offset < 0 && offset != at_position) return fail(ERROR_INVALID_PARAMETER);
    if (const NTSTATUS status = guard_status(buffer, length_bytes); !NT_SUCCESS(status)) {
        return finish(file, status, 0, offset, transferred, overlapped, telling);
    }
    start(overlapped, telling);
    const auto bytes = file.is_pipe ? platform::write_host_pipe(file.descriptor(), buffer, length_bytes)
                                    : platform::write_host_file(file.descriptor(), buffer, length_bytes, offset);
    if (!bytes) return finish(file, bytes.status().code(), 0, offset, transferred, overlapped, telling);
    return finish(file, STATUS_SUCCESS, bytes.value(), offset, transferred, overlapped, telling);
}

}  // namespace

BOOL read_host(HostFile& file, LPVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped) {
    return read(file, buffer, length_bytes, transferred, overlapped, Telling::event_and_port);
}

BOOL write_host(HostFile& file, LPCVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped) {
    return write(file, buffer, length_bytes, transferred, overlapped, Telling::event_and_port);
}

BOOL read_host_ex(HostFile& file, LPVOID buffer, DWORD length_bytes, LPOVERLAPPED overlapped) {
    return read(file, buffer, length_bytes, nullptr, overlapped, Telling::nobody);
}

BOOL write_host_ex(HostFile& file, LPCVOID buffer, DWORD length_bytes, LPOVERLAPPED overlapped) {
    return write(file, buffer, length_bytes, nullptr, overlapped, Telling::nobody);
}

}  // namespace pw::win32
