// SPDX-License-Identifier: Apache-2.0
// The run-time functions as Partywall's own sources see them: pw_ names, char16_t for the users' 16-bit wchar_t.
#pragma once

#include <cstddef>

struct _IO_FILE;

#define PW_WCHAR char16_t
#define PW_CRT(result, name, parameters) extern "C" __attribute__((visibility("default"))) result pw_##name parameters;
using std::size_t;
#include "shared/crt/pw_crt_list.h"
#undef PW_CRT

extern "C" {
// vswprintf with this compiler's 64-bit `long` in the format: what libstdc++'s std::to_wstring is given.
__attribute__((visibility("default"))) int pw_vswprintf_lp64(char16_t* buffer, size_t count, const char16_t* format,
                                                             __builtin_va_list arguments);
}
