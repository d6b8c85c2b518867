// SPDX-License-Identifier: Apache-2.0
// GetTempFileName; CreatePipe.
#include <cstdio>

#include "platform/clock.h"
#include "platform/host_folder.h"
#include "win32_api/dos_path.h"
#include "win32_api/file_facts.h"
#include "win32_api/host_handles.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr std::size_t name_characters = 14;  // "The string cannot be longer than MAX_PATH-14 characters"

// <path>\<pre><uuuu>.TMP: "up to the first three characters of the prefix", the number in hexadecimal.
std::u16string temporary_name(std::u16string folder, std::u16string_view prefix, UINT number) {
    if (folder.empty() || folder.back() != u'\\') folder += u'\\';
    char digits[16];
    std::snprintf(digits, sizeof digits, "%X", number & 0xFFFFu);
    return folder.append(prefix.substr(0, 3)).append(widen(digits)).append(u".TMP");
}

bool is_folder(const std::u16string& folder) {
    const auto host = resolve_path(folder).host;
    if (!host) return false;
    const auto info = pw::platform::query_host_path(*host);
    return info && info.value().kind == pw::platform::HostFileKind::directory;
}

// Creates an empty file under the first free number; 0 with the last error set.
UINT create_unique(const std::u16string& folder, std::u16string_view prefix, std::u16string* name) {
    const UINT start = static_cast<UINT>(pw::platform::realtime_ns() / 1'000'000) & 0xFFFFu;
    for (UINT i = 0; i < 0x10000; ++i) {
        const UINT number = (start + i) & 0xFFFFu;
        if (number == 0) continue;
        *name = temporary_name(folder, prefix, number);
        const HANDLE file = CreateFileW(name->c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
        if (file != INVALID_HANDLE_VALUE) {
            CloseHandle(file);
            return number;
        }
        if (GetLastError() != ERROR_FILE_EXISTS) return 0;
    }
    return static_cast<UINT>(fail(ERROR_FILE_EXISTS));
}

UINT make_name(LPCWSTR path, LPCWSTR prefix, UINT unique, std::u16string* name) {
    if (path == nullptr || prefix == nullptr) return static_cast<UINT>(fail(ERROR_INVALID_PARAMETER));
    const std::u16string given(path);
    if (given.size() > MAX_PATH - name_characters) return static_cast<UINT>(fail(ERROR_BUFFER_OVERFLOW));
    if (unique != 0) {
        *name = temporary_name(given, prefix, unique);
        return unique & 0xFFFFu;
    }
    if (!is_folder(given)) return static_cast<UINT>(fail(ERROR_DIRECTORY));
    return create_unique(given, prefix, name);
}

HANDLE add_end(pw::platform::Descriptor end, bool reads) {
    auto file = std::make_shared<HostFile>();
    file->owned = std::move(end);
    file->can_read = reads;
    file->can_write = !reads;
    file->is_pipe = true;
    return HostHandles::instance().add(std::move(file));
}

}  // namespace

UINT WINAPI GetTempFileNameW(LPCWSTR path, LPCWSTR prefix, UINT unique, LPWSTR buffer) {
    std::u16string name;
    const UINT number = make_name(path, prefix, unique, &name);
    if (number != 0) copy_text(name, buffer, MAX_PATH);
    return number;
}

UINT WINAPI GetTempFileNameA(LPCSTR path, LPCSTR prefix, UINT unique, LPSTR buffer) {
    std::u16string name;
    const UINT number = make_name(WideArgument(path), WideArgument(prefix), unique, &name);
    if (number != 0) copy_text(narrow(name), buffer, MAX_PATH);
    return number;
}

// A program that is started gets an end as one of its standard handles; others are not inherited. The size is a suggestion.
BOOL WINAPI CreatePipe(PHANDLE read_end, PHANDLE write_end, LPSECURITY_ATTRIBUTES, DWORD) {
    auto made = pw::platform::make_host_pipe();
    if (!made) return bool_of(made.status().code());
    const HANDLE reads = add_end(std::move(made.value().read_end), true);
    const HANDLE writes = reads == nullptr ? nullptr : add_end(std::move(made.value().write_end), false);
    if (writes == nullptr) {
        if (reads != nullptr) CloseHandle(reads);
        return fail(ERROR_TOO_MANY_OPEN_FILES);
    }
    *read_end = reads;
    *write_end = writes;
    return TRUE;
}
