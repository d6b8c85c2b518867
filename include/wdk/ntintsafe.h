// SPDX-License-Identifier: Apache-2.0
// Checked arithmetic that answers STATUS_INTEGER_OVERFLOW instead of wrapping.
#ifndef PW_NTINTSAFE_H
#define PW_NTINTSAFE_H

#include <ntdef.h>
#include <ntstatus.h>

#define PW_CHECKED(Name, Type, Builtin, Bad)                        \
  PW_INLINE NTSTATUS Name(Type a, Type b, Type* result) {           \
    if (Builtin(a, b, result)) {                                    \
      *result = (Type)(Bad);                                        \
      return STATUS_INTEGER_OVERFLOW;                               \
    }                                                               \
    return STATUS_SUCCESS;                                          \
  }
#define PW_CHECKED_TYPE(Prefix, Type, Bad)                              \
  PW_CHECKED(Prefix##Add, Type, __builtin_add_overflow, Bad)            \
  PW_CHECKED(Prefix##Sub, Type, __builtin_sub_overflow, Bad)            \
  PW_CHECKED(Prefix##Mult, Type, __builtin_mul_overflow, Bad)
PW_CHECKED_TYPE(RtlULong, ULONG, ~0u)
PW_CHECKED_TYPE(RtlUInt, UINT, ~0u)
PW_CHECKED_TYPE(RtlUShort, USHORT, 0xffff)
PW_CHECKED_TYPE(RtlULongLong, ULONGLONG, ~0ul)
PW_CHECKED_TYPE(RtlSizeT, SIZE_T, ~0ul)
PW_CHECKED_TYPE(RtlULongPtr, ULONG_PTR, ~0ul)
PW_CHECKED_TYPE(RtlDWordPtr, DWORD_PTR, ~0ul)
PW_CHECKED_TYPE(RtlLong, LONG, -1)
PW_CHECKED_TYPE(RtlInt, INT, -1)
PW_CHECKED_TYPE(RtlLongLong, LONGLONG, -1)
#undef PW_CHECKED_TYPE
#undef PW_CHECKED

#define PW_NARROW(Name, From, To, Bad)                   \
  PW_INLINE NTSTATUS Name(From value, To* result) {      \
    if (__builtin_add_overflow(value, (From)0, result)) { \
      *result = (To)(Bad);                               \
      return STATUS_INTEGER_OVERFLOW;                    \
    }                                                    \
    return STATUS_SUCCESS;                               \
  }
PW_NARROW(RtlSizeTToULong, SIZE_T, ULONG, ~0u)
PW_NARROW(RtlSizeTToUShort, SIZE_T, USHORT, 0xffff)
PW_NARROW(RtlSizeTToLong, SIZE_T, LONG, -1)
PW_NARROW(RtlULongToUShort, ULONG, USHORT, 0xffff)
PW_NARROW(RtlULongToUChar, ULONG, UCHAR, 0xff)
PW_NARROW(RtlULongToLong, ULONG, LONG, -1)
PW_NARROW(RtlLongToULong, LONG, ULONG, ~0u)
PW_NARROW(RtlULongLongToULong, ULONGLONG, ULONG, ~0u)
PW_NARROW(RtlULongLongToLongLong, ULONGLONG, LONGLONG, -1)
PW_NARROW(RtlLongLongToULong, LONGLONG, ULONG, ~0u)
PW_NARROW(RtlLongLongToULongLong, LONGLONG, ULONGLONG, ~0ul)
PW_NARROW(RtlULongPtrToULong, ULONG_PTR, ULONG, ~0u)
PW_NARROW(RtlIntToUShort, INT, USHORT, 0xffff)
#undef PW_NARROW

#endif
