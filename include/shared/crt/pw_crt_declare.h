// SPDX-License-Identifier: Apache-2.0
// Declares Partywall's run-time functions under their Microsoft and standard names, bound to "pw_" symbols.
#ifndef PW_CRT_DECLARE_H
#define PW_CRT_DECLARE_H

#include <stddef.h>

#if __SIZEOF_WCHAR_T__ != 2
#error "Partywall: compile with -fshort-wchar (wchar_t is 16 bits on Windows); Partywall's own sources define PARTYWALL_BUILD"
#endif

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct _IO_FILE;

// First as pw_name, then as name with the symbol pw_name: the first serves the macros in pw_crt_macros.h.
#define PW_WCHAR wchar_t
#define PW_CRT(result, name, parameters) \
    extern result pw_##name parameters;  \
    extern result name parameters __asm__("pw_" #name);
// std::to_wstring takes the address of vswprintf and formats a 64-bit `long`: only the macro gives Windows' 32 bits.
#define vswprintf pw_unused_vswprintf_
#include "pw_crt_list.h"
#undef vswprintf
#undef PW_CRT
extern int pw_vswprintf(wchar_t* buffer, size_t count, const wchar_t* format, __builtin_va_list arguments);
extern int vswprintf(wchar_t* buffer, size_t count, const wchar_t* format,
                     __builtin_va_list arguments) __asm__("pw_vswprintf_lp64");

// Declared, so that C++ headers compile, but not provided: a use fails at link time.
extern size_t mbrtowc(wchar_t*, const char*, size_t, void*) __asm__("pw_mbrtowc");
extern size_t wcrtomb(char*, wchar_t, void*) __asm__("pw_wcrtomb");
extern size_t mbsrtowcs(wchar_t*, const char**, size_t, void*) __asm__("pw_mbsrtowcs");
extern size_t wcsrtombs(char*, const wchar_t**, size_t, void*) __asm__("pw_wcsrtombs");
extern size_t wcsftime(wchar_t*, size_t, const wchar_t*, const void*) __asm__("pw_wcsftime");

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#ifdef __cplusplus
// What std::printf(...) finds once printf is a macro.
namespace std {
using ::pw_fprintf;
using ::pw_fscanf;
using ::pw_printf;
using ::pw_scanf;
using ::pw_snprintf;
using ::pw_sprintf;
using ::pw_sscanf;
using ::pw_vfprintf;
using ::pw_vfscanf;
using ::pw_vprintf;
using ::pw_vscanf;
using ::pw_vsnprintf;
using ::pw_vsprintf;
using ::pw_vsscanf;
using ::pw_vswprintf;
}  // namespace std
#endif

// printf formats are Microsoft's here; the compilers would check GNU's. The macros avoid that for direct calls; this, for
// the others.
#ifndef PW_KEEP_FORMAT_WARNINGS
#pragma GCC diagnostic ignored "-Wformat"
#endif

#endif
