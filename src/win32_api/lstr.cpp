// SPDX-License-Identifier: Apache-2.0
// The lstr functions and wsprintf. Null arguments answer as documented instead of faulting.
#include <cstdarg>
#include <cstring>

#include "crt/crt_api.h"
#include "win32/winbase.h"
#include "win32/winuser.h"

namespace {

// wsprintf's buffer holds 1,024 characters at most.
constexpr std::size_t k_wsprintf_size = 1024;

template <typename Char>
int length(const Char* text) {
    if (text == nullptr) return 0;
    std::size_t count = 0;
    while (text[count] != 0) ++count;
    return static_cast<int>(count);
}

template <typename Char>
Char* copy(Char* target, const Char* source, std::size_t maximum) {
    if (target == nullptr || source == nullptr) return nullptr;
    std::size_t i = 0;
    for (; i + 1 < maximum && source[i] != 0; ++i) target[i] = source[i];
    if (maximum != 0) target[i] = 0;
    return target;
}

template <typename Char, typename Compare>
int compare(const Char* left, const Char* right, Compare function) {
    if (left == nullptr || right == nullptr) return (left != nullptr) - (right != nullptr);
    const int result = function(left, right);
    return (result > 0) - (result < 0);
}

}  // namespace

int WINAPI lstrlenA(LPCSTR text) { return length(text); }
int WINAPI lstrlenW(LPCWSTR text) { return length(text); }
LPSTR WINAPI lstrcpyA(LPSTR target, LPCSTR source) { return copy(target, source, SIZE_MAX); }
LPWSTR WINAPI lstrcpyW(LPWSTR target, LPCWSTR source) { return copy(target, source, SIZE_MAX); }
LPSTR WINAPI lstrcpynA(LPSTR target, LPCSTR source, int maximum) {
    return copy(target, source, maximum < 0 ? 0 : static_cast<std::size_t>(maximum));
}
LPWSTR WINAPI lstrcpynW(LPWSTR target, LPCWSTR source, int maximum) {
    return copy(target, source, maximum < 0 ? 0 : static_cast<std::size_t>(maximum));
}
LPSTR WINAPI lstrcatA(LPSTR target, LPCSTR source) {
    if (target == nullptr || source == nullptr) return nullptr;
    copy(target + length(target), source, SIZE_MAX);
    return target;
}
LPWSTR WINAPI lstrcatW(LPWSTR target, LPCWSTR source) {
    if (target == nullptr || source == nullptr) return nullptr;
    copy(target + length(target), source, SIZE_MAX);
    return target;
}
int WINAPI lstrcmpA(LPCSTR left, LPCSTR right) { return compare(left, right, &std::strcmp); }
int WINAPI lstrcmpW(LPCWSTR left, LPCWSTR right) { return compare(left, right, &pw_wcscmp); }
int WINAPI lstrcmpiA(LPCSTR left, LPCSTR right) { return compare(left, right, &pw__stricmp); }
int WINAPI lstrcmpiW(LPCWSTR left, LPCWSTR right) { return compare(left, right, &pw__wcsicmp); }

int WINAPI wvsprintfA(LPSTR buffer, LPCSTR format, va_list arguments) {
    const int count = pw__vsnprintf_s(buffer, k_wsprintf_size, SIZE_MAX, format, arguments);
    return count < 0 ? length(buffer) : count;
}
int WINAPI wvsprintfW(LPWSTR buffer, LPCWSTR format, va_list arguments) {
    const int count = pw__vsnwprintf_s(buffer, k_wsprintf_size, SIZE_MAX, format, arguments);
    return count < 0 ? length(buffer) : count;
}
int WINAPIV wsprintfA(LPSTR buffer, LPCSTR format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int count = wvsprintfA(buffer, format, arguments);
    va_end(arguments);
    return count;
}
int WINAPIV wsprintfW(LPWSTR buffer, LPCWSTR format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int count = wvsprintfW(buffer, format, arguments);
    va_end(arguments);
    return count;
}
