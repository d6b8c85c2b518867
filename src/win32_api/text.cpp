// SPDX-License-Identifier: Apache-2.0
#include "win32_api/text.h"

#include "crt/utf.h"

namespace pw::win32 {

std::u16string widen(std::string_view text) {
    std::u16string wide;
    wide.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const crt::Decoded decoded = crt::decode_utf8(text.data() + i, text.size() - i);
        const crt::Utf16Units out = crt::encode_utf16(decoded.code_point);
        wide.append(out.units, out.length);
        i += decoded.consumed;
    }
    return wide;
}

std::string narrow(std::u16string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const crt::Decoded decoded = crt::decode_utf16(text.data() + i, text.size() - i);
        const crt::Utf8Bytes out = crt::encode_utf8(decoded.code_point);
        bytes.append(out.bytes, out.length);
        i += decoded.consumed;
    }
    return bytes;
}

std::size_t length_of(LPCWSTR text) { return std::char_traits<char16_t>::length(text); }

}  // namespace pw::win32
