// SPDX-License-Identifier: Apache-2.0
// Interlocked operations on integers, pointers and bits: full barriers, as on x64.
#ifndef PW_INTERLOCKED_H
#define PW_INTERLOCKED_H

#include <pw_ntbase.h>

// One family for one operand type: name suffix, C type.
#define PW_INTERLOCKED_FAMILY(Suffix, Type)                                                     \
  PW_INLINE Type InterlockedIncrement##Suffix(Type volatile* a) {                               \
    return __atomic_add_fetch(a, (Type)1, __ATOMIC_SEQ_CST);                                    \
  }                                                                                             \
  PW_INLINE Type InterlockedDecrement##Suffix(Type volatile* a) {                               \
    return __atomic_sub_fetch(a, (Type)1, __ATOMIC_SEQ_CST);                                    \
  }                                                                                             \
  PW_INLINE Type InterlockedExchange##Suffix(Type volatile* a, Type v) {                        \
    return __atomic_exchange_n(a, v, __ATOMIC_SEQ_CST);                                         \
  }                                                                                             \
  PW_INLINE Type InterlockedExchangeAdd##Suffix(Type volatile* a, Type v) {                     \
    return __atomic_fetch_add(a, v, __ATOMIC_SEQ_CST);                                          \
  }                                                                                             \
  PW_INLINE Type InterlockedAdd##Suffix(Type volatile* a, Type v) {                             \
    return __atomic_add_fetch(a, v, __ATOMIC_SEQ_CST);                                          \
  }                                                                                             \
  PW_INLINE Type InterlockedAnd##Suffix(Type volatile* a, Type v) {                             \
    return __atomic_fetch_and(a, v, __ATOMIC_SEQ_CST);                                          \
  }                                                                                             \
  PW_INLINE Type InterlockedOr##Suffix(Type volatile* a, Type v) {                              \
    return __atomic_fetch_or(a, v, __ATOMIC_SEQ_CST);                                           \
  }                                                                                             \
  PW_INLINE Type InterlockedXor##Suffix(Type volatile* a, Type v) {                             \
    return __atomic_fetch_xor(a, v, __ATOMIC_SEQ_CST);                                          \
  }                                                                                             \
  PW_INLINE Type InterlockedCompareExchange##Suffix(Type volatile* a, Type v, Type expected) {  \
    (void)__atomic_compare_exchange_n(a, &expected, v, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);  \
    return expected;                                                                            \
  }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
PW_INTERLOCKED_FAMILY(, LONG)
PW_INTERLOCKED_FAMILY(64, LONGLONG)
PW_INTERLOCKED_FAMILY(16, SHORT)
PW_INTERLOCKED_FAMILY(8, char)
#pragma GCC diagnostic pop
#undef PW_INTERLOCKED_FAMILY

PW_INLINE PVOID InterlockedExchangePointer(PVOID volatile* a, PVOID v) {
  return __atomic_exchange_n(a, v, __ATOMIC_SEQ_CST);
}
PW_INLINE PVOID InterlockedCompareExchangePointer(PVOID volatile* a, PVOID v, PVOID expected) {
  (void)__atomic_compare_exchange_n(a, &expected, v, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return expected;
}
#ifndef PARTYWALL_BUILD
// Any pointer-to-pointer is accepted, as the intrinsics of C compilers for Windows do.
#define InterlockedExchangePointer(a, v) \
  (InterlockedExchangePointer)((PVOID volatile*)(a), (PVOID)(v))
#define InterlockedCompareExchangePointer(a, v, e) \
  (InterlockedCompareExchangePointer)((PVOID volatile*)(a), (PVOID)(v), (PVOID)(e))
#define InterlockedExchangePointerNoFence(a, v) InterlockedExchangePointer(a, v)
#define InterlockedExchangePointerAcquire(a, v) InterlockedExchangePointer(a, v)
#define InterlockedCompareExchangePointerAcquire(a, v, e) InterlockedCompareExchangePointer(a, v, e)
#define InterlockedCompareExchangePointerRelease(a, v, e) InterlockedCompareExchangePointer(a, v, e)
#define InterlockedCompareExchangePointerNoFence(a, v, e) InterlockedCompareExchangePointer(a, v, e)
#define InterlockedIncrementULong(a) ((ULONG)InterlockedIncrement((LONG volatile*)(a)))
#define InterlockedDecrementULong(a) ((ULONG)InterlockedDecrement((LONG volatile*)(a)))
#endif

PW_INLINE BOOLEAN InterlockedBitTestAndSet(LONG volatile* base, LONG bit) {
  ULONG mask = 1u << (bit & 31);
  return (BOOLEAN)((__atomic_fetch_or((ULONG volatile*)base + (bit >> 5), mask, __ATOMIC_SEQ_CST) & mask) != 0);
}
PW_INLINE BOOLEAN InterlockedBitTestAndReset(LONG volatile* base, LONG bit) {
  ULONG mask = 1u << (bit & 31);
  return (BOOLEAN)((__atomic_fetch_and((ULONG volatile*)base + (bit >> 5), ~mask, __ATOMIC_SEQ_CST) & mask) != 0);
}
PW_INLINE BOOLEAN InterlockedBitTestAndComplement(LONG volatile* base, LONG bit) {
  ULONG mask = 1u << (bit & 31);
  return (BOOLEAN)((__atomic_fetch_xor((ULONG volatile*)base + (bit >> 5), mask, __ATOMIC_SEQ_CST) & mask) != 0);
}
PW_INLINE BOOLEAN InterlockedBitTestAndSet64(LONG64 volatile* base, LONG64 bit) {
  ULONG64 mask = 1ul << (bit & 63);
  return (BOOLEAN)((__atomic_fetch_or((ULONG64 volatile*)base + (bit >> 6), mask, __ATOMIC_SEQ_CST) & mask) != 0);
}
PW_INLINE BOOLEAN InterlockedBitTestAndReset64(LONG64 volatile* base, LONG64 bit) {
  ULONG64 mask = 1ul << (bit & 63);
  return (BOOLEAN)((__atomic_fetch_and((ULONG64 volatile*)base + (bit >> 6), ~mask, __ATOMIC_SEQ_CST) & mask) != 0);
}
__extension__ typedef __int128 PwInt128;
PW_INLINE BOOLEAN InterlockedCompareExchange128_(LONG64 volatile* a, LONG64 high, LONG64 low,
                                                 LONG64* result) {
  BOOLEAN same;
  __asm__ __volatile__("lock cmpxchg16b %1"
                       : "=@ccz"(same), "+m"(*(PwInt128 volatile*)a), "+a"(result[0]), "+d"(result[1])
                       : "b"(low), "c"(high)
                       : "memory");
  return same;
}

// The orderings: x64's locked instructions are full barriers, whatever is asked.
#define InterlockedIncrementAcquire InterlockedIncrement
#define InterlockedIncrementRelease InterlockedIncrement
#define InterlockedIncrementNoFence InterlockedIncrement
#define InterlockedDecrementAcquire InterlockedDecrement
#define InterlockedDecrementRelease InterlockedDecrement
#define InterlockedDecrementNoFence InterlockedDecrement
#define InterlockedExchangeAcquire InterlockedExchange
#define InterlockedExchangeNoFence InterlockedExchange
#define InterlockedExchangeAddAcquire InterlockedExchangeAdd
#define InterlockedExchangeAddRelease InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence InterlockedExchangeAdd
#define InterlockedAddAcquire InterlockedAdd
#define InterlockedAddRelease InterlockedAdd
#define InterlockedAddNoFence InterlockedAdd
#define InterlockedCompareExchangeAcquire InterlockedCompareExchange
#define InterlockedCompareExchangeRelease InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence InterlockedCompareExchange
#define InterlockedAndAcquire InterlockedAnd
#define InterlockedAndRelease InterlockedAnd
#define InterlockedAndNoFence InterlockedAnd
#define InterlockedOrAcquire InterlockedOr
#define InterlockedOrRelease InterlockedOr
#define InterlockedOrNoFence InterlockedOr
#define InterlockedXorAcquire InterlockedXor
#define InterlockedXorRelease InterlockedXor
#define InterlockedXorNoFence InterlockedXor
#define InterlockedIncrementAcquire64 InterlockedIncrement64
#define InterlockedIncrementRelease64 InterlockedIncrement64
#define InterlockedIncrementNoFence64 InterlockedIncrement64
#define InterlockedDecrementAcquire64 InterlockedDecrement64
#define InterlockedDecrementRelease64 InterlockedDecrement64
#define InterlockedDecrementNoFence64 InterlockedDecrement64
#define InterlockedExchangeAcquire64 InterlockedExchange64
#define InterlockedExchangeNoFence64 InterlockedExchange64
#define InterlockedExchangeAddNoFence64 InterlockedExchangeAdd64
#define InterlockedCompareExchangeAcquire64 InterlockedCompareExchange64
#define InterlockedCompareExchangeRelease64 InterlockedCompareExchange64
#define InterlockedCompareExchangeNoFence64 InterlockedCompareExchange64
#define InterlockedExchangeAddSizeT(a, v) ((SIZE_T)InterlockedExchangeAdd64((LONG64 volatile*)(a), (LONG64)(v)))
#define InterlockedIncrementSizeT(a) ((SIZE_T)InterlockedIncrement64((LONG64 volatile*)(a)))
#define InterlockedDecrementSizeT(a) ((SIZE_T)InterlockedDecrement64((LONG64 volatile*)(a)))
#define InterlockedAnd64Acquire InterlockedAnd64
#define InterlockedOr64Acquire InterlockedOr64

#ifndef PARTYWALL_BUILD
#define InterlockedCompareExchange128 InterlockedCompareExchange128_
#define _InterlockedCompareExchange128 InterlockedCompareExchange128_
#define _InterlockedIncrement InterlockedIncrement
#define _InterlockedIncrement16 InterlockedIncrement16
#define _InterlockedIncrement64 InterlockedIncrement64
#define _InterlockedDecrement InterlockedDecrement
#define _InterlockedDecrement16 InterlockedDecrement16
#define _InterlockedDecrement64 InterlockedDecrement64
#define _InterlockedExchange InterlockedExchange
#define _InterlockedExchange8 InterlockedExchange8
#define _InterlockedExchange16 InterlockedExchange16
#define _InterlockedExchange64 InterlockedExchange64
#define _InterlockedExchangeAdd InterlockedExchangeAdd
#define _InterlockedExchangeAdd8 InterlockedExchangeAdd8
#define _InterlockedExchangeAdd16 InterlockedExchangeAdd16
#define _InterlockedExchangeAdd64 InterlockedExchangeAdd64
#define _InterlockedExchangePointer InterlockedExchangePointer
#define _InterlockedCompareExchange InterlockedCompareExchange
#define _InterlockedCompareExchange8 InterlockedCompareExchange8
#define _InterlockedCompareExchange16 InterlockedCompareExchange16
#define _InterlockedCompareExchange64 InterlockedCompareExchange64
#define _InterlockedCompareExchangePointer InterlockedCompareExchangePointer
#define _InterlockedAnd InterlockedAnd
#define _InterlockedAnd8 InterlockedAnd8
#define _InterlockedAnd16 InterlockedAnd16
#define _InterlockedAnd64 InterlockedAnd64
#define _InterlockedOr InterlockedOr
#define _InterlockedOr8 InterlockedOr8
#define _InterlockedOr16 InterlockedOr16
#define _InterlockedOr64 InterlockedOr64
#define _InterlockedXor InterlockedXor
#define _InterlockedXor8 InterlockedXor8
#define _InterlockedXor16 InterlockedXor16
#define _InterlockedXor64 InterlockedXor64
#define _interlockedbittestandset InterlockedBitTestAndSet
#define _interlockedbittestandreset InterlockedBitTestAndReset
#define _interlockedbittestandset64 InterlockedBitTestAndSet64
#define _interlockedbittestandreset64 InterlockedBitTestAndReset64
#endif

// Loads and stores with an order.
#define ReadAcquire(p) __atomic_load_n((LONG const volatile*)(p), __ATOMIC_ACQUIRE)
#define ReadNoFence(p) __atomic_load_n((LONG const volatile*)(p), __ATOMIC_RELAXED)
#define ReadRaw(p) ReadNoFence(p)
#define WriteRelease(p, v) __atomic_store_n((LONG volatile*)(p), (LONG)(v), __ATOMIC_RELEASE)
#define WriteNoFence(p, v) __atomic_store_n((LONG volatile*)(p), (LONG)(v), __ATOMIC_RELAXED)
#define WriteRaw(p, v) WriteNoFence(p, v)
#define ReadAcquire64(p) __atomic_load_n((LONG64 const volatile*)(p), __ATOMIC_ACQUIRE)
#define ReadNoFence64(p) __atomic_load_n((LONG64 const volatile*)(p), __ATOMIC_RELAXED)
#define WriteRelease64(p, v) __atomic_store_n((LONG64 volatile*)(p), (LONG64)(v), __ATOMIC_RELEASE)
#define WriteNoFence64(p, v) __atomic_store_n((LONG64 volatile*)(p), (LONG64)(v), __ATOMIC_RELAXED)
#define ReadULongAcquire(p) __atomic_load_n((ULONG const volatile*)(p), __ATOMIC_ACQUIRE)
#define ReadULongNoFence(p) __atomic_load_n((ULONG const volatile*)(p), __ATOMIC_RELAXED)
#define WriteULongRelease(p, v) __atomic_store_n((ULONG volatile*)(p), (ULONG)(v), __ATOMIC_RELEASE)
#define ReadULong64Acquire(p) __atomic_load_n((ULONG64 const volatile*)(p), __ATOMIC_ACQUIRE)
#define ReadULong64NoFence(p) __atomic_load_n((ULONG64 const volatile*)(p), __ATOMIC_RELAXED)
#define WriteULong64Release(p, v) __atomic_store_n((ULONG64 volatile*)(p), (ULONG64)(v), __ATOMIC_RELEASE)
#define ReadPointerAcquire(p) __atomic_load_n((PVOID const volatile*)(p), __ATOMIC_ACQUIRE)
#define ReadPointerNoFence(p) __atomic_load_n((PVOID const volatile*)(p), __ATOMIC_RELAXED)
#define WritePointerRelease(p, v) __atomic_store_n((PVOID volatile*)(p), (PVOID)(v), __ATOMIC_RELEASE)
#define WritePointerNoFence(p, v) __atomic_store_n((PVOID volatile*)(p), (PVOID)(v), __ATOMIC_RELAXED)

#define YieldProcessor() __builtin_ia32_pause()
#define MemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define KeMemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define KeMemoryBarrierWithoutFence() __asm__ __volatile__("" ::: "memory")
#ifndef PARTYWALL_BUILD
#define _ReadWriteBarrier() __asm__ __volatile__("" ::: "memory")
#define _ReadBarrier() _ReadWriteBarrier()
#define _WriteBarrier() _ReadWriteBarrier()
#endif

PW_INLINE UCHAR BitScanForward(ULONG* index, ULONG mask) {
  if (mask == 0) return 0;
  *index = (ULONG)__builtin_ctz(mask);
  return 1;
}
PW_INLINE UCHAR BitScanReverse(ULONG* index, ULONG mask) {
  if (mask == 0) return 0;
  *index = 31u - (ULONG)__builtin_clz(mask);
  return 1;
}
PW_INLINE UCHAR BitScanForward64(ULONG* index, ULONG64 mask) {
  if (mask == 0) return 0;
  *index = (ULONG)__builtin_ctzl(mask);
  return 1;
}
PW_INLINE UCHAR BitScanReverse64(ULONG* index, ULONG64 mask) {
  if (mask == 0) return 0;
  *index = 63u - (ULONG)__builtin_clzl(mask);
  return 1;
}
#ifndef PARTYWALL_BUILD
#define _BitScanForward BitScanForward
#define _BitScanReverse BitScanReverse
#define _BitScanForward64 BitScanForward64
#define _BitScanReverse64 BitScanReverse64
#define __stosb PwStosb
PW_INLINE void PwStosb(unsigned char* d, unsigned char v, size_t n) {
  while (n-- != 0) *d++ = v;
}
#define __stosd PwStosd
PW_INLINE void PwStosd(ULONG* d, ULONG v, size_t n) {
  while (n-- != 0) *d++ = v;
}
#define __stosq PwStosq
PW_INLINE void PwStosq(ULONG64* d, ULONG64 v, size_t n) {
  while (n-- != 0) *d++ = v;
}
#define __movsb PwMovsb
PW_INLINE void PwMovsb(unsigned char* d, const unsigned char* s, size_t n) {
  while (n-- != 0) *d++ = *s++;
}
#endif

// A sequenced list header: the pop counts, so that a recycled entry is told from an old one.
PW_API_BEGIN
void NTAPI InitializeSListHead(PSLIST_HEADER ListHead);
PSLIST_ENTRY NTAPI InterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry);
PSLIST_ENTRY NTAPI InterlockedPopEntrySList(PSLIST_HEADER ListHead);
PSLIST_ENTRY NTAPI InterlockedFlushSList(PSLIST_HEADER ListHead);
USHORT NTAPI QueryDepthSList(PSLIST_HEADER ListHead);
PW_API_END

#endif
