// SPDX-License-Identifier: Apache-2.0
// OutputDebugString: there is no debugger's channel, so the text goes to standard error.
#include <cstring>

#include "platform/process_end.h"
#include "win32/debugapi.h"
#include "win32_api/text.h"

using namespace pw::win32;

void WINAPI OutputDebugStringA(LPCSTR text) {
    if (text != nullptr) pw::platform::write_standard_error(text, std::strlen(text));
}

void WINAPI OutputDebugStringW(LPCWSTR text) {
    if (text != nullptr) OutputDebugStringA(narrow(std::u16string_view(text, length_of(text))).c_str());
}
