// SPDX-License-Identifier: Apache-2.0
// The scalar types that drivers and applications share, with their pointer forms.
#ifndef PW_BASETYPES_H
#define PW_BASETYPES_H

#include <basetsd.h>
#include <limits.h>
#include <stddef.h>

#ifdef PARTYWALL_BUILD
typedef void VOID;
#else
#ifndef VOID
#define VOID void
#endif
#ifndef CONST
#define CONST const
#endif
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef INOUT
#define INOUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif
#ifndef CRITICAL
#define CRITICAL
#endif
#endif

typedef char CHAR;
typedef short SHORT;
typedef int LONG;
typedef int INT;
typedef long LONGLONG;
typedef unsigned char UCHAR;
typedef unsigned short USHORT;
typedef unsigned int ULONG;
typedef unsigned int UINT;
typedef unsigned long ULONGLONG;
typedef double DOUBLE;
typedef float FLOAT;
typedef ULONGLONG DWORDLONG;

// WCHAR is one 16-bit code unit of UTF-16. Users are compiled with 16-bit wchar_t, so that L"" works;
// Partywall's own sources are not, and write u"".
#if __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#elif defined(__cplusplus)
typedef char16_t WCHAR;
#else
typedef __CHAR16_TYPE__ WCHAR;
#endif

typedef UCHAR BYTE;
typedef USHORT WORD;
typedef ULONG DWORD;
typedef int BOOL;
typedef UCHAR BOOLEAN;
typedef char CCHAR;
typedef short CSHORT;
typedef ULONG CLONG;
typedef ULONG LOGICAL;
typedef ULONG LCID;
typedef USHORT LANGID;
typedef LONG NTSTATUS;
typedef LONG HRESULT;
typedef LONG SCODE;
typedef ULONG ACCESS_MASK;
typedef void* PVOID;
typedef void* HANDLE;
typedef LONGLONG USN;
typedef UCHAR KIRQL;
typedef char KPROCESSOR_MODE;
typedef LONG KPRIORITY;
typedef ULONG_PTR KSPIN_LOCK;
typedef CHAR* PSZ;
typedef const char* PCSZ;

typedef void* PVOID64;
typedef CHAR *PCHAR, *LPCH, *PCH, *NPSTR, *LPSTR, *PSTR;
typedef const CHAR *LPCCH, *PCCH, *LPCSTR, *PCSTR;
typedef PSTR* PZPSTR;
typedef WCHAR *PWCHAR, *LPWCH, *PWCH, *NWPSTR, *LPWSTR, *PWSTR;
typedef const WCHAR *LPCWCH, *PCWCH, *PCWCHAR, *LPCWSTR, *PCWSTR;
typedef const WCHAR *LCPWSTR, *LPCUWSTR, *PCUWSTR;
typedef WCHAR *LPUWSTR, *PUWSTR;
typedef PWSTR* PZPWSTR;
typedef PCWSTR* PZPCWSTR;
typedef CHAR* PZZSTR;
typedef const CHAR* PCZZSTR;
typedef WCHAR* PZZWSTR;
typedef const WCHAR* PCZZWSTR;
typedef WCHAR* PNZWCH;
typedef const WCHAR* PCNZWCH;
typedef SHORT* PSHORT;
typedef INT *PINT, *LPINT;
typedef LONG *PLONG, *LPLONG;
typedef LONGLONG* PLONGLONG;
typedef UCHAR *PUCHAR, *PBYTE, *LPBYTE;
typedef const UCHAR* PCUCHAR;
typedef USHORT *PUSHORT, *PWORD, *LPWORD;
typedef const USHORT* PCUSHORT;
typedef ULONG *PULONG, *PDWORD, *LPDWORD;
typedef const ULONG* PCULONG;
typedef UINT *PUINT, *LPUINT;
typedef ULONGLONG *PULONGLONG, *PDWORDLONG;
typedef FLOAT* PFLOAT;
typedef DOUBLE* PDOUBLE;
typedef BOOLEAN* PBOOLEAN;
typedef BOOL *PBOOL, *LPBOOL;
typedef CCHAR* PCCHAR;
typedef CSHORT* PCSHORT;
typedef CLONG* PCLONG;
typedef LOGICAL* PLOGICAL;
typedef LCID* PLCID;
typedef NTSTATUS* PNTSTATUS;
typedef ACCESS_MASK* PACCESS_MASK;
typedef HANDLE *PHANDLE, *LPHANDLE;
typedef PVOID* PPVOID;
typedef void* LPVOID;
typedef const void *LPCVOID, *PCVOID;
typedef KIRQL* PKIRQL;
typedef KSPIN_LOCK* PKSPIN_LOCK;

// WCHAR strings are NUL-terminated for PWSTR, 16-bit code units either way.
PW_STATIC_ASSERT(sizeof(WCHAR) == 2, "WCHAR is a UTF-16 code unit");

#define ANYSIZE_ARRAY 1
#define UNICODE_NULL ((WCHAR)0)
#define ANSI_NULL ((CHAR)0)
#define UNICODE_STRING_MAX_BYTES ((USHORT)65534)
#define UNICODE_STRING_MAX_CHARS (32767)
#define MINCHAR 0x80
#define MAXCHAR 0x7f
#define MINSHORT 0x8000
#define MAXSHORT 0x7fff
#define MINLONG 0x80000000
#define MAXLONG 0x7fffffff
#define MAXUCHAR 0xff
#define MAXUSHORT 0xffff
#define MAXULONG 0xffffffff
#define MAXLONGLONG (0x7fffffffffffffffL)
#define MINLONGLONG (~0x7fffffffffffffffL)
#ifndef MAXDWORD
#define MAXBYTE 0xff
#define MAXWORD 0xffff
#define MAXDWORD 0xffffffff
#endif
#ifndef SIZE_MAX
#define SIZE_MAX 0xffffffffffffffffUL
#endif
#define _I8_MIN (-127 - 1)
#define _I8_MAX 127
#define _UI8_MAX 0xffu
#define _I16_MIN (-32767 - 1)
#define _I16_MAX 32767
#define _UI16_MAX 0xffffu
#define _I32_MIN (-2147483647 - 1)
#define _I32_MAX 2147483647
#define _UI32_MAX 0xffffffffu
#define _I64_MIN (-9223372036854775807L - 1)
#define _I64_MAX 9223372036854775807L
#define _UI64_MAX 0xffffffffffffffffUL

#ifndef NULL
#define NULL ((void*)0)
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef MAX_PATH
#define MAX_PATH 260
#endif
#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif

#ifndef INVALID_HANDLE_VALUE
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)
#endif
#ifndef DECLARE_HANDLE
#define DECLARE_HANDLE(name) \
  struct name##__ {          \
    int unused;              \
  };                         \
  typedef struct name##__* name
#endif

#endif
