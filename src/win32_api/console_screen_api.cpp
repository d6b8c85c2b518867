// SPDX-License-Identifier: Apache-2.0
// The console's screen: size, cursor, colours, title; which console a process has. A terminal does it by control sequences.
#include <atomic>
#include <string>

#include "base/lock.h"
#include "platform/process_spawn.h"
#include "platform/terminal.h"
#include "win32/consoleapi.h"
#include "win32_api/console_of.h"
#include "win32_api/host_io.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

namespace pw::win32 {
namespace {

constexpr WORD grey_on_black = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE;

std::atomic<bool> g_has_console{true};
std::atomic<WORD> g_attributes{grey_on_black};

struct Title {
    pw::Mutex lock{pw::LockRank::leaf};
    std::u16string text PW_GUARDED_BY(lock);
};

Title& title() {
    static Title* const the_title = new Title;
    return *the_title;
}

// Blue, green, red in Windows' order to red, green, blue in the terminal's; bright colours have numbers of their own.
int colour_code(unsigned colour, int normal, int bright) {
    const int number = static_cast<int>((colour & 1u) << 2 | (colour & 2u) | (colour & 4u) >> 2);
    return number + ((colour & FOREGROUND_INTENSITY) != 0 ? bright : normal);
}

// The colours that the console had are the terminal's own.
std::string colours(WORD attributes) {
    if (attributes == grey_on_black) return "\x1B[0m";
    std::string text = "\x1B[0;" + std::to_string(colour_code(attributes & 0xFu, 30, 90));
    if ((attributes & 0xF0u) != 0) text += ";" + std::to_string(colour_code(attributes >> 4 & 0xFu, 40, 100));
    if ((attributes & COMMON_LVB_REVERSE_VIDEO) != 0) text += ";7";
    if ((attributes & COMMON_LVB_UNDERSCORE) != 0) text += ";4";
    return text + "m";
}

}  // namespace

std::shared_ptr<HostFile> console_of(HANDLE handle) {
    std::shared_ptr<HostFile> file = g_has_console.load() ? HostHandles::instance().find(handle) : nullptr;
    if (file && platform::is_terminal(file->descriptor())) return file;
    fail(ERROR_INVALID_HANDLE);
    return nullptr;
}

BOOL write_sequence(HANDLE console, std::string_view sequence) {
    const auto file = console_of(console);
    if (!file) return FALSE;
    DWORD bytes = 0;
    return write_host(*file, sequence.data(), static_cast<DWORD>(sequence.size()), &bytes, nullptr);
}

}  // namespace pw::win32

using namespace pw::win32;

BOOL WINAPI SetConsoleTextAttribute(HANDLE console, WORD attributes) {
    if (!write_sequence(console, colours(attributes))) return FALSE;
    g_attributes.store(attributes);
    return TRUE;
}

BOOL WINAPI SetConsoleCursorPosition(HANDLE console, COORD position) {
    const auto file = console_of(console);
    if (!file) return FALSE;
    const auto size = pw::platform::terminal_size(file->descriptor());
    const bool is_inside = position.X >= 0 && position.Y >= 0 && (!size || (position.X < size->columns && position.Y < size->rows));
    if (!is_inside) return fail(ERROR_INVALID_PARAMETER);
    return write_sequence(console, "\x1B[" + std::to_string(position.Y + 1) + ";" + std::to_string(position.X + 1) + "H");
}

// The buffer is the window: what has scrolled out of a terminal cannot be reached. A terminal that does not tell where the
// cursor is has it at the origin.
BOOL WINAPI GetConsoleScreenBufferInfo(HANDLE console, PCONSOLE_SCREEN_BUFFER_INFO info) {
    const auto file = console_of(console);
    if (!file) return FALSE;
    if (!file->can_write) return fail(ERROR_INVALID_HANDLE);
    const auto size = pw::platform::terminal_size(file->descriptor());
    if (!size) return fail(ERROR_INVALID_HANDLE);
    const auto cursor = pw::platform::cursor_position();
    *info = {};
    info->dwSize = {static_cast<SHORT>(size->columns), static_cast<SHORT>(size->rows)};
    if (cursor) info->dwCursorPosition = {static_cast<SHORT>(cursor->column), static_cast<SHORT>(cursor->row)};
    info->wAttributes = g_attributes.load();
    info->srWindow = {0, 0, static_cast<SHORT>(size->columns - 1), static_cast<SHORT>(size->rows - 1)};
    info->dwMaximumWindowSize = info->dwSize;
    return TRUE;
}

// Kept for GetConsoleTitle; shown where standard output is a terminal.
BOOL WINAPI SetConsoleTitleW(LPCWSTR text) {
    if (text == nullptr) return fail(ERROR_INVALID_PARAMETER);
    if (!g_has_console.load()) return fail(ERROR_INVALID_HANDLE);
    {
        Title& shown = title();
        pw::MutexLock lock(shown.lock);
        shown.text = text;
    }
    const DWORD error = GetLastError();
    if (!write_sequence(GetStdHandle(STD_OUTPUT_HANDLE), "\x1B]0;" + narrow(std::u16string_view(text)) + "\x07")) SetLastError(error);
    return TRUE;
}

BOOL WINAPI SetConsoleTitleA(LPCSTR text) { return SetConsoleTitleW(WideArgument(text)); }

// "The length of the console window's title, in characters"; a short buffer gets what fits.
DWORD WINAPI GetConsoleTitleW(LPWSTR buffer, DWORD size) {
    Title& shown = title();
    pw::MutexLock lock(shown.lock);
    const std::u16string text = shown.text;
    if (size != 0) copy_text(text.substr(0, size - 1), buffer, size);
    return static_cast<DWORD>(text.size());
}

DWORD WINAPI GetConsoleTitleA(LPSTR buffer, DWORD size) {
    Title& shown = title();
    pw::MutexLock lock(shown.lock);
    const std::string text = narrow(shown.text);
    if (size != 0) copy_text(text.substr(0, size - 1), buffer, size);
    return static_cast<DWORD>(text.size());
}

// A terminal's window is not the process's.
HWND WINAPI GetConsoleWindow(void) { return nullptr; }

// "AllocConsole fails if the calling process already has a console."
BOOL WINAPI AllocConsole(void) {
    bool expected = false;
    return g_has_console.compare_exchange_strong(expected, true) ? TRUE : fail(ERROR_ACCESS_DENIED);
}

BOOL WINAPI FreeConsole(void) {
    bool expected = true;
    return g_has_console.compare_exchange_strong(expected, false) ? TRUE : fail(ERROR_INVALID_PARAMETER);
}
