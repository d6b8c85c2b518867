// SPDX-License-Identifier: Apache-2.0
// The compiler layer: spells Microsoft's keywords and attributes for gcc and clang on Linux.
//
// PARTYWALL_BUILD marks Partywall's own sources: they get the types and functions of the user's
// headers, but none of the macros that collide with C++ library names.
#ifndef PW_COMPILER_H
#define PW_COMPILER_H

#ifdef __cplusplus
#define PW_EXTERN_C extern "C"
#define PW_EXTERN_C_BEGIN extern "C" {
#define PW_EXTERN_C_END }
#define PW_STATIC_ASSERT(e, text) static_assert(e, text)
#else
#define PW_EXTERN_C extern
#define PW_EXTERN_C_BEGIN
#define PW_EXTERN_C_END
#define PW_STATIC_ASSERT(e, text) _Static_assert(e, text)
#endif

// Brackets around declarations that the driver host or the client library exports.
#define PW_API_BEGIN _Pragma("GCC visibility push(default)") PW_EXTERN_C_BEGIN
#define PW_API_END PW_EXTERN_C_END _Pragma("GCC visibility pop")

// Functions whose body stands in a header.
#define PW_INLINE static __inline__ __attribute__((__unused__))
#define PW_ALIGN(n) __attribute__((__aligned__(n)))
#define PW_NORETURN __attribute__((__noreturn__))
#define PW_MAYBE_UNUSED __attribute__((__unused__))

// A cast that both languages spell the same and that is silent under -Wold-style-cast.
#ifdef __cplusplus
#define PW_CAST(type, value) (reinterpret_cast<type>(value))
#else
#define PW_CAST(type, value) ((type)(value))
#endif

#define NTAPI
#define NTAPI_INLINE
#define FASTCALL

#ifdef __cplusplus
#ifndef EXTERN_C
#define EXTERN_C extern "C"
#endif
#else
#ifndef EXTERN_C
#define EXTERN_C extern
#endif
#endif
#define EXTERN_C_START PW_EXTERN_C_BEGIN
#define EXTERN_C_END PW_EXTERN_C_END

#define NTKERNELAPI __attribute__((__visibility__("default")))
#define NTSYSAPI __attribute__((__visibility__("default")))
#define NTSYSCALLAPI __attribute__((__visibility__("default")))
#define NTHALAPI __attribute__((__visibility__("default")))

#define DECLSPEC_ALIGN(n) PW_ALIGN(n)
#define DECLSPEC_CACHEALIGN PW_ALIGN(64)
#define DECLSPEC_NORETURN PW_NORETURN
#define DECLSPEC_NOINLINE __attribute__((__noinline__))
#define DECLSPEC_SELECTANY __attribute__((__weak__))
#define DECLSPEC_DEPRECATED __attribute__((__deprecated__))
#define DECLSPEC_DEPRECATED_DDK
#define DECLSPEC_IMPORT
#define DECLSPEC_EXPORT __attribute__((__visibility__("default")))
#define DECLSPEC_NOVTABLE
#define DECLSPEC_UUID(x)
#define DECLSPEC_GUARDNOCF
#define POINTER_ALIGNMENT PW_ALIGN(8)
#define UNALIGNED
#define RESTRICTED_POINTER __restrict__

#ifndef PARTYWALL_BUILD

// Targets: what x64 Windows compilers predefine.
#ifndef _WIN64
#define _WIN64 1
#endif
#ifndef _AMD64_
#define _AMD64_ 1
#endif
#ifndef _M_AMD64
#define _M_AMD64 100
#endif
#ifndef _M_X64
#define _M_X64 100
#endif

// One 64-bit base type for every 64-bit integer (API.md).
#undef __int8
#undef __int16
#undef __int32
#undef __int64
#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long
#define _int8 char
#define _int16 short
#define _int32 int
#define _int64 long

// Calling conventions: there is one on this platform.
#undef __stdcall
#undef __cdecl
#undef __fastcall
#undef __thiscall
#undef __vectorcall
#undef __pascal
#define __stdcall
#define _stdcall
#define __cdecl
#define _cdecl
#define __fastcall
#define _fastcall
#define __thiscall
#define __vectorcall
#define __pascal
#ifndef CDECL
#define CDECL
#endif

#undef __forceinline
#define __forceinline __inline__ __attribute__((__always_inline__))
#define _forceinline __forceinline
#ifndef __cplusplus
#define _inline __inline__
#endif
#ifndef FORCEINLINE
#define FORCEINLINE __forceinline
#endif
#define CFORCEINLINE FORCEINLINE
#define STDFORCEINLINE FORCEINLINE
#ifndef INLINE
#define INLINE __inline__
#endif
#undef __unaligned
#define __unaligned
#define __w64
#define __ptr64
#define __ptr32
#define __sptr
#define __uptr
#define __assume(e) ((void)0)
#define __fastfail(code) __builtin_trap()
#define __noop(...) ((void)0)
#define __debugbreak() __asm__ volatile("int3")
#define __nop() __asm__ volatile("nop")

// __declspec(x): each storage attribute by name; an unknown one is a compile error that names it.
#undef __declspec
#define __declspec(x) PW_DECLSPEC_##x
#define _declspec(x) PW_DECLSPEC_##x
#define PW_DECLSPEC_
#define PW_DECLSPEC_align(n) PW_ALIGN(n)
#define PW_DECLSPEC_allocate(s) __attribute__((__section__(s)))
#define PW_DECLSPEC_allocator
#define PW_DECLSPEC_code_seg(s)
#define PW_DECLSPEC_deprecated __attribute__((__deprecated__))
#define PW_DECLSPEC_dllexport __attribute__((__visibility__("default")))
#define PW_DECLSPEC_dllimport
#define PW_DECLSPEC_empty_bases
#define PW_DECLSPEC_guard(x)
#define PW_DECLSPEC_intrin_type
#define PW_DECLSPEC_naked __attribute__((__naked__))
#define PW_DECLSPEC_noalias
#define PW_DECLSPEC_noinline __attribute__((__noinline__))
#define PW_DECLSPEC_noreturn PW_NORETURN
#define PW_DECLSPEC_nothrow __attribute__((__nothrow__))
#define PW_DECLSPEC_novtable
#define PW_DECLSPEC_restrict
#define PW_DECLSPEC_safebuffers
#define PW_DECLSPEC_selectany __attribute__((__weak__))
#define PW_DECLSPEC_thread __thread
#define PW_DECLSPEC_uuid(s)

#else  // PARTYWALL_BUILD

#ifndef FORCEINLINE
#define FORCEINLINE PW_INLINE
#endif

#endif  // PARTYWALL_BUILD

#ifndef DUMMYUNIONNAME
#define DUMMYUNIONNAME
#define DUMMYUNIONNAME1
#define DUMMYUNIONNAME2
#define DUMMYUNIONNAME3
#define DUMMYUNIONNAME4
#define DUMMYUNIONNAME5
#define DUMMYUNIONNAME6
#define DUMMYUNIONNAME7
#define DUMMYUNIONNAME8
#define DUMMYUNIONNAME9
#define DUMMYSTRUCTNAME
#define DUMMYSTRUCTNAME1
#define DUMMYSTRUCTNAME2
#define DUMMYSTRUCTNAME3
#define DUMMYSTRUCTNAME4
#define DUMMYSTRUCTNAME5
#endif
#ifndef _ANONYMOUS_UNION
#define _ANONYMOUS_UNION __extension__
#define _ANONYMOUS_STRUCT __extension__
#endif
#define PW_ANON __extension__

#endif
