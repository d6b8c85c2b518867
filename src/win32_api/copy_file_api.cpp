// SPDX-License-Identifier: Apache-2.0
// CopyFile and MoveFile. What is copied with the data: the time of the last write and the read-only attribute.
#include <memory>
#include <vector>

#include "platform/host_folder.h"
#include "win32_api/file_facts.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;
using pw::platform::HostFileInfo;
using pw::platform::HostFileKind;
using pw::platform::OpenDisposition;

namespace {

constexpr std::size_t chunk_bytes = 65536;

struct Watcher {
    LPPROGRESS_ROUTINE routine = nullptr;
    LPVOID parameter = nullptr;
    LPBOOL cancel = nullptr;

    // PROGRESS_CANCEL or PROGRESS_STOP when the copy is to end.
    DWORD tell(std::uint64_t total, std::uint64_t done, DWORD reason) {
        if (cancel != nullptr && __atomic_load_n(cancel, __ATOMIC_RELAXED)) return PROGRESS_CANCEL;
        if (routine == nullptr) return PROGRESS_CONTINUE;
        LARGE_INTEGER size;
        LARGE_INTEGER transferred;
        size.QuadPart = static_cast<LONGLONG>(total);
        transferred.QuadPart = static_cast<LONGLONG>(done);
        // A file has one stream here. No handle of ours stands for either file.
        const DWORD answer = routine(size, transferred, size, transferred, 1, reason, INVALID_HANDLE_VALUE,
                                     INVALID_HANDLE_VALUE, parameter);
        if (answer == PROGRESS_QUIET) routine = nullptr;
        return answer == PROGRESS_QUIET ? PROGRESS_CONTINUE : answer;
    }
};

// Copies the bytes. An answer that ends the copy is in *answer.
pw::Status copy_bytes(int from, int to, std::uint64_t total, Watcher& watcher, DWORD* answer) {
    const auto buffer = std::make_unique<std::byte[]>(chunk_bytes);
    std::uint64_t done = 0;
    *answer = watcher.tell(total, 0, CALLBACK_STREAM_SWITCH);
    while (*answer == PROGRESS_CONTINUE) {
        const auto bytes = pw::platform::read_host_file(from, buffer.get(), chunk_bytes, -1);
        if (!bytes) return bytes.status();
        if (bytes.value() == 0) return STATUS_SUCCESS;
        const auto written = pw::platform::write_host_file(to, buffer.get(), bytes.value(), -1);
        if (!written) return written.status();
        done += bytes.value();
        *answer = watcher.tell(total, done, CALLBACK_CHUNK_FINISHED);
    }
    return STATUS_SUCCESS;
}

BOOL copy(const std::string& from, const std::string& to, bool fail_if_exists, Watcher watcher) {
    const auto source = pw::platform::open_host_file(from, {.read = true});
    if (!source) return bool_of(source.status().code());
    const int source_descriptor = source.value().descriptor.get();
    const auto info = pw::platform::query_host_file(source_descriptor);
    if (!info) return bool_of(info.status().code());
    const auto present = pw::platform::query_host_path(to);
    if (present && fail_if_exists) return fail(ERROR_FILE_EXISTS);
    if (present && present.value().inode == info.value().inode && present.value().device == info.value().device) {
        return fail(ERROR_SHARING_VIOLATION);  // onto itself
    }
    // "Fails with ERROR_ACCESS_DENIED if the destination file already exists and has the read-only attribute."
    if (present && present.value().is_read_only) return fail(ERROR_ACCESS_DENIED);
    const auto target = pw::platform::open_host_file(
        to, {.write = true, .disposition = fail_if_exists ? OpenDisposition::create_new : OpenDisposition::create_always});
    if (!target) {
        const NTSTATUS status = target.status().code();
        return status == STATUS_OBJECT_NAME_COLLISION ? fail(ERROR_FILE_EXISTS) : bool_of(status);
    }
    const int target_descriptor = target.value().descriptor.get();
    DWORD answer = PROGRESS_CONTINUE;
    const pw::Status copied = copy_bytes(source_descriptor, target_descriptor, info.value().size_bytes, watcher, &answer);
    // Stopped, a copy is left as it is; cancelled or failed, it goes.
    if (!copied.is_success() || answer == PROGRESS_CANCEL) pw::platform::remove_host_file(to).ignore();
    if (!copied.is_success()) return bool_of(copied.code());
    if (answer != PROGRESS_CONTINUE) return fail(ERROR_REQUEST_ABORTED);
    pw::platform::set_host_file_times(target_descriptor, pw::platform::time_unchanged, info.value().modified_ns).ignore();
    return bool_of(pw::platform::set_host_file_read_only(target_descriptor, info.value().is_read_only).code());
}

}  // namespace

BOOL WINAPI CopyFileExW(LPCWSTR existing, LPCWSTR name, LPPROGRESS_ROUTINE progress, LPVOID parameter, LPBOOL cancel,
                        DWORD flags) {
    constexpr DWORD known_flags = COPY_FILE_FAIL_IF_EXISTS | COPY_FILE_OPEN_SOURCE_FOR_WRITE | COPY_FILE_ALLOW_DECRYPTED_DESTINATION;
    if ((flags & COPY_FILE_RESTARTABLE) != 0) return fail(ERROR_NOT_SUPPORTED);
    if ((flags & ~known_flags) != 0) return fail(ERROR_INVALID_PARAMETER);
    const auto from = host_path_of(existing);
    if (!from) return FALSE;
    const auto to = host_path_of(name);
    return to ? copy(*from, *to, (flags & COPY_FILE_FAIL_IF_EXISTS) != 0, {progress, parameter, cancel}) : FALSE;
}

BOOL WINAPI CopyFileExA(LPCSTR existing, LPCSTR name, LPPROGRESS_ROUTINE progress, LPVOID parameter, LPBOOL cancel,
                        DWORD flags) {
    return CopyFileExW(WideArgument(existing), WideArgument(name), progress, parameter, cancel, flags);
}

BOOL WINAPI CopyFileW(LPCWSTR existing, LPCWSTR name, BOOL fail_if_exists) {
    return CopyFileExW(existing, name, nullptr, nullptr, nullptr, fail_if_exists ? DWORD{COPY_FILE_FAIL_IF_EXISTS} : 0u);
}

BOOL WINAPI CopyFileA(LPCSTR existing, LPCSTR name, BOOL fail_if_exists) {
    return CopyFileW(WideArgument(existing), WideArgument(name), fail_if_exists);
}

// No new name asks for the file to be deleted with MOVEFILE_DELAY_UNTIL_REBOOT only, and nothing here is done at a start of
// the machine.
BOOL WINAPI MoveFileExW(LPCWSTR existing, LPCWSTR name, DWORD flags) {
    constexpr DWORD known_flags = MOVEFILE_REPLACE_EXISTING | MOVEFILE_COPY_ALLOWED | MOVEFILE_WRITE_THROUGH;
    if ((flags & MOVEFILE_DELAY_UNTIL_REBOOT) != 0) return fail(ERROR_NOT_SUPPORTED);
    if ((flags & ~known_flags) != 0) return fail(ERROR_INVALID_PARAMETER);
    const auto from = host_path_of(existing);
    if (!from) return FALSE;
    const auto to = host_path_of(name);
    if (!to) return FALSE;
    const bool replace = (flags & MOVEFILE_REPLACE_EXISTING) != 0;
    const pw::Status renamed = pw::platform::rename_host_file(*from, *to, replace);
    if (renamed != pw::Status(STATUS_NOT_SAME_DEVICE)) return bool_of(renamed.code());
    // A folder cannot move to another volume.
    const auto info = pw::platform::query_host_path(*from);
    const bool may_copy = (flags & MOVEFILE_COPY_ALLOWED) != 0 && info && info.value().kind == HostFileKind::regular;
    if (!may_copy) return fail(ERROR_NOT_SAME_DEVICE);
    if (!copy(*from, *to, !replace, {})) return GetLastError() == ERROR_FILE_EXISTS ? fail(ERROR_ALREADY_EXISTS) : FALSE;
    return bool_of(pw::platform::remove_host_file(*from).code());
}

BOOL WINAPI MoveFileExA(LPCSTR existing, LPCSTR name, DWORD flags) {
    return MoveFileExW(WideArgument(existing), WideArgument(name), flags);
}

BOOL WINAPI MoveFileW(LPCWSTR existing, LPCWSTR name) { return MoveFileExW(existing, name, MOVEFILE_COPY_ALLOWED); }
BOOL WINAPI MoveFileA(LPCSTR existing, LPCSTR name) { return MoveFileW(WideArgument(existing), WideArgument(name)); }
