// SPDX-License-Identifier: Apache-2.0
// Files and directories by name: attributes, deleting, making directories.
#include "platform/host_file.h"
#include "win32_api/dos_path.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;
using pw::platform::HostFileInfo;
using pw::platform::HostFileKind;

namespace {

constexpr std::int64_t unix_epoch_units = 116444736000000000;  // 1970-01-01 in file time

FILETIME file_time(std::int64_t since_1970_ns) {
    const std::int64_t units = unix_epoch_units + since_1970_ns / 100;
    return {static_cast<DWORD>(units), static_cast<DWORD>(units >> 32)};
}

DWORD attributes_of(const HostFileInfo& info) {
    const DWORD read_only = info.is_read_only ? FILE_ATTRIBUTE_READONLY : 0u;
    if (info.kind == HostFileKind::directory) return FILE_ATTRIBUTE_DIRECTORY | read_only;
    return info.kind == HostFileKind::regular ? FILE_ATTRIBUTE_ARCHIVE | read_only : static_cast<DWORD>(FILE_ATTRIBUTE_NORMAL);
}

// The machine's path of a name, or nothing with the last error set.
std::optional<std::string> host_path_of(LPCWSTR name) {
    if (name == nullptr || *name == 0) {
        fail(ERROR_PATH_NOT_FOUND);
        return std::nullopt;
    }
    ResolvedPath path = resolve_path(std::u16string_view(name, length_of(name)));
    // Other drives are not there; devices have no attributes and cannot be deleted by name.
    if (!path.host) fail(name[0] == u'\\' && name[1] == u'\\' ? ERROR_INVALID_FUNCTION : ERROR_PATH_NOT_FOUND);
    return std::move(path.host);
}

}  // namespace

BOOL WINAPI GetFileAttributesExW(LPCWSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID information) {
    if (level != GetFileExInfoStandard) return fail(ERROR_INVALID_PARAMETER);
    const std::optional<std::string> path = host_path_of(name);
    if (!path) return FALSE;
    const auto info = pw::platform::query_host_path(*path);
    if (!info) return bool_of(info.status().code());
    WIN32_FILE_ATTRIBUTE_DATA data{};
    data.dwFileAttributes = attributes_of(info.value());
    // The machine's file systems keep no time of creation that every one of them could tell.
    data.ftCreationTime = file_time(info.value().modified_ns);
    data.ftLastAccessTime = file_time(info.value().accessed_ns);
    data.ftLastWriteTime = file_time(info.value().modified_ns);
    if (info.value().kind == HostFileKind::regular) {
        data.nFileSizeLow = static_cast<DWORD>(info.value().size_bytes);
        data.nFileSizeHigh = static_cast<DWORD>(info.value().size_bytes >> 32);
    }
    *static_cast<WIN32_FILE_ATTRIBUTE_DATA*>(information) = data;
    return TRUE;
}

BOOL WINAPI GetFileAttributesExA(LPCSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID information) {
    return GetFileAttributesExW(WideArgument(name), level, information);
}

DWORD WINAPI GetFileAttributesW(LPCWSTR name) {
    WIN32_FILE_ATTRIBUTE_DATA data{};
    return GetFileAttributesExW(name, GetFileExInfoStandard, &data) ? data.dwFileAttributes : INVALID_FILE_ATTRIBUTES;
}

DWORD WINAPI GetFileAttributesA(LPCSTR name) { return GetFileAttributesW(WideArgument(name)); }

BOOL WINAPI DeleteFileW(LPCWSTR name) {
    const std::optional<std::string> path = host_path_of(name);
    return path ? bool_of(pw::platform::remove_host_file(*path).code()) : FALSE;
}

BOOL WINAPI DeleteFileA(LPCSTR name) { return DeleteFileW(WideArgument(name)); }

// The security attributes are Windows'; the directory gets the machine's usual permissions.
BOOL WINAPI CreateDirectoryW(LPCWSTR name, LPSECURITY_ATTRIBUTES) {
    const std::optional<std::string> path = host_path_of(name);
    return path ? bool_of(pw::platform::make_host_directory(*path).code()) : FALSE;
}

BOOL WINAPI CreateDirectoryA(LPCSTR name, LPSECURITY_ATTRIBUTES security) {
    return CreateDirectoryW(WideArgument(name), security);
}

BOOL WINAPI RemoveDirectoryW(LPCWSTR name) {
    const std::optional<std::string> path = host_path_of(name);
    return path ? bool_of(pw::platform::remove_host_directory(*path).code()) : FALSE;
}

BOOL WINAPI RemoveDirectoryA(LPCSTR name) { return RemoveDirectoryW(WideArgument(name)); }
