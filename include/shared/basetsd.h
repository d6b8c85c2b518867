// SPDX-License-Identifier: Apache-2.0
// Integers of a stated width and of the width of a pointer, as on x64 Windows (LLP64).
#ifndef PW_BASETSD_H
#define PW_BASETSD_H

#include <pw_compiler.h>

typedef signed char INT8, *PINT8;
typedef signed short INT16, *PINT16;
typedef signed int INT32, *PINT32;
typedef signed long INT64, *PINT64;
typedef unsigned char UINT8, *PUINT8;
typedef unsigned short UINT16, *PUINT16;
typedef unsigned int UINT32, *PUINT32;
typedef unsigned long UINT64, *PUINT64;
typedef signed int LONG32, *PLONG32;
typedef unsigned int ULONG32, *PULONG32;
typedef unsigned int DWORD32, *PDWORD32;
typedef signed long LONG64, *PLONG64;
typedef unsigned long ULONG64, *PULONG64;
typedef unsigned long DWORD64, *PDWORD64;

typedef signed long INT_PTR, *PINT_PTR;
typedef unsigned long UINT_PTR, *PUINT_PTR;
typedef signed long LONG_PTR, *PLONG_PTR;
typedef unsigned long ULONG_PTR, *PULONG_PTR;
typedef ULONG_PTR DWORD_PTR, *PDWORD_PTR;
typedef ULONG_PTR SIZE_T, *PSIZE_T;
typedef LONG_PTR SSIZE_T, *PSSIZE_T;
typedef ULONG_PTR KAFFINITY, *PKAFFINITY;
typedef int HALF_PTR, *PHALF_PTR;
typedef unsigned int UHALF_PTR, *PUHALF_PTR;
typedef INT64 SHANDLE_PTR;
typedef UINT64 HANDLE_PTR;

PW_STATIC_ASSERT(sizeof(void*) == 8, "Partywall is a 64-bit system");
PW_STATIC_ASSERT(sizeof(long) == 8, "Partywall runs on LP64 hosts");

#define MAXUINT8 ((UINT8)~((UINT8)0))
#define MAXINT8 ((INT8)(MAXUINT8 >> 1))
#define MININT8 ((INT8)~MAXINT8)
#define MAXUINT16 ((UINT16)~((UINT16)0))
#define MAXINT16 ((INT16)(MAXUINT16 >> 1))
#define MININT16 ((INT16)~MAXINT16)
#define MAXUINT32 ((UINT32)~((UINT32)0))
#define MAXINT32 ((INT32)(MAXUINT32 >> 1))
#define MININT32 ((INT32)~MAXINT32)
#define MAXUINT64 ((UINT64)~((UINT64)0))
#define MAXINT64 ((INT64)(MAXUINT64 >> 1))
#define MININT64 ((INT64)~MAXINT64)
#define MAXULONG32 ((ULONG32)~((ULONG32)0))
#define MAXLONG32 ((LONG32)(MAXULONG32 >> 1))
#define MINLONG32 ((LONG32)~MAXLONG32)
#define MAXULONG64 ((ULONG64)~((ULONG64)0))
#define MAXLONG64 ((LONG64)(MAXULONG64 >> 1))
#define MINLONG64 ((LONG64)~MAXLONG64)
#define MAXULONG_PTR ((ULONG_PTR)~((ULONG_PTR)0))
#define MAXLONG_PTR ((LONG_PTR)(MAXULONG_PTR >> 1))
#define MINLONG_PTR ((LONG_PTR)~MAXLONG_PTR)
#define MAXUINT_PTR ((UINT_PTR)~((UINT_PTR)0))
#define MAXINT_PTR ((INT_PTR)(MAXUINT_PTR >> 1))
#define MININT_PTR ((INT_PTR)~MAXINT_PTR)
#define MAXSIZE_T ((SIZE_T)~((SIZE_T)0))
#define MAXSSIZE_T ((SSIZE_T)(MAXSIZE_T >> 1))
#define MINSSIZE_T ((SSIZE_T)~MAXSSIZE_T)
#define MAXUINT ((unsigned int)~0u)
#define MAXINT ((int)(MAXUINT >> 1))
#define MININT ((int)~MAXINT)
#define MAXULONGLONG ((UINT64)~((UINT64)0))

#define ADDRESS_TAG_BIT 0x40000000000UL

// Conversions between handles and integers: to 32 bits they truncate, back they sign-extend for
// LONG and zero-extend for ULONG.
#define HandleToULong(h) ((UINT32)(ULONG_PTR)(h))
#define HandleToUlong(h) HandleToULong(h)
#define HandleToLong(h) ((INT32)(LONG_PTR)(h))
#define ULongToHandle(v) ((void*)(ULONG_PTR)(UINT32)(v))
#define UlongToHandle(v) ULongToHandle(v)
#define LongToHandle(v) ((void*)(LONG_PTR)(INT32)(v))
#define PtrToUlong(p) ((UINT32)(ULONG_PTR)(p))
#define PtrToULong(p) PtrToUlong(p)
#define PtrToLong(p) ((INT32)(LONG_PTR)(p))
#define PtrToUint(p) ((unsigned int)(UINT_PTR)(p))
#define PtrToInt(p) ((int)(INT_PTR)(p))
#define PtrToUshort(p) ((unsigned short)(ULONG_PTR)(p))
#define PtrToShort(p) ((short)(LONG_PTR)(p))
#define IntToPtr(v) ((void*)(INT_PTR)(int)(v))
#define UIntToPtr(v) ((void*)(UINT_PTR)(unsigned int)(v))
#define UintToPtr(v) UIntToPtr(v)
#define LongToPtr(v) ((void*)(LONG_PTR)(INT32)(v))
#define ULongToPtr(v) ((void*)(ULONG_PTR)(UINT32)(v))
#define UlongToPtr(v) ULongToPtr(v)
#define Ptr32ToPtr(p) ((void*)(ULONG_PTR)(p))
#define Handle32ToHandle(h) ((void*)(LONG_PTR)(INT32)(ULONG_PTR)(h))
#define PtrToPtr32(p) ((UINT32)(ULONG_PTR)(p))
#define PtrToPtr64(p) ((void*)(p))
#define HandleToHandle64(h) ((void*)(h))

#endif
