// SPDX-License-Identifier: Apache-2.0
// Windows' own folders on drive C:, and SearchPath.
#include <cstdlib>
#include <vector>

#include "platform/drive_folder.h"
#include "platform/program.h"
#include "win32_api/dos_path.h"
#include "win32_api/file_facts.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr char16_t windows_folder[] = u"C:\\Windows";
constexpr char16_t system_folder[] = u"C:\\Windows\\System32";

// Makes the drive where it is missing. Without a drive C: there is no such folder.
template <typename Text, typename Char>
UINT give_folder(const Text& folder, Char* buffer, UINT size) {
    if (pw::platform::drive_c_folder().empty()) return static_cast<UINT>(fail(ERROR_PATH_NOT_FOUND));
    static_cast<void>(pw::platform::path_on_drive_c(pw::platform::drive_c_folder() + "/Windows/System32"));
    return copy_text(folder, buffer, size);
}

bool is_file(const std::u16string& path) {
    const auto host = resolve_path(path).host;
    if (!host) return false;
    const auto info = pw::platform::query_host_path(*host);
    return info && info.value().kind != pw::platform::HostFileKind::directory;
}

void append_list(std::u16string_view list, char16_t separator, bool is_host, std::vector<std::u16string>& folders) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(separator), list.size());
        const std::u16string_view part = list.substr(0, end);
        if (!part.empty()) folders.push_back(is_host ? windows_path(narrow(part)) : std::u16string(part));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

// "The directory from which the application loaded, the system directory, the Windows directory, the current directory, the
// directories that are listed in the PATH environment variable", which here are the machine's.
std::vector<std::u16string> default_folders() {
    std::vector<std::u16string> folders;
    const std::string program = pw::platform::program_path();
    folders.push_back(windows_path(program.substr(0, program.find_last_of('/'))));
    if (!pw::platform::drive_c_folder().empty()) folders.insert(folders.end(), {system_folder, windows_folder});
    folders.push_back(current_windows_directory());
    if (const char* const path = std::getenv("PATH")) append_list(widen(path), u':', true, folders);
    return folders;
}

// Empty with the last error set when there is no such file.
std::u16string search(LPCWSTR path, LPCWSTR file, LPCWSTR extension) {
    if (file == nullptr || *file == 0) {
        fail(ERROR_INVALID_PARAMETER);
        return {};
    }
    std::u16string name(file);
    const bool has_folder = name.find_first_of(u"\\/:") != std::u16string::npos;
    if (extension != nullptr && name.find(u'.', name.find_last_of(u"\\/:") + 1) == std::u16string::npos) name += extension;
    std::vector<std::u16string> folders;
    if (has_folder) {
        folders.emplace_back();
    } else if (path == nullptr) {
        folders = default_folders();
    } else {
        append_list(path, u';', false, folders);
    }
    for (const std::u16string& folder : folders) {
        const bool joins = folder.empty() || folder.back() == u'\\' || folder.back() == u'/';
        const std::u16string candidate = full_path(joins ? folder + name : folder + u"\\" + name, current_windows_directory());
        if (is_file(candidate)) return candidate;
    }
    fail(ERROR_FILE_NOT_FOUND);
    return {};
}

template <typename Text, typename Char>
DWORD give_found(const Text& path, DWORD size, Char* buffer, Char** file_part) {
    if (path.empty()) return 0;
    const DWORD length = copy_text(path, buffer, size);
    if (file_part != nullptr && length == path.size()) {
        *file_part = buffer + path.find_last_of(static_cast<Char>('\\')) + 1;
    }
    return length;
}

}  // namespace

UINT WINAPI GetWindowsDirectoryW(LPWSTR buffer, UINT size) { return give_folder(std::u16string(windows_folder), buffer, size); }
UINT WINAPI GetWindowsDirectoryA(LPSTR buffer, UINT size) { return give_folder(narrow(windows_folder), buffer, size); }
UINT WINAPI GetSystemWindowsDirectoryW(LPWSTR buffer, UINT size) { return GetWindowsDirectoryW(buffer, size); }
UINT WINAPI GetSystemWindowsDirectoryA(LPSTR buffer, UINT size) { return GetWindowsDirectoryA(buffer, size); }
UINT WINAPI GetSystemDirectoryW(LPWSTR buffer, UINT size) { return give_folder(std::u16string(system_folder), buffer, size); }
UINT WINAPI GetSystemDirectoryA(LPSTR buffer, UINT size) { return give_folder(narrow(system_folder), buffer, size); }

DWORD WINAPI SearchPathW(LPCWSTR path, LPCWSTR file, LPCWSTR extension, DWORD size, LPWSTR buffer, LPWSTR* file_part) {
    return give_found(search(path, file, extension), size, buffer, file_part);
}

DWORD WINAPI SearchPathA(LPCSTR path, LPCSTR file, LPCSTR extension, DWORD size, LPSTR buffer, LPSTR* file_part) {
    return give_found(narrow(search(WideArgument(path), WideArgument(file), WideArgument(extension))), size, buffer, file_part);
}
