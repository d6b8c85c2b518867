// SPDX-License-Identifier: Apache-2.0
// Arithmetic and conversions that report an overflow.
#ifndef PW_WIN32_INTSAFE_H
#define PW_WIN32_INTSAFE_H

#include "minwindef.h"
#include "winerror.h"

#define INTSAFE_E_ARITHMETIC_OVERFLOW ((HRESULT)0x80070216)
PW_INLINE HRESULT UIntAdd(UINT left, UINT right, UINT* result) {
  if (!__builtin_add_overflow(left, right, result)) return S_OK;
  *result = (UINT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT UIntSub(UINT left, UINT right, UINT* result) {
  if (!__builtin_sub_overflow(left, right, result)) return S_OK;
  *result = (UINT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT UIntMult(UINT left, UINT right, UINT* result) {
  if (!__builtin_mul_overflow(left, right, result)) return S_OK;
  *result = (UINT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongAdd(ULONG left, ULONG right, ULONG* result) {
  if (!__builtin_add_overflow(left, right, result)) return S_OK;
  *result = (ULONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongSub(ULONG left, ULONG right, ULONG* result) {
  if (!__builtin_sub_overflow(left, right, result)) return S_OK;
  *result = (ULONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongMult(ULONG left, ULONG right, ULONG* result) {
  if (!__builtin_mul_overflow(left, right, result)) return S_OK;
  *result = (ULONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT DWordAdd(DWORD left, DWORD right, DWORD* result) {
  if (!__builtin_add_overflow(left, right, result)) return S_OK;
  *result = (DWORD)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT DWordSub(DWORD left, DWORD right, DWORD* result) {
  if (!__builtin_sub_overflow(left, right, result)) return S_OK;
  *result = (DWORD)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT DWordMult(DWORD left, DWORD right, DWORD* result) {
  if (!__builtin_mul_overflow(left, right, result)) return S_OK;
  *result = (DWORD)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT SizeTAdd(SIZE_T left, SIZE_T right, SIZE_T* result) {
  if (!__builtin_add_overflow(left, right, result)) return S_OK;
  *result = (SIZE_T)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT SizeTSub(SIZE_T left, SIZE_T right, SIZE_T* result) {
  if (!__builtin_sub_overflow(left, right, result)) return S_OK;
  *result = (SIZE_T)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT SizeTMult(SIZE_T left, SIZE_T right, SIZE_T* result) {
  if (!__builtin_mul_overflow(left, right, result)) return S_OK;
  *result = (SIZE_T)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongPtrAdd(ULONG_PTR left, ULONG_PTR right, ULONG_PTR* result) {
  if (!__builtin_add_overflow(left, right, result)) return S_OK;
  *result = (ULONG_PTR)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongPtrSub(ULONG_PTR left, ULONG_PTR right, ULONG_PTR* result) {
  if (!__builtin_sub_overflow(left, right, result)) return S_OK;
  *result = (ULONG_PTR)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongPtrMult(ULONG_PTR left, ULONG_PTR right, ULONG_PTR* result) {
  if (!__builtin_mul_overflow(left, right, result)) return S_OK;
  *result = (ULONG_PTR)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT DWordPtrAdd(DWORD_PTR left, DWORD_PTR right, DWORD_PTR* result) {
  if (!__builtin_add_overflow(left, right, result)) return S_OK;
  *result = (DWORD_PTR)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT DWordPtrSub(DWORD_PTR left, DWORD_PTR right, DWORD_PTR* result) {
  if (!__builtin_sub_overflow(left, right, result)) return S_OK;
  *result = (DWORD_PTR)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT DWordPtrMult(DWORD_PTR left, DWORD_PTR right, DWORD_PTR* result) {
  if (!__builtin_mul_overflow(left, right, result)) return S_OK;
  *result = (DWORD_PTR)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongLongAdd(ULONGLONG left, ULONGLONG right, ULONGLONG* result) {
  if (!__builtin_add_overflow(left, right, result)) return S_OK;
  *result = (ULONGLONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongLongSub(ULONGLONG left, ULONGLONG right, ULONGLONG* result) {
  if (!__builtin_sub_overflow(left, right, result)) return S_OK;
  *result = (ULONGLONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongLongMult(ULONGLONG left, ULONGLONG right, ULONGLONG* result) {
  if (!__builtin_mul_overflow(left, right, result)) return S_OK;
  *result = (ULONGLONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT UShortAdd(USHORT left, USHORT right, USHORT* result) {
  if (!__builtin_add_overflow(left, right, result)) return S_OK;
  *result = (USHORT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT UShortSub(USHORT left, USHORT right, USHORT* result) {
  if (!__builtin_sub_overflow(left, right, result)) return S_OK;
  *result = (USHORT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT UShortMult(USHORT left, USHORT right, USHORT* result) {
  if (!__builtin_mul_overflow(left, right, result)) return S_OK;
  *result = (USHORT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT SizeTToULong(SIZE_T value, ULONG* result) {
  if (!__builtin_add_overflow(value, (SIZE_T)0, result)) return S_OK;
  *result = (ULONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT SizeTToDWord(SIZE_T value, DWORD* result) {
  if (!__builtin_add_overflow(value, (SIZE_T)0, result)) return S_OK;
  *result = (DWORD)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT SizeTToUInt(SIZE_T value, UINT* result) {
  if (!__builtin_add_overflow(value, (SIZE_T)0, result)) return S_OK;
  *result = (UINT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT SizeTToInt(SIZE_T value, INT* result) {
  if (!__builtin_add_overflow(value, (SIZE_T)0, result)) return S_OK;
  *result = (INT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT SizeTToUShort(SIZE_T value, USHORT* result) {
  if (!__builtin_add_overflow(value, (SIZE_T)0, result)) return S_OK;
  *result = (USHORT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongLongToULong(ULONGLONG value, ULONG* result) {
  if (!__builtin_add_overflow(value, (ULONGLONG)0, result)) return S_OK;
  *result = (ULONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongLongToSizeT(ULONGLONG value, SIZE_T* result) {
  if (!__builtin_add_overflow(value, (ULONGLONG)0, result)) return S_OK;
  *result = (SIZE_T)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT LongLongToLong(LONGLONG value, LONG* result) {
  if (!__builtin_add_overflow(value, (LONGLONG)0, result)) return S_OK;
  *result = (LONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT LongLongToULong(LONGLONG value, ULONG* result) {
  if (!__builtin_add_overflow(value, (LONGLONG)0, result)) return S_OK;
  *result = (ULONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongToUShort(ULONG value, USHORT* result) {
  if (!__builtin_add_overflow(value, (ULONG)0, result)) return S_OK;
  *result = (USHORT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongToLong(ULONG value, LONG* result) {
  if (!__builtin_add_overflow(value, (ULONG)0, result)) return S_OK;
  *result = (LONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT IntToUInt(INT value, UINT* result) {
  if (!__builtin_add_overflow(value, (INT)0, result)) return S_OK;
  *result = (UINT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT UIntToInt(UINT value, INT* result) {
  if (!__builtin_add_overflow(value, (UINT)0, result)) return S_OK;
  *result = (INT)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT LongToULong(LONG value, ULONG* result) {
  if (!__builtin_add_overflow(value, (LONG)0, result)) return S_OK;
  *result = (ULONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}
PW_INLINE HRESULT ULongPtrToULong(ULONG_PTR value, ULONG* result) {
  if (!__builtin_add_overflow(value, (ULONG_PTR)0, result)) return S_OK;
  *result = (ULONG)-1;
  return INTSAFE_E_ARITHMETIC_OVERFLOW;
}

#endif
