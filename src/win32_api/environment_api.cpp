// SPDX-License-Identifier: Apache-2.0
// Environment variables and the command line. Letter case counts in the variables' names, as everywhere on this machine.
#include <stdlib.h>

#include <cstdlib>
#include <vector>

#include "platform/program.h"
#include "win32/shellapi.h"
#include "win32_api/command_line.h"
#include "win32_api/dos_path.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// Null with the last error set when there is no such variable.
const char* find_variable(LPCSTR name) {
    const char* const value = name == nullptr ? nullptr : std::getenv(name);
    if (value == nullptr) fail(ERROR_ENVVAR_NOT_FOUND);
    return value;
}

// "%NAME%" replaced by the variable; names of no variable stay as they are.
std::string expand(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('%');
        out += text.substr(0, open);
        if (open == std::string_view::npos) break;
        text.remove_prefix(open);
        const std::size_t close = text.find('%', 1);
        const char* const value =
            close == std::string_view::npos ? nullptr : std::getenv(std::string(text.substr(1, close - 1)).c_str());
        out += value == nullptr ? "%" : value;
        text.remove_prefix(value == nullptr ? 1 : close + 1);
    }
    return out;
}

// The size with the terminator, whether it fitted or not.
template <typename Text, typename Char>
DWORD put_expanded(const Text& text, Char* buffer, DWORD size) {
    if (buffer != nullptr && size > text.size()) {
        text.copy(buffer, text.size());
        buffer[text.size()] = Char{};
    }
    return static_cast<DWORD>(text.size() + 1);
}

}  // namespace

DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR source, LPSTR buffer, DWORD size) { return put_expanded(expand(source), buffer, size); }
DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR source, LPWSTR buffer, DWORD size) {
    return put_expanded(widen(expand(narrow(std::u16string_view(source, length_of(source))))), buffer, size);
}

DWORD WINAPI GetEnvironmentVariableA(LPCSTR name, LPSTR buffer, DWORD size) {
    const char* const value = find_variable(name);
    if (value == nullptr) return 0;
    // An empty value gives 0, too: the last error tells.
    SetLastError(ERROR_SUCCESS);
    return copy_text(std::string(value), buffer, size);
}

DWORD WINAPI GetEnvironmentVariableW(LPCWSTR name, LPWSTR buffer, DWORD size) {
    const char* const value =
        find_variable(name == nullptr ? nullptr : narrow(std::u16string_view(name, length_of(name))).c_str());
    if (value == nullptr) return 0;
    SetLastError(ERROR_SUCCESS);
    return copy_text(widen(value), buffer, size);
}

BOOL WINAPI SetEnvironmentVariableA(LPCSTR name, LPCSTR value) {
    if (name == nullptr || *name == '\0') return fail(ERROR_INVALID_PARAMETER);
    const int result = value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
    return result == 0 ? TRUE : fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value) {
    if (name == nullptr) return fail(ERROR_INVALID_PARAMETER);
    const std::string narrow_name = narrow(std::u16string_view(name, length_of(name)));
    if (value == nullptr) return SetEnvironmentVariableA(narrow_name.c_str(), nullptr);
    return SetEnvironmentVariableA(narrow_name.c_str(), narrow(std::u16string_view(value, length_of(value))).c_str());
}

// One block: the pointers, then the texts. "The caller frees it with a single call of LocalFree."
LPWSTR* WINAPI CommandLineToArgvW(LPCWSTR line, int* count) {
    if (line == nullptr || count == nullptr) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    // "If lpCmdLine is an empty string, the function returns the path to the current executable file."
    std::string text = narrow(std::u16string_view(line));
    if (text.empty()) text = command_line_of({narrow(windows_path(pw::platform::program_path()))});
    std::vector<std::u16string> arguments;
    std::size_t bytes = sizeof(LPWSTR);
    for (const std::string& argument : arguments_of(text)) {
        arguments.push_back(widen(argument));
        bytes += sizeof(LPWSTR) + (arguments.back().size() + 1) * sizeof(WCHAR);
    }
    auto* const block = static_cast<LPWSTR*>(LocalAlloc(LMEM_FIXED, bytes));
    if (block == nullptr) return nullptr;
    auto* at = reinterpret_cast<LPWSTR>(block + arguments.size() + 1);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        block[i] = at;
        at += copy_text(arguments[i], at, static_cast<DWORD>(arguments[i].size() + 1)) + 1;
    }
    block[arguments.size()] = nullptr;
    *count = static_cast<int>(arguments.size());
    return block;
}

LPSTR WINAPI GetCommandLineA(void) {
    static std::string* const line = new std::string(command_line_of(pw::platform::program_arguments()));
    return line->data();
}

LPWSTR WINAPI GetCommandLineW(void) {
    static std::u16string* const line = new std::u16string(widen(GetCommandLineA()));
    return line->data();
}
