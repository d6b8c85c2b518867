// SPDX-License-Identifier: Apache-2.0
// The small structures of the NT interface: strings, lists, large integers, object attributes.
#ifndef PW_NTBASE_H
#define PW_NTBASE_H

#include <pw_basetypes.h>

typedef union _LARGE_INTEGER {
  PW_ANON struct {
    DWORD LowPart;
    LONG HighPart;
  } DUMMYSTRUCTNAME;
  struct {
    DWORD LowPart;
    LONG HighPart;
  } u;
  LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
  PW_ANON struct {
    DWORD LowPart;
    DWORD HighPart;
  } DUMMYSTRUCTNAME;
  struct {
    DWORD LowPart;
    DWORD HighPart;
  } u;
  ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef struct _LUID {
  DWORD LowPart;
  LONG HighPart;
} LUID, *PLUID;

typedef struct _STRING {
  USHORT Length;
  USHORT MaximumLength;
  PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING, CANSI_STRING,
    *PCANSI_STRING, UTF8_STRING, *PUTF8_STRING;
typedef const STRING *PCOEM_STRING, *PCUTF8_STRING;

typedef struct _CSTRING {
  USHORT Length;
  USHORT MaximumLength;
  const char* Buffer;
} CSTRING, *PCSTRING;

typedef struct _UNICODE_STRING {
  USHORT Length;
  USHORT MaximumLength;
  PWCH Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING* PCUNICODE_STRING;

typedef struct _LIST_ENTRY {
  struct _LIST_ENTRY* Flink;
  struct _LIST_ENTRY* Blink;
} LIST_ENTRY, *PLIST_ENTRY, *PRLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
  struct _SINGLE_LIST_ENTRY* Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

typedef struct LIST_ENTRY32 {
  ULONG Flink;
  ULONG Blink;
} LIST_ENTRY32, *PLIST_ENTRY32;

typedef struct LIST_ENTRY64 {
  ULONGLONG Flink;
  ULONGLONG Blink;
} LIST_ENTRY64, *PLIST_ENTRY64;

typedef struct PW_ALIGN(16) _SLIST_ENTRY {
  struct _SLIST_ENTRY* Next;
} SLIST_ENTRY, *PSLIST_ENTRY;

typedef union PW_ALIGN(16) _SLIST_HEADER {
  PW_ANON struct {
    ULONGLONG Alignment;
    ULONGLONG Region;
  } DUMMYSTRUCTNAME;
  struct {
    ULONGLONG Depth : 16;
    ULONGLONG Sequence : 48;
    ULONGLONG Reserved : 4;
    ULONGLONG NextEntry : 60;
  } HeaderX64;
} SLIST_HEADER, *PSLIST_HEADER;

typedef struct _OBJECT_ATTRIBUTES {
  ULONG Length;
  HANDLE RootDirectory;
  PUNICODE_STRING ObjectName;
  ULONG Attributes;
  PVOID SecurityDescriptor;
  PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;
typedef const OBJECT_ATTRIBUTES* PCOBJECT_ATTRIBUTES;

typedef struct _IO_STATUS_BLOCK {
  PW_ANON union {
    NTSTATUS Status;
    PVOID Pointer;
  } DUMMYUNIONNAME;
  ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

typedef struct _CLIENT_ID {
  HANDLE UniqueProcess;
  HANDLE UniqueThread;
} CLIENT_ID, *PCLIENT_ID;

typedef struct _QUAD {
  PW_ANON union {
    LONGLONG UseThisFieldToCopy;
    double DoNotUseThisField;
  } DUMMYUNIONNAME;
} QUAD, *PQUAD, UQUAD, *PUQUAD;

typedef struct _PROCESSOR_NUMBER {
  USHORT Group;
  UCHAR Number;
  UCHAR Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

typedef struct _GROUP_AFFINITY {
  KAFFINITY Mask;
  USHORT Group;
  USHORT Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;

typedef enum _EVENT_TYPE { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum _TIMER_TYPE { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum _WAIT_TYPE { WaitAll, WaitAny, WaitNotification, WaitDequeue } WAIT_TYPE;
typedef enum _SECTION_INHERIT { ViewShare = 1, ViewUnmap = 2 } SECTION_INHERIT;

typedef void(NTAPI* PIO_APC_ROUTINE)(PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock,
                                     ULONG Reserved);
typedef void(NTAPI* PTIMER_APC_ROUTINE)(PVOID TimerContext, ULONG TimerLowValue,
                                        LONG TimerHighValue);
#define PIO_APC_ROUTINE_DEFINED

#define OBJ_INHERIT 0x00000002
#define OBJ_PERMANENT 0x00000010
#define OBJ_EXCLUSIVE 0x00000020
#define OBJ_CASE_INSENSITIVE 0x00000040
#define OBJ_OPENIF 0x00000080
#define OBJ_OPENLINK 0x00000100
#define OBJ_KERNEL_HANDLE 0x00000200
#define OBJ_FORCE_ACCESS_CHECK 0x00000400
#define OBJ_IGNORE_IMPERSONATED_DEVICEMAP 0x00000800
#define OBJ_DONT_REPARSE 0x00001000
#define OBJ_VALID_ATTRIBUTES 0x00001FF2

#define DUPLICATE_CLOSE_SOURCE 0x00000001
#define DUPLICATE_SAME_ACCESS 0x00000002
#define DUPLICATE_SAME_ATTRIBUTES 0x00000004

#define NT_SUCCESS(status) (((NTSTATUS)(status)) >= 0)
#define NT_INFORMATION(status) ((((ULONG)(status)) >> 30) == 1)
#define NT_WARNING(status) ((((ULONG)(status)) >> 30) == 2)
#define NT_ERROR(status) ((((ULONG)(status)) >> 30) == 3)

#define APPLICATION_ERROR_MASK 0x20000000
#define ERROR_SEVERITY_SUCCESS 0x00000000
#define ERROR_SEVERITY_INFORMATIONAL 0x40000000
#define ERROR_SEVERITY_WARNING 0x80000000
#define ERROR_SEVERITY_ERROR 0xC0000000

#define InitializeObjectAttributes(p, n, a, r, s) \
  {                                               \
    (p)->Length = sizeof(OBJECT_ATTRIBUTES);      \
    (p)->RootDirectory = (r);                     \
    (p)->ObjectName = (n);                        \
    (p)->Attributes = (a);                        \
    (p)->SecurityDescriptor = (s);                \
    (p)->SecurityQualityOfService = NULL;         \
  }
#define RTL_INIT_OBJECT_ATTRIBUTES(n, a) \
  { sizeof(OBJECT_ATTRIBUTES), NULL, (PUNICODE_STRING)(n), (a), NULL, NULL }
#define RTL_CONSTANT_OBJECT_ATTRIBUTES(n, a) \
  { sizeof(OBJECT_ATTRIBUTES), NULL, (PUNICODE_STRING)(n), (a), NULL, NULL }

#define FIELD_OFFSET(type, field) ((LONG)__builtin_offsetof(type, field))
#define UFIELD_OFFSET(type, field) ((ULONG)__builtin_offsetof(type, field))
#define CONTAINING_RECORD(address, type, field) \
  ((type*)((PCHAR)(address) - __builtin_offsetof(type, field)))
#define RTL_FIELD_TYPE(type, field) (((type*)0)->field)
#define RTL_BITS_OF(x) (sizeof(x) * 8)
#define RTL_BITS_OF_FIELD(type, field) (RTL_BITS_OF(RTL_FIELD_TYPE(type, field)))
#define RTL_FIELD_SIZE(type, field) (sizeof(((type*)0)->field))
#define RTL_SIZEOF_THROUGH_FIELD(type, field) \
  (__builtin_offsetof(type, field) + RTL_FIELD_SIZE(type, field))
#define RTL_CONTAINS_FIELD(ptr, size, field) \
  ((((PCHAR)(&(ptr)->field)) + sizeof((ptr)->field)) <= (((PCHAR)(ptr)) + (size)))
#define RTL_NUMBER_OF_V1(a) (sizeof(a) / sizeof((a)[0]))
#define RTL_NUMBER_OF_V2(a) RTL_NUMBER_OF_V1(a)
#define RTL_NUMBER_OF(a) RTL_NUMBER_OF_V1(a)
#define RTL_NUMBER_OF_FIELD(type, field) (RTL_NUMBER_OF(RTL_FIELD_TYPE(type, field)))
#define ARRAYSIZE(a) RTL_NUMBER_OF_V2(a)
#define _ARRAYSIZE(a) RTL_NUMBER_OF_V1(a)
#define TYPE_ALIGNMENT(t) (__alignof__(t))
#define PROBE_ALIGNMENT(s) TYPE_ALIGNMENT(ULONG)
#define RTL_IS_POWER_OF_TWO(v) ((v) != 0 && !((v) & ((v)-1)))
#define RTL_IS_CLEAR_OR_SINGLE_FLAG(flags, mask) \
  (((flags) & (mask)) == 0 || !(((flags) & (mask)) & (((flags) & (mask)) - 1)))

#define RTL_CONSTANT_STRING(s) \
  { sizeof(s) - sizeof((s)[0]), sizeof(s), (s) }
#ifndef PARTYWALL_BUILD
// Writable-pointer members take literals of both widths: the cast drops const only.
#undef RTL_CONSTANT_STRING
#ifdef __cplusplus
#define RTL_CONSTANT_STRING(s)                                              \
  {                                                                         \
    (USHORT)(sizeof(s) - sizeof((s)[0])), (USHORT)sizeof(s),                \
        const_cast<pw_remove_const_pointee<decltype(&(s)[0])>::type*>(&(s)[0]) \
  }
#else
#define RTL_CONSTANT_STRING(s) \
  { (USHORT)(sizeof(s) - sizeof((s)[0])), (USHORT)sizeof(s), (s) }
#endif
#endif
#ifdef __cplusplus
// Drivers include these headers within extern "C" { }.
extern "C++" {
template <typename T> struct pw_remove_const_pointee;
template <typename T> struct pw_remove_const_pointee<T*> { typedef T type; };
template <typename T> struct pw_remove_const_pointee<const T*> { typedef T type; };
}
#endif

#define DECLARE_CONST_UNICODE_STRING(var, text)                               \
  const WCHAR var##_buffer[] = text;                                          \
  __extension__ const UNICODE_STRING PW_MAYBE_UNUSED var = {sizeof(text) - sizeof(WCHAR), \
                                                            sizeof(text), (PWCH)var##_buffer}
#define DECLARE_GLOBAL_CONST_UNICODE_STRING(var, text) \
  extern const UNICODE_STRING var;                     \
  const UNICODE_STRING var = RTL_CONSTANT_STRING(text)
#define DECLARE_UNICODE_STRING_SIZE(var, size) \
  WCHAR var##_buffer[size];                    \
  UNICODE_STRING var = {0, (size) * sizeof(WCHAR), var##_buffer}

#define UNREFERENCED_PARAMETER(p) ((void)(p))
#define DBG_UNREFERENCED_PARAMETER(p) ((void)(p))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(v) ((void)(v))

#ifndef __cplusplus
#define C_ASSERT(e) _Static_assert(e, #e)
#else
#define C_ASSERT(e) static_assert(e, #e)
#endif

#define Int32x32To64(a, b) (((LONGLONG)((LONG)(a))) * ((LONGLONG)((LONG)(b))))
#define UInt32x32To64(a, b) (((ULONGLONG)((ULONG)(a))) * ((ULONGLONG)((ULONG)(b))))
#define Int64ShllMod32(v, n) ((ULONGLONG)(v) << (n))
#define Int64ShraMod32(v, n) ((LONGLONG)(v) >> (n))
#define Int64ShrlMod32(v, n) ((ULONGLONG)(v) >> (n))

#ifndef PARTYWALL_BUILD
#define FlagOn(f, m) ((f) & (m))
#define BooleanFlagOn(f, m) ((BOOLEAN)(((f) & (m)) != 0))
#define SetFlag(f, m) ((f) |= (m))
#define ClearFlag(f, m) ((f) &= ~(m))
#ifndef LOWORD
#define MAKEWORD(a, b) ((WORD)(((BYTE)(((DWORD_PTR)(a)) & 0xff)) | ((WORD)((BYTE)(((DWORD_PTR)(b)) & 0xff))) << 8))
#define MAKELONG(a, b) ((LONG)(((WORD)(((DWORD_PTR)(a)) & 0xffff)) | ((DWORD)((WORD)(((DWORD_PTR)(b)) & 0xffff))) << 16))
#define LOWORD(l) ((WORD)(((DWORD_PTR)(l)) & 0xffff))
#define HIWORD(l) ((WORD)((((DWORD_PTR)(l)) >> 16) & 0xffff))
#define LOBYTE(w) ((BYTE)(((DWORD_PTR)(w)) & 0xff))
#define HIBYTE(w) ((BYTE)((((DWORD_PTR)(w)) >> 8) & 0xff))
#endif
#endif

#define MAKELANGID(p, s) ((((USHORT)(s)) << 10) | (USHORT)(p))
#define LANG_NEUTRAL 0x00
#define LANG_ENGLISH 0x09
#define SUBLANG_NEUTRAL 0x00
#define SUBLANG_DEFAULT 0x01
#define SUBLANG_ENGLISH_US 0x01
#define SUBLANG_SYS_DEFAULT 0x02

// Flags in an enumeration combine into the enumeration again (C++ only; C does so by itself).
#ifdef __cplusplus
#define DEFINE_ENUM_FLAG_OPERATORS(E)                                                        \
  extern "C++" {                                                                             \
  constexpr E operator|(E a, E b) { return static_cast<E>(static_cast<int>(a) | static_cast<int>(b)); } \
  constexpr E operator&(E a, E b) { return static_cast<E>(static_cast<int>(a) & static_cast<int>(b)); } \
  constexpr E operator^(E a, E b) { return static_cast<E>(static_cast<int>(a) ^ static_cast<int>(b)); } \
  constexpr E operator~(E a) { return static_cast<E>(~static_cast<int>(a)); }                \
  __inline__ E& operator|=(E& a, E b) { return a = a | b; }                                  \
  __inline__ E& operator&=(E& a, E b) { return a = a & b; }                                  \
  __inline__ E& operator^=(E& a, E b) { return a = a ^ b; }                                  \
  }
#else
#define DEFINE_ENUM_FLAG_OPERATORS(E)
#endif

#endif
