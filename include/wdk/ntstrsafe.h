// SPDX-License-Identifier: Apache-2.0
// Safe strings for drivers: the RtlStringCch... and RtlStringCb... functions, and those on UNICODE_STRING.
#ifndef PW_NTSTRSAFE_H
#define PW_NTSTRSAFE_H

#include <nt/rtl.h>
#include <ntstatus.h>
#include <pw_crt.h>
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#define NTSTRSAFE_MAX_CCH 2147483647
#define NTSTRSAFE_MAX_LENGTH (NTSTRSAFE_MAX_CCH - 1)
#define NTSTRSAFE_UNICODE_STRING_MAX_CCH (0xffff / sizeof(WCHAR))
#define STRSAFE_IGNORE_NULLS 0x00000100
#define STRSAFE_FILL_BEHIND_NULL 0x00000200
#define STRSAFE_FILL_ON_FAILURE 0x00000400
#define STRSAFE_NULL_ON_FAILURE 0x00000800
#define STRSAFE_NO_TRUNCATION 0x00001000
#define STRSAFE_ZERO_LENGTH_ON_FAILURE STRSAFE_NULL_ON_FAILURE
#define STRSAFE_FILL_BYTE(x) ((DWORD)((x & 0x000000FF) | STRSAFE_FILL_BEHIND_NULL))
#define STRSAFE_FAILURE_BYTE(x) ((DWORD)((x & 0x000000FF) | STRSAFE_FILL_ON_FAILURE))

typedef CHAR *NTSTRSAFE_PSTR;
typedef const CHAR* NTSTRSAFE_PCSTR;
typedef WCHAR* NTSTRSAFE_PWSTR;
typedef const WCHAR* NTSTRSAFE_PCWSTR;

#define PW_STRSAFE(name) Rtl##name
#define PW_STRSAFE_RESULT NTSTATUS
#define PW_STRSAFE_OK STATUS_SUCCESS
#define PW_STRSAFE_OVERFLOW STATUS_BUFFER_OVERFLOW
#define PW_STRSAFE_BAD_PARAMETER STATUS_INVALID_PARAMETER
#include <pw_strsafe.h>

// On counted strings: the result never grows beyond MaximumLength, and is not terminated.
PW_INLINE NTSTATUS RtlUnicodeStringVPrintf(PUNICODE_STRING Destination, NTSTRSAFE_PCWSTR Format,
                                           va_list Arguments) {
  size_t capacity = Destination->MaximumLength / sizeof(WCHAR);
  int written = capacity == 0 ? -1 : _vsnwprintf(Destination->Buffer, capacity, Format, Arguments);
  if (written < 0) {
    Destination->Length = (USHORT)(capacity * sizeof(WCHAR));
    return STATUS_BUFFER_OVERFLOW;
  }
  Destination->Length = (USHORT)((size_t)written * sizeof(WCHAR));
  return STATUS_SUCCESS;
}
PW_INLINE NTSTATUS RtlUnicodeStringPrintf(PUNICODE_STRING Destination, NTSTRSAFE_PCWSTR Format, ...) {
  va_list arguments;
  va_start(arguments, Format);
  NTSTATUS status = RtlUnicodeStringVPrintf(Destination, Format, arguments);
  va_end(arguments);
  return status;
}
PW_INLINE NTSTATUS PwUnicodeStringPut(PUNICODE_STRING Destination, size_t At, const WCHAR* Source,
                                      size_t Count) {
  size_t capacity = Destination->MaximumLength / sizeof(WCHAR);
  NTSTATUS status = STATUS_SUCCESS;
  if (Count > capacity - At) {
    Count = capacity - At;
    status = STATUS_BUFFER_OVERFLOW;
  }
  memmove(Destination->Buffer + At, Source, Count * sizeof(WCHAR));
  Destination->Length = (USHORT)((At + Count) * sizeof(WCHAR));
  return status;
}
PW_INLINE NTSTATUS RtlUnicodeStringCopyString(PUNICODE_STRING Destination, NTSTRSAFE_PCWSTR Source) {
  return PwUnicodeStringPut(Destination, 0, Source, wcslen(Source));
}
PW_INLINE NTSTATUS RtlUnicodeStringCopy(PUNICODE_STRING Destination, PCUNICODE_STRING Source) {
  return PwUnicodeStringPut(Destination, 0, Source->Buffer, Source->Length / sizeof(WCHAR));
}
PW_INLINE NTSTATUS RtlUnicodeStringCatString(PUNICODE_STRING Destination, NTSTRSAFE_PCWSTR Source) {
  return PwUnicodeStringPut(Destination, Destination->Length / sizeof(WCHAR), Source, wcslen(Source));
}
PW_INLINE NTSTATUS RtlUnicodeStringCat(PUNICODE_STRING Destination, PCUNICODE_STRING Source) {
  return PwUnicodeStringPut(Destination, Destination->Length / sizeof(WCHAR), Source->Buffer,
                            Source->Length / sizeof(WCHAR));
}
PW_INLINE NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING Destination, NTSTRSAFE_PWSTR Source) {
  size_t length = Source == NULL ? 0 : wcslen(Source);
  if (length >= NTSTRSAFE_UNICODE_STRING_MAX_CCH) return STATUS_INVALID_PARAMETER;
  Destination->Buffer = Source;
  Destination->Length = (USHORT)(length * sizeof(WCHAR));
  Destination->MaximumLength = Source == NULL ? 0 : (USHORT)(Destination->Length + sizeof(WCHAR));
  return STATUS_SUCCESS;
}

#endif
