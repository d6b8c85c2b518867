// SPDX-License-Identifier: Apache-2.0
// The console's modes, its input and its code pages.
#include "platform/terminal.h"
#include "win32/consoleapi.h"
#include "win32_api/console_of.h"
#include "win32_api/host_io.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// What a terminal does by itself and what cannot be changed from here.
constexpr DWORD output_modes = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;
constexpr DWORD input_modes = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT;
// Quick edit, insert mode, mouse and window events: nothing of it exists, and none of it was promised.
constexpr DWORD ignored_input_modes = ENABLE_WINDOW_INPUT | ENABLE_MOUSE_INPUT | ENABLE_INSERT_MODE | ENABLE_QUICK_EDIT_MODE |
                                      ENABLE_EXTENDED_FLAGS;

// Windows' line ends with carriage return and line feed; here it is as the terminal gives it.
BOOL read_text(HANDLE console, std::string* text, DWORD count) {
    const auto file = console_of(console);
    if (!file) return FALSE;
    text->resize(count);
    DWORD bytes = 0;
    if (!read_host(*file, text->data(), count, &bytes, nullptr)) return FALSE;
    text->resize(bytes);
    return TRUE;
}

}  // namespace

BOOL WINAPI GetConsoleMode(HANDLE console, LPDWORD mode) {
    const auto file = console_of(console);
    if (!file) return FALSE;
    if (!file->can_read) {
        *mode = output_modes;
        return TRUE;
    }
    const auto input = pw::platform::terminal_input(file->descriptor());
    if (!input) return fail(ERROR_INVALID_HANDLE);
    *mode = (input->signals ? DWORD{ENABLE_PROCESSED_INPUT} : 0u) | (input->lines ? DWORD{ENABLE_LINE_INPUT} : 0u) |
            (input->echo ? DWORD{ENABLE_ECHO_INPUT} : 0u);
    return TRUE;
}

// "ENABLE_ECHO_INPUT can be used only if the ENABLE_LINE_INPUT mode is also enabled."
BOOL WINAPI SetConsoleMode(HANDLE console, DWORD mode) {
    const auto file = console_of(console);
    if (!file) return FALSE;
    if (!file->can_read) return (mode & ~output_modes) == 0 ? TRUE : fail(ERROR_INVALID_PARAMETER);
    const bool echoes_characters = (mode & ENABLE_ECHO_INPUT) != 0 && (mode & ENABLE_LINE_INPUT) == 0;
    if ((mode & ~(input_modes | ignored_input_modes)) != 0 || echoes_characters) return fail(ERROR_INVALID_PARAMETER);
    const pw::platform::TerminalInput input{.signals = (mode & ENABLE_PROCESSED_INPUT) != 0,
                                            .lines = (mode & ENABLE_LINE_INPUT) != 0,
                                            .echo = (mode & ENABLE_ECHO_INPUT) != 0};
    return pw::platform::set_terminal_input(file->descriptor(), input) ? TRUE : fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI ReadConsoleA(HANDLE console, LPVOID buffer, DWORD count, LPDWORD read, LPVOID) {
    std::string text;
    if (!read_text(console, &text, count)) return FALSE;
    text.copy(static_cast<char*>(buffer), text.size());
    *read = static_cast<DWORD>(text.size());
    return TRUE;
}

// So many bytes are never more characters than that.
BOOL WINAPI ReadConsoleW(HANDLE console, LPVOID buffer, DWORD count, LPDWORD read, LPVOID) {
    std::string text;
    if (!read_text(console, &text, count)) return FALSE;
    const std::u16string wide = widen(text);
    wide.copy(static_cast<char16_t*>(buffer), wide.size());
    *read = static_cast<DWORD>(wide.size());
    return TRUE;
}

BOOL WINAPI FlushConsoleInputBuffer(HANDLE console) {
    const auto file = console_of(console);
    if (!file) return FALSE;
    return file->can_read && pw::platform::discard_terminal_input(file->descriptor()) ? TRUE : fail(ERROR_INVALID_HANDLE);
}

// The console's text is UTF-8.
BOOL WINAPI SetConsoleOutputCP(UINT code_page) { return code_page == CP_UTF8 ? TRUE : fail(ERROR_INVALID_PARAMETER); }
BOOL WINAPI SetConsoleCP(UINT code_page) { return SetConsoleOutputCP(code_page); }
UINT WINAPI GetConsoleOutputCP(void) { return CP_UTF8; }
UINT WINAPI GetConsoleCP(void) { return CP_UTF8; }
