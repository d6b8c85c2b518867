// SPDX-License-Identifier: Apache-2.0
// Modules: the program itself, and the system's libraries as far as programs look up functions in them by name.
//
// No other library can be loaded: LoadLibrary of anything else fails with ERROR_MOD_NOT_FOUND.
#include <array>

#include "platform/program.h"
#include "win32_api/dos_path.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr std::array<LPCWSTR, 4> system_modules = {u"kernel32", u"kernelbase", u"ntdll", u"advapi32"};
// Their handles: addresses that nothing else has.
constinit char system_module_marks[system_modules.size()] = {};

HMODULE module_at(const void* address) { return reinterpret_cast<HMODULE>(const_cast<void*>(address)); }

bool is_system_module(HMODULE module) {
    for (const char& mark : system_module_marks) {
        if (module == module_at(&mark)) return true;
    }
    return false;
}

bool is_program(HMODULE module) { return module == nullptr || module == module_at(pw::platform::program_base()); }

// What the system's modules export starts with a capital or with lstr. Our library holds functions of the C library, too.
bool is_system_name(std::string_view name) {
    return name.starts_with("lstr") || (!name.empty() && name[0] >= 'A' && name[0] <= 'Z');
}

// By name, with or without ".dll" and a folder; null when it is none of them.
HMODULE find_system_module(LPCWSTR name) {
    std::u16string_view text(name, length_of(name));
    if (const std::size_t backslash = text.find_last_of(u"\\/"); backslash != text.npos) text.remove_prefix(backslash + 1);
    std::u16string base(text);
    constexpr std::size_t suffix_length = 4;
    if (base.size() > suffix_length && lstrcmpiW(base.c_str() + base.size() - suffix_length, u".dll") == 0) {
        base.resize(base.size() - suffix_length);
    }
    for (std::size_t i = 0; i < system_modules.size(); ++i) {
        if (lstrcmpiW(base.c_str(), system_modules[i]) == 0) return module_at(&system_module_marks[i]);
    }
    return nullptr;
}

HMODULE loaded(LPCWSTR name) {
    if (name == nullptr) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    const HMODULE module = find_system_module(name);
    if (module == nullptr) fail(ERROR_MOD_NOT_FOUND);
    return module;
}

// GetModuleFileName's rule: a name that does not fit is cut, terminated, and fails with ERROR_INSUFFICIENT_BUFFER while
// the size is returned.
template <typename Text, typename Char>
DWORD give_file_name(const Text& path, Char* buffer, DWORD size) {
    if (size == 0) return static_cast<DWORD>(fail(ERROR_INSUFFICIENT_BUFFER));
    if (path.size() < size) {
        SetLastError(ERROR_SUCCESS);
        return copy_text(path, buffer, size);
    }
    copy_text(Text(path, 0, size - 1), buffer, size);
    fail(ERROR_INSUFFICIENT_BUFFER);
    return size;
}

// Empty with the last error set when it is not the program.
std::u16string file_name_of(HMODULE module) {
    if (is_program(module)) return windows_path(pw::platform::program_path());
    fail(ERROR_MOD_NOT_FOUND);
    return {};
}

}  // namespace

DWORD WINAPI GetModuleFileNameW(HMODULE module, LPWSTR buffer, DWORD size) {
    const std::u16string path = file_name_of(module);
    return path.empty() ? 0 : give_file_name(path, buffer, size);
}

DWORD WINAPI GetModuleFileNameA(HMODULE module, LPSTR buffer, DWORD size) {
    const std::u16string path = file_name_of(module);
    return path.empty() ? 0 : give_file_name(narrow(path), buffer, size);
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR name) {
    return name == nullptr ? module_at(pw::platform::program_base()) : loaded(name);
}
HMODULE WINAPI GetModuleHandleA(LPCSTR name) { return GetModuleHandleW(WideArgument(name)); }

HMODULE WINAPI LoadLibraryW(LPCWSTR name) { return loaded(name); }
HMODULE WINAPI LoadLibraryA(LPCSTR name) { return LoadLibraryW(WideArgument(name)); }

BOOL WINAPI FreeLibrary(HMODULE module) { return is_system_module(module) ? TRUE : fail(ERROR_INVALID_HANDLE); }

// One library holds what all the system's modules export. The program's own exports, and ordinals, are not found.
FARPROC WINAPI GetProcAddress(HMODULE module, LPCSTR name) {
    constexpr std::uintptr_t highest_ordinal = 0xFFFF;
    const bool is_name = reinterpret_cast<std::uintptr_t>(name) > highest_ordinal;
    void* const found = is_system_module(module) && is_name && is_system_name(name)
                            ? pw::platform::find_export_of(reinterpret_cast<const void*>(&GetProcAddress), name)
                            : nullptr;
    if (found == nullptr) fail(ERROR_PROC_NOT_FOUND);
    return reinterpret_cast<FARPROC>(found);
}
