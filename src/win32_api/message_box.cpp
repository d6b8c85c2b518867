// SPDX-License-Identifier: Apache-2.0
// MessageBox without windows: the text goes to standard error, the answer is the default button.
#include "platform/console_line.h"
#include "win32/winuser.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// The answers of a box's buttons from left to right, by its type.
constexpr int buttons[][3] = {
    {IDOK, 0, 0},
    {IDOK, IDCANCEL, 0},
    {IDABORT, IDRETRY, IDIGNORE},
    {IDYES, IDNO, IDCANCEL},
    {IDYES, IDNO, 0},
    {IDRETRY, IDCANCEL, 0},
    {IDCANCEL, IDTRYAGAIN, IDCONTINUE},
};

int answer_of(UINT type) {
    const UINT kind = type & MB_TYPEMASK;
    if (kind >= sizeof buttons / sizeof buttons[0]) return fail(ERROR_INVALID_PARAMETER);
    const UINT place = (type & MB_DEFMASK) >> 8;
    const bool exists = place < 3 && buttons[kind][place] != 0;
    return buttons[kind][exists ? place : 0];
}

}  // namespace

int WINAPI MessageBoxA(HWND, LPCSTR text, LPCSTR caption, UINT type) {
    const int answer = answer_of(type);
    if (answer == 0) return 0;
    // "If this parameter is NULL, the default title is Error."
    const std::string title = caption == nullptr ? "Error" : caption;
    pw::platform::write_console_line((title + ": " + (text == nullptr ? "" : text)).c_str());
    return answer;
}

int WINAPI MessageBoxW(HWND window, LPCWSTR text, LPCWSTR caption, UINT type) {
    const std::string narrow_text = text == nullptr ? std::string() : narrow(std::u16string_view(text));
    const std::string narrow_caption = caption == nullptr ? std::string() : narrow(std::u16string_view(caption));
    return MessageBoxA(window, narrow_text.c_str(), caption == nullptr ? nullptr : narrow_caption.c_str(), type);
}
