// SPDX-License-Identifier: Apache-2.0
// Façade: RtlCompareMemory and its family, byte order.
#include <nt/rtl.h>

#include <algorithm>
#include <bit>
#include <cstdint>

extern "C" {

SIZE_T NTAPI RtlCompareMemory(const void* a, const void* b, SIZE_T length) {
    const auto* left = static_cast<const std::uint8_t*>(a);
    return static_cast<SIZE_T>(std::mismatch(left, left + length, static_cast<const std::uint8_t*>(b)).first - left);
}

SIZE_T NTAPI RtlCompareMemoryUlong(PVOID source, SIZE_T length, ULONG pattern) {
    const auto* words = static_cast<const ULONG*>(source);
    const auto* end = words + length / sizeof(ULONG);
    return static_cast<SIZE_T>(std::find_if(words, end, [&](ULONG word) { return word != pattern; }) - words) * sizeof(ULONG);
}

void NTAPI RtlFillMemoryUlong(PVOID destination, SIZE_T length, ULONG pattern) {
    std::fill_n(static_cast<ULONG*>(destination), length / sizeof(ULONG), pattern);
}

void NTAPI RtlFillMemoryUlonglong(PVOID destination, SIZE_T length, ULONGLONG pattern) {
    std::fill_n(static_cast<ULONGLONG*>(destination), length / sizeof(ULONGLONG), pattern);
}

void NTAPI RtlCopyMemoryNonTemporal(void* destination, const void* source, SIZE_T length) { memcpy(destination, source, length); }

void NTAPI RtlPrefetchMemoryNonTemporal(PVOID source, SIZE_T length) {
    for (SIZE_T at = 0; at < length; at += 64) __builtin_prefetch(static_cast<char*>(source) + at, 0, 0);
}

USHORT NTAPI RtlUshortByteSwap(USHORT value) { return __builtin_bswap16(value); }
ULONG NTAPI RtlUlongByteSwap(ULONG value) { return __builtin_bswap32(value); }
ULONGLONG NTAPI RtlUlonglongByteSwap(ULONGLONG value) { return __builtin_bswap64(value); }

CCHAR NTAPI RtlFindLeastSignificantBit(ULONGLONG set) { return static_cast<CCHAR>(set == 0 ? -1 : std::countr_zero(set)); }
CCHAR NTAPI RtlFindMostSignificantBit(ULONGLONG set) { return static_cast<CCHAR>(set == 0 ? -1 : 63 - std::countl_zero(set)); }

}  // extern "C"
