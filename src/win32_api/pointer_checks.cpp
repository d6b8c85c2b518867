// SPDX-License-Identifier: Apache-2.0
// IsBadReadPtr and its kin, MulDiv, stack traces.
#include <algorithm>
#include <cstdint>

#include "exceptions/exceptions.h"
#include "platform/backtrace.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr std::uintptr_t page_bytes = 4096;

// Reads a byte of each page; "TRUE: the calling process does not have read access".
BOOL cannot_read(const void* start, std::uintptr_t length_bytes) {
    const auto first = reinterpret_cast<std::uintptr_t>(start);
    if (length_bytes == 0) return FALSE;
    const std::uintptr_t last = first + (length_bytes - 1);
    if (last < first) return TRUE;
    for (std::uintptr_t at = first; at <= last && at >= first; at = (at & ~(page_bytes - 1)) + page_bytes) {
        char byte = 0;
        if (pw_guarded_copy(&byte, reinterpret_cast<const void*>(at), 1, nullptr) != 0) return TRUE;
    }
    return FALSE;
}

template <typename Char>
BOOL cannot_read_string(const Char* text, UINT_PTR maximum) {
    for (UINT_PTR i = 0; i < maximum; ++i) {
        Char c = 0;
        if (pw_guarded_copy(&c, text + i, sizeof c, nullptr) != 0) return TRUE;
        if (c == 0) return FALSE;
    }
    return FALSE;
}

}  // namespace

BOOL WINAPI IsBadReadPtr(const VOID* start, UINT_PTR length_bytes) { return cannot_read(start, length_bytes); }

BOOL WINAPI IsBadWritePtr(LPVOID start, UINT_PTR length_bytes) {
    const auto first = reinterpret_cast<std::uintptr_t>(start);
    if (length_bytes == 0) return FALSE;
    const std::uintptr_t last = first + (length_bytes - 1);
    if (last < first) return TRUE;
    // Two places at a time: the last one, and each page's first.
    for (std::uintptr_t at = first; at <= last && at >= first; at = (at & ~(page_bytes - 1)) + page_bytes) {
        if (pw_guarded_touch(reinterpret_cast<void*>(at), reinterpret_cast<void*>(last)) == 0) return TRUE;
    }
    return FALSE;
}

BOOL WINAPI IsBadStringPtrA(LPCSTR text, UINT_PTR maximum) { return cannot_read_string(text, maximum); }
BOOL WINAPI IsBadStringPtrW(LPCWSTR text, UINT_PTR maximum) { return cannot_read_string(text, maximum); }
// "Determines whether the calling process has read access to the memory at the specified address."
BOOL WINAPI IsBadCodePtr(FARPROC code) { return cannot_read(reinterpret_cast<const void*>(code), 1); }

// Rounded to the nearest, halves away from zero; -1 on overflow or a divisor of 0.
int WINAPI MulDiv(int number, int numerator, int denominator) {
    if (denominator == 0) return -1;
    const std::int64_t product = std::int64_t{number} * numerator;
    const std::int64_t divisor = denominator;
    const std::int64_t half = (divisor < 0 ? -divisor : divisor) / 2;
    const std::int64_t result = (product < 0 ? product - half : product + half) / divisor;
    return result > INT32_MAX || result < INT32_MIN ? -1 : static_cast<int>(result);
}

// "BackTraceHash: a value that can be used to organize hash tables": the sum of the addresses.
USHORT WINAPI RtlCaptureStackBackTrace(ULONG skip, ULONG capture, PVOID* addresses, PULONG hash) {
    constexpr ULONG most = 0xFFFE;  // our own frame is one more to skip
    const int count = pw::platform::capture_backtrace(const_cast<const void**>(addresses), static_cast<int>(std::min(capture, most)),
                                                      static_cast<int>(std::min(skip, most)) + 1);
    if (hash != nullptr) {
        ULONG sum = 0;
        for (int i = 0; i < count; ++i) sum += static_cast<ULONG>(reinterpret_cast<ULONG_PTR>(addresses[i]));
        *hash = sum;
    }
    return static_cast<USHORT>(count);
}
