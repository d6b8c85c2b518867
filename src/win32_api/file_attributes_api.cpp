// SPDX-License-Identifier: Apache-2.0
// Files and directories by name: attributes, deleting, making directories.
#include "win32_api/file_facts.h"
#include "win32_api/host_handles.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

BOOL WINAPI GetFileAttributesExW(LPCWSTR name, GET_FILEEX_INFO_LEVELS level, LPVOID information) {
    if (level != GetFileExInfoStandard) return fail(ERROR_INVALID_PARAMETER);
    const std::optional<std::string> path = host_path_of(name);
    if (!path) return FALSE;
    const auto info = pw::platform::query_host_path(*path);
    if (!info) return bool_of(info.status().code());
    WIN32_FILE_ATTRIBUTE_DATA data{};
    store_facts(info.value(), &data);
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

// Of the attributes the machine keeps the read-only one; the others say nothing here and are accepted, as on a file system
// that lacks them.
BOOL WINAPI SetFileAttributesW(LPCWSTR name, DWORD attributes) {
    const std::optional<std::string> path = host_path_of(name);
    if (!path) return FALSE;
    return bool_of(pw::platform::set_host_path_read_only(*path, (attributes & FILE_ATTRIBUTE_READONLY) != 0).code());
}

BOOL WINAPI SetFileAttributesA(LPCSTR name, DWORD attributes) { return SetFileAttributesW(WideArgument(name), attributes); }

BOOL WINAPI GetFileInformationByHandle(HANDLE handle, LPBY_HANDLE_FILE_INFORMATION information) {
    const auto file = HostHandles::instance().find(handle);
    if (!file) return fail(HostHandles::is_host_handle(handle) ? ERROR_INVALID_HANDLE : ERROR_INVALID_FUNCTION);
    const auto info = pw::platform::query_host_file(file->descriptor());
    if (!info) return bool_of(info.status().code());
    BY_HANDLE_FILE_INFORMATION data{};
    store_facts(info.value(), &data);
    data.dwVolumeSerialNumber = static_cast<DWORD>(info.value().device);
    data.nNumberOfLinks = info.value().links;
    data.nFileIndexLow = static_cast<DWORD>(info.value().inode);
    data.nFileIndexHigh = static_cast<DWORD>(info.value().inode >> 32);
    *information = data;
    return TRUE;
}
