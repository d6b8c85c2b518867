// SPDX-License-Identifier: Apache-2.0
// MultiByteToWideChar and WideCharToMultiByte: every narrow code page here is UTF-8.
#include "win32/stringapiset.h"

#include <cstring>

#include "crt/crt_api.h"
#include "crt/utf.h"
#include "win32/errhandlingapi.h"
#include "win32/winerror.h"

using namespace pw::crt;

namespace {

bool is_supported(UINT code_page) {
    return code_page == CP_ACP || code_page == CP_OEMCP || code_page == CP_THREAD_ACP || code_page == CP_UTF8;
}

int fail(DWORD error) {
    SetLastError(error);
    return 0;
}

}  // namespace

UINT WINAPI GetACP(void) { return CP_UTF8; }
UINT WINAPI GetOEMCP(void) { return CP_UTF8; }

int WINAPI MultiByteToWideChar(UINT code_page, DWORD flags, LPCCH text, int length, LPWSTR target, int size) {
    if (!is_supported(code_page) || text == nullptr || length == 0 || length < -1 || size < 0 ||
        (size != 0 && target == nullptr)) {
        return fail(ERROR_INVALID_PARAMETER);
    }
    const std::size_t available = length == -1 ? std::strlen(text) + 1 : static_cast<std::size_t>(length);
    std::size_t written = 0;
    for (std::size_t i = 0; i < available;) {
        const Decoded decoded = decode_utf8(text + i, available - i);
        if (!decoded.valid && (flags & MB_ERR_INVALID_CHARS) != 0) return fail(ERROR_NO_UNICODE_TRANSLATION);
        const Utf16Units out = encode_utf16(decoded.code_point);
        if (size != 0) {
            if (written + out.length > static_cast<std::size_t>(size)) return fail(ERROR_INSUFFICIENT_BUFFER);
            for (unsigned k = 0; k < out.length; ++k) target[written + k] = out.units[k];
        }
        written += out.length;
        i += decoded.consumed;
    }
    return static_cast<int>(written);
}

int WINAPI WideCharToMultiByte(UINT code_page, DWORD flags, LPCWCH text, int length, LPSTR target, int size,
                               LPCCH default_char, LPBOOL used_default_char) {
    if (!is_supported(code_page) || text == nullptr || length == 0 || length < -1 || size < 0 ||
        (size != 0 && target == nullptr)) {
        return fail(ERROR_INVALID_PARAMETER);
    }
    if (code_page == CP_UTF8 && (default_char != nullptr || used_default_char != nullptr)) {
        return fail(ERROR_INVALID_PARAMETER);
    }
    const std::size_t available = length == -1 ? pw_wcslen(text) + 1 : static_cast<std::size_t>(length);
    if (used_default_char != nullptr) *used_default_char = FALSE;
    std::size_t written = 0;
    for (std::size_t i = 0; i < available;) {
        const Decoded decoded = decode_utf16(text + i, available - i);
        if (!decoded.valid && (flags & WC_ERR_INVALID_CHARS) != 0) return fail(ERROR_NO_UNICODE_TRANSLATION);
        const Utf8Bytes out = encode_utf8(decoded.code_point);
        if (size != 0) {
            if (written + out.length > static_cast<std::size_t>(size)) return fail(ERROR_INSUFFICIENT_BUFFER);
            std::memcpy(target + written, out.bytes, out.length);
        }
        written += out.length;
        i += decoded.consumed;
    }
    return static_cast<int>(written);
}
