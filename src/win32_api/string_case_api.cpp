// SPDX-License-Identifier: Apache-2.0
// CharUpper, CharLower and stepping through text. Letter case is NT's table of UTF-16 units; narrow text is UTF-8, of which
// the letters change whose other case is as long.
#include <algorithm>
#include <cstring>

#include "kernel/rtl/letter_case.h"
#include "win32/winuser.h"
#include "win32_api/text.h"

using namespace pw::win32;

namespace {

using Case = char16_t (*)(char16_t);

DWORD change(LPWSTR text, std::size_t length, Case to) {
    for (std::size_t i = 0; i < length; ++i) text[i] = to(text[i]);
    return static_cast<DWORD>(length);
}

std::size_t sequence_bytes(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

DWORD change(LPSTR text, std::size_t length, Case to) {
    for (std::size_t at = 0; at < length;) {
        const std::size_t bytes = std::min(sequence_bytes(static_cast<unsigned char>(text[at])), length - at);
        std::u16string wide = widen({text + at, bytes});
        if (wide.size() == 1 && wide[0] != 0xFFFD) {
            wide[0] = to(wide[0]);
            const std::string changed = narrow(wide);
            if (changed.size() == bytes) std::memcpy(text + at, changed.data(), bytes);
        }
        at += bytes;
    }
    return static_cast<DWORD>(length);
}

// "If the high-order word of this parameter is zero, the low-order word must contain a single character."
template <typename Char>
bool is_character(const Char* text) {
    return reinterpret_cast<ULONG_PTR>(text) <= 0xFFFF;
}

LPWSTR change_text(LPWSTR text, Case to) {
    if (is_character(text)) return reinterpret_cast<LPWSTR>(ULONG_PTR{to(static_cast<char16_t>(reinterpret_cast<ULONG_PTR>(text)))});
    change(text, length_of(text), to);
    return text;
}

LPSTR change_text(LPSTR text, Case to) {
    if (is_character(text)) {
        char c = static_cast<char>(reinterpret_cast<ULONG_PTR>(text));
        if (static_cast<unsigned char>(c) < 0x80) c = static_cast<char>(to(static_cast<unsigned char>(c)));
        return reinterpret_cast<LPSTR>(ULONG_PTR{static_cast<unsigned char>(c)});
    }
    change(text, std::strlen(text), to);
    return text;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

LPWSTR WINAPI CharUpperW(LPWSTR text) { return change_text(text, pw::rtl::upcase); }
LPWSTR WINAPI CharLowerW(LPWSTR text) { return change_text(text, pw::rtl::downcase); }
LPSTR WINAPI CharUpperA(LPSTR text) { return change_text(text, pw::rtl::upcase); }
LPSTR WINAPI CharLowerA(LPSTR text) { return change_text(text, pw::rtl::downcase); }
DWORD WINAPI CharUpperBuffW(LPWSTR text, DWORD length) { return change(text, length, pw::rtl::upcase); }
DWORD WINAPI CharLowerBuffW(LPWSTR text, DWORD length) { return change(text, length, pw::rtl::downcase); }
DWORD WINAPI CharUpperBuffA(LPSTR text, DWORD length) { return change(text, length, pw::rtl::upcase); }
DWORD WINAPI CharLowerBuffA(LPSTR text, DWORD length) { return change(text, length, pw::rtl::downcase); }

LPWSTR WINAPI CharNextW(LPCWSTR text) { return const_cast<LPWSTR>(*text == 0 ? text : text + 1); }
LPWSTR WINAPI CharPrevW(LPCWSTR start, LPCWSTR text) { return const_cast<LPWSTR>(text > start ? text - 1 : start); }
LPSTR WINAPI CharNextA(LPCSTR text) {
    if (*text != 0) ++text;
    while (is_continuation(*text)) ++text;
    return const_cast<LPSTR>(text);
}
LPSTR WINAPI CharPrevA(LPCSTR start, LPCSTR text) {
    if (text > start) --text;
    while (text > start && is_continuation(*text)) --text;
    return const_cast<LPSTR>(text);
}
