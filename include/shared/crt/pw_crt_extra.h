// SPDX-License-Identifier: Apache-2.0
// Microsoft's run-time additions that need no code of their own: macros, inlines, and C++ array overloads of the _s names.
#ifndef PW_CRT_EXTRA_H
#define PW_CRT_EXTRA_H

#include "pw_crt_declare.h"

#include <alloca.h>

typedef int errno_t;
#ifndef _RSIZE_T_DEFINED
#define _RSIZE_T_DEFINED
typedef size_t rsize_t;
#endif

#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif
#ifndef STRUNCATE
#define STRUNCATE 80
#endif
#ifndef RSIZE_MAX
#define RSIZE_MAX (((size_t)-1) >> 1)
#endif
#define _CVTBUFSIZE 349
#define _MAX_PATH 260
#define _MAX_DRIVE 3
#define _MAX_DIR 256
#define _MAX_FNAME 256
#define _MAX_EXT 256
#define _I64_MAX 9223372036854775807L
#define _I64_MIN (-9223372036854775807L - 1)
#define _UI64_MAX 0xffffffffffffffffUL

#define _alloca(size) __builtin_alloca(size)
#define _malloca(size) malloc(size)
#define _freea(block) free(block)
#define _aligned_malloc(size, alignment) aligned_alloc((alignment), ((size) + (alignment)-1) / (alignment) * (alignment))
#define _aligned_free(block) free(block)

#ifdef __cplusplus
// extern "C++": drivers include these headers within extern "C" { }.
extern "C++" {
template <typename PwElement, size_t pw_count>
char (*pw_countof_helper(PwElement (&)[pw_count]))[pw_count];
}
#define _countof(array) (sizeof(*pw_countof_helper(array)))
#else
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif

#define _rotl(value, shift) pw_rotl32((value), (shift))
#define _rotr(value, shift) pw_rotl32((value), 32 - ((shift)&31))
#define _rotl64(value, shift) pw_rotl64((value), (shift))
#define _rotr64(value, shift) pw_rotl64((value), 64 - ((shift)&63))
#define _byteswap_ushort(value) __builtin_bswap16(value)
#define _byteswap_ulong(value) __builtin_bswap32(value)
#define _byteswap_uint64(value) __builtin_bswap64(value)

static __inline__ __attribute__((__unused__)) unsigned int pw_rotl32(unsigned int value, int shift) {
    return (value << (shift & 31)) | (value >> ((32 - shift) & 31));
}
static __inline__ __attribute__((__unused__)) unsigned long pw_rotl64(unsigned long value, int shift) {
    return (value << (shift & 63)) | (value >> ((64 - shift) & 63));
}

// The names before Microsoft put underscores in front of them, where the C library has no such name.
#define stricmp _stricmp
#define strnicmp _strnicmp
#define strcmpi _stricmp
#define wcsicmp _wcsicmp
#define wcsnicmp _wcsnicmp
#define strlwr _strlwr
#define strupr _strupr
#define strrev _strrev
#define wcslwr _wcslwr
#define wcsupr _wcsupr
#define itoa _itoa
#define ltoa _ltoa
#define ultoa _ultoa

#ifdef __cplusplus
// The array overloads: the size is the array's.
extern "C++" {
template <size_t pw_n>
int strcpy_s(char (&target)[pw_n], const char* source) {
    return strcpy_s(target, pw_n, source);
}
template <size_t pw_n>
int strncpy_s(char (&target)[pw_n], const char* source, size_t count) {
    return strncpy_s(target, pw_n, source, count);
}
template <size_t pw_n>
int strcat_s(char (&target)[pw_n], const char* source) {
    return strcat_s(target, pw_n, source);
}
template <size_t pw_n>
int strncat_s(char (&target)[pw_n], const char* source, size_t count) {
    return strncat_s(target, pw_n, source, count);
}
template <size_t pw_n>
int wcscpy_s(wchar_t (&target)[pw_n], const wchar_t* source) {
    return wcscpy_s(target, pw_n, source);
}
template <size_t pw_n>
int wcsncpy_s(wchar_t (&target)[pw_n], const wchar_t* source, size_t count) {
    return wcsncpy_s(target, pw_n, source, count);
}
template <size_t pw_n>
int wcscat_s(wchar_t (&target)[pw_n], const wchar_t* source) {
    return wcscat_s(target, pw_n, source);
}
template <size_t pw_n>
int wcsncat_s(wchar_t (&target)[pw_n], const wchar_t* source, size_t count) {
    return wcsncat_s(target, pw_n, source, count);
}
template <size_t pw_n, typename... PwArguments>
int sprintf_s(char (&target)[pw_n], const char* format, PwArguments... arguments) {
    return sprintf_s(static_cast<char*>(target), pw_n, format, arguments...);
}
template <size_t pw_n, typename... PwArguments>
int swprintf_s(wchar_t (&target)[pw_n], const wchar_t* format, PwArguments... arguments) {
    return swprintf_s(static_cast<wchar_t*>(target), pw_n, format, arguments...);
}
template <size_t pw_n>
int vsprintf_s(char (&target)[pw_n], const char* format, __builtin_va_list arguments) {
    return vsprintf_s(static_cast<char*>(target), pw_n, format, arguments);
}
}
#endif

#endif
