// SPDX-License-Identifier: Apache-2.0
// The texts of the system's error messages, our own words.
#pragma once

#include "win32/minwindef.h"

namespace pw::win32 {

// The message of a Win32 error or an HRESULT that carries one, without a line end; nullptr where there is none.
[[nodiscard]] const char* find_message(DWORD code);

}  // namespace pw::win32
