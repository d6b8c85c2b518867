// SPDX-License-Identifier: Apache-2.0
// Multibyte conversions; the multibyte encoding is UTF-8 whatever the locale.
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "crt/crt_api.h"
#include "crt/utf.h"

namespace pw::crt {
namespace {

constexpr std::size_t k_invalid = static_cast<std::size_t>(-1);

std::size_t refuse() {
    errno = EILSEQ;
    return k_invalid;
}

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

extern "C" {

size_t pw_mbstowcs(char16_t* target, const char* source, size_t count) {
    const size_t available = std::strlen(source);
    size_t written = 0;
    for (size_t i = 0; i < available;) {
        const Decoded decoded = decode_utf8(source + i, available - i);
        if (!decoded.valid) return refuse();
        const Utf16Units out = encode_utf16(decoded.code_point);
        if (target != nullptr) {
            if (written + out.length > count) return written;
            for (unsigned k = 0; k < out.length; ++k) target[written + k] = out.units[k];
        }
        written += out.length;
        i += decoded.consumed;
    }
    if (target != nullptr && written < count) target[written] = 0;
    return written;
}

size_t pw_wcstombs(char* target, const char16_t* source, size_t count) {
    const size_t available = pw_wcslen(source);
    size_t written = 0;
    for (size_t i = 0; i < available;) {
        const Decoded decoded = decode_utf16(source + i, available - i);
        if (!decoded.valid) return refuse();
        const Utf8Bytes out = encode_utf8(decoded.code_point);
        if (target != nullptr) {
            if (written + out.length > count) return written;
            std::memcpy(target + written, out.bytes, out.length);
        }
        written += out.length;
        i += decoded.consumed;
    }
    if (target != nullptr && written < count) target[written] = 0;
    return written;
}

int pw_mbtowc(char16_t* target, const char* source, size_t count) {
    if (source == nullptr) return 0;  // no shift states
    if (count == 0) return -1;
    const Decoded decoded = decode_utf8(source, count);
    const Utf16Units out = encode_utf16(decoded.code_point);
    if (!decoded.valid || out.length != 1) return static_cast<int>(refuse());  // one unit cannot hold a pair
    if (target != nullptr) *target = out.units[0];
    return out.units[0] == 0 ? 0 : static_cast<int>(decoded.consumed);
}

int pw_wctomb(char* target, char16_t c) {
    if (target == nullptr) return 0;
    const Decoded decoded = decode_utf16(&c, 1);
    if (!decoded.valid) return static_cast<int>(refuse());
    const Utf8Bytes out = encode_utf8(decoded.code_point);
    std::memcpy(target, out.bytes, out.length);
    return static_cast<int>(out.length);
}

int pw_mbstowcs_s(size_t* converted, char16_t* target, size_t size, const char* source, size_t count) {
    if (converted != nullptr) *converted = 0;
    if (source == nullptr || (target == nullptr) != (size == 0)) return errno = EINVAL;
    if (target != nullptr) target[0] = 0;
    size_t length = pw_mbstowcs(nullptr, source, 0);
    if (length == k_invalid) return EILSEQ;
    if (target != nullptr) {
        const bool truncate = count == SIZE_MAX;
        if (length > count) length = count;
        const bool fits = length < size;
        if (!fits && !truncate) return errno = ERANGE;
        if (!fits) length = size - 1;
        length = pw_mbstowcs(target, source, length);
        target[length] = 0;
        if (converted != nullptr) *converted = length + 1;
        return fits ? 0 : 80;  // STRUNCATE
    }
    if (converted != nullptr) *converted = length + 1;
    return 0;
}

int pw_wcstombs_s(size_t* converted, char* target, size_t size, const char16_t* source, size_t count) {
    if (converted != nullptr) *converted = 0;
    if (source == nullptr || (target == nullptr) != (size == 0)) return errno = EINVAL;
    if (target != nullptr) target[0] = 0;
    size_t length = pw_wcstombs(nullptr, source, 0);
    if (length == k_invalid) return EILSEQ;
    if (target != nullptr) {
        const bool truncate = count == SIZE_MAX;
        if (length > count) length = count;
        const bool fits = length < size;
        if (!fits && !truncate) return errno = ERANGE;
        if (!fits) length = size - 1;
        length = pw_wcstombs(target, source, length);
        target[length] = 0;
        if (converted != nullptr) *converted = length + 1;
        return fits ? 0 : 80;  // STRUNCATE
    }
    if (converted != nullptr) *converted = length + 1;
    return 0;
}

}  // extern "C"
