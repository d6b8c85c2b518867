// SPDX-License-Identifier: Apache-2.0
// Text between the A and the W form of a function: narrow text is UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "win32/minwindef.h"

namespace pw::win32 {

// What is no character becomes U+FFFD.
[[nodiscard]] std::u16string widen(std::string_view text);
[[nodiscard]] std::string narrow(std::u16string_view text);
// The length of a terminated text, in characters.
[[nodiscard]] std::size_t length_of(LPCWSTR text);

// An optional LPCSTR argument as LPCWSTR: null stays null.
class WideArgument {
public:
    WideArgument(LPCSTR text) : is_null_(text == nullptr) {  // NOLINT: meant to convert
        if (text != nullptr) text_ = widen(text);
    }
    operator LPCWSTR() const { return is_null_ ? nullptr : text_.c_str(); }  // NOLINT: meant to convert

private:
    const bool is_null_;
    std::u16string text_;
};

// The rule of GetCurrentDirectory, GetFullPathName, GetTempPath …: copies text and terminator if `size` characters have
// room for both and returns the length without the terminator; else copies nothing and returns the size needed with it.
template <typename Char>
DWORD copy_text(std::basic_string_view<Char> text, Char* buffer, DWORD size) {
    if (size <= text.size() || buffer == nullptr) return static_cast<DWORD>(text.size() + 1);
    text.copy(buffer, text.size());
    buffer[text.size()] = Char{};
    return static_cast<DWORD>(text.size());
}
inline DWORD copy_text(const std::u16string& text, LPWSTR buffer, DWORD size) {
    return copy_text<char16_t>(std::u16string_view(text), buffer, size);
}
inline DWORD copy_text(const std::string& text, LPSTR buffer, DWORD size) {
    return copy_text<char>(std::string_view(text), buffer, size);
}

}  // namespace pw::win32
