// SPDX-License-Identifier: Apache-2.0
// Façade: the calling thread's stack as return addresses.
#include <nt/rtl.h>

#include <algorithm>

#include "platform/backtrace.h"

using namespace pw;

namespace {

constexpr ULONG most_frames = 0xFFFF;
constexpr int deepest = 128;

}  // namespace

extern "C" {

// "BackTraceHash: a value that can be used to organise hash tables": the sum of the addresses.
USHORT NTAPI RtlCaptureStackBackTrace(ULONG skip, ULONG count, PVOID* back_trace, PULONG hash) {
    const auto capacity = static_cast<int>(std::min(count, most_frames));
    // From the caller of this routine.
    const int found = platform::capture_backtrace(const_cast<const void**>(back_trace), capacity,
                                                  static_cast<int>(std::min(skip, most_frames)) + 1);
    if (hash) {
        *hash = 0;
        for (int i = 0; i < found; ++i) *hash += static_cast<ULONG>(reinterpret_cast<ULONG_PTR>(back_trace[i]));
    }
    return static_cast<USHORT>(found);
}

// Flag 1 asks for the user's part of the stack, which the kernel's half of a thread does not hold: none.
ULONG NTAPI RtlWalkFrameChain(PVOID* callers, ULONG count, ULONG flags) {
    constexpr ULONG user_mode_only = 1;
    if (flags & user_mode_only) return 0;
    const int found = platform::capture_backtrace(const_cast<const void**>(callers), static_cast<int>(std::min<ULONG>(count, deepest)), 1);
    asm volatile("" ::: "memory");  // no tail call: this routine's frame is the one that is left out
    return static_cast<ULONG>(found);
}

}  // extern "C"
