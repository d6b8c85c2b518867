// SPDX-License-Identifier: Apache-2.0
// The current directory, full path names, the folder for temporary files.
#include <cstdlib>

#include "platform/host_file.h"
#include "win32_api/dos_path.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// The path without the backslash at its end that a drive's root keeps.
std::u16string without_backslash(std::u16string path) {
    constexpr std::size_t root_length = 3;  // Z:\ of Z:\dir
    if (path.size() > root_length && path.back() == u'\\') path.pop_back();
    return path;
}

std::u16string full_path_of(LPCWSTR name) {
    return full_path(std::u16string_view(name, length_of(name)), current_windows_directory());
}

// Where the last part of a path starts; its length if the path ends with a backslash, and so names a directory.
template <typename Text>
std::size_t last_part(const Text& path) {
    const std::size_t backslash = path.find_last_of(static_cast<typename Text::value_type>('\\'));
    return backslash == Text::npos ? 0 : backslash + 1;
}

template <typename Text, typename Char>
DWORD give_full_path(const Text& path, Char* buffer, DWORD size, Char** file_part) {
    const DWORD length = copy_text(path, buffer, size);
    if (file_part == nullptr) return length;
    const bool was_copied = length == path.size();
    const std::size_t start = last_part(path);
    *file_part = was_copied && start < path.size() ? buffer + start : nullptr;
    return length;
}

std::u16string temporary_directory() {
    // The documented order is TMP, TEMP; TMPDIR is this machine's name for it.
    for (const char* variable : {"TMP", "TEMP", "TMPDIR"}) {
        const char* const value = std::getenv(variable);
        if (value == nullptr || *value == '\0') continue;
        std::u16string path = full_path(widen(value), current_windows_directory());
        if (path.back() != u'\\') path += u'\\';
        return path;
    }
    return windows_path("/tmp/");
}

}  // namespace

DWORD WINAPI GetCurrentDirectoryW(DWORD size, LPWSTR buffer) {
    const std::u16string directory = current_windows_directory();
    if (directory.empty()) return static_cast<DWORD>(fail(ERROR_PATH_NOT_FOUND));
    return copy_text(directory, buffer, size);
}

DWORD WINAPI GetCurrentDirectoryA(DWORD size, LPSTR buffer) {
    const std::u16string directory = current_windows_directory();
    if (directory.empty()) return static_cast<DWORD>(fail(ERROR_PATH_NOT_FOUND));
    return copy_text(narrow(directory), buffer, size);
}

BOOL WINAPI SetCurrentDirectoryW(LPCWSTR name) {
    if (name == nullptr || *name == 0) return fail(ERROR_INVALID_NAME);
    const std::optional<std::string> path = host_path(native_path(without_backslash(full_path_of(name))));
    if (!path) return fail(ERROR_PATH_NOT_FOUND);
    const pw::Status status = pw::platform::change_directory(*path);
    return status == pw::Status(STATUS_NOT_A_DIRECTORY) ? fail(ERROR_DIRECTORY) : bool_of(status.code());
}

BOOL WINAPI SetCurrentDirectoryA(LPCSTR name) { return SetCurrentDirectoryW(WideArgument(name)); }

DWORD WINAPI GetFullPathNameW(LPCWSTR name, DWORD size, LPWSTR buffer, LPWSTR* file_part) {
    if (file_part != nullptr) *file_part = nullptr;
    if (name == nullptr || *name == 0) return static_cast<DWORD>(fail(ERROR_INVALID_NAME));
    return give_full_path(full_path_of(name), buffer, size, file_part);
}

DWORD WINAPI GetFullPathNameA(LPCSTR name, DWORD size, LPSTR buffer, LPSTR* file_part) {
    if (file_part != nullptr) *file_part = nullptr;
    if (name == nullptr || *name == 0) return static_cast<DWORD>(fail(ERROR_INVALID_NAME));
    return give_full_path(narrow(full_path_of(WideArgument(name))), buffer, size, file_part);
}

DWORD WINAPI GetTempPathW(DWORD size, LPWSTR buffer) { return copy_text(temporary_directory(), buffer, size); }
DWORD WINAPI GetTempPathA(DWORD size, LPSTR buffer) { return copy_text(narrow(temporary_directory()), buffer, size); }
