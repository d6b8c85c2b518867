// SPDX-License-Identifier: Apache-2.0
// Filling, moving and comparing memory; byte order.
#ifndef PW_RTL_MEMORY_H
#define PW_RTL_MEMORY_H

#include <pw_ntbase.h>
#include <string.h>

PW_API_BEGIN
SIZE_T NTAPI RtlCompareMemory(const void* Source1, const void* Source2, SIZE_T Length);
SIZE_T NTAPI RtlCompareMemoryUlong(PVOID Source, SIZE_T Length, ULONG Pattern);
void NTAPI RtlFillMemoryUlong(PVOID Destination, SIZE_T Length, ULONG Pattern);
void NTAPI RtlFillMemoryUlonglong(PVOID Destination, SIZE_T Length, ULONGLONG Pattern);
void NTAPI RtlCopyMemoryNonTemporal(void* Destination, const void* Source, SIZE_T Length);
void NTAPI RtlPrefetchMemoryNonTemporal(PVOID Source, SIZE_T Length);
USHORT NTAPI RtlUshortByteSwap(USHORT Source);
ULONG NTAPI RtlUlongByteSwap(ULONG Source);
ULONGLONG NTAPI RtlUlonglongByteSwap(ULONGLONG Source);
PW_API_END

// The compiler must not drop the clearing, though nobody reads the memory afterwards.
PW_INLINE PVOID RtlSecureZeroMemory(PVOID Pointer, SIZE_T Length) {
  memset(Pointer, 0, Length);
  __asm__ __volatile__("" : : "r"(Pointer) : "memory");
  return Pointer;
}
PW_INLINE BOOLEAN RtlIsZeroMemory(PVOID Buffer, SIZE_T Length) {
  const unsigned char* p = (const unsigned char*)Buffer;
  while (Length-- != 0) {
    if (*p++ != 0) return 0;
  }
  return 1;
}

#define RtlEqualMemory(d, s, n) (memcmp((d), (s), (n)) == 0)
#define RtlMoveMemory(d, s, n) memmove((d), (s), (n))
#define RtlCopyMemory(d, s, n) memcpy((d), (s), (n))
#define RtlFillMemory(d, n, f) memset((d), (f), (n))
#define RtlZeroMemory(d, n) memset((d), 0, (n))
#ifndef PARTYWALL_BUILD
#define RtlCopyBytes RtlCopyMemory
#define RtlZeroBytes RtlZeroMemory
#define RtlFillBytes RtlFillMemory
#define RtlCopyVolatileMemory(d, s, n) memcpy((void*)(d), (const void*)(s), (n))
#define RtlZeroVolatileMemory(d, n) RtlSecureZeroMemory((void*)(d), (n))
#endif

PW_INLINE void PwStoreUshort(void* p, USHORT v) { memcpy(p, &v, sizeof v); }
PW_INLINE void PwStoreUlong(void* p, ULONG v) { memcpy(p, &v, sizeof v); }
#define RtlStoreUshort(p, v) PwStoreUshort((p), (USHORT)(v))
#define RtlStoreUlong(p, v) PwStoreUlong((p), (ULONG)(v))
#define RtlRetrieveUshort(d, p) memcpy((d), (p), sizeof(USHORT))
#define RtlRetrieveUlong(d, p) memcpy((d), (p), sizeof(ULONG))

#endif
