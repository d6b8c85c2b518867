// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/extended_state.h"

#include <cpuid.h>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/thread.h"

namespace pw::ke {
namespace {

// XCR0: what the OS switches between threads. x87 and SSE are always there.
ULONG64 enabled_features() {
    unsigned a, b, c, d;
    constexpr unsigned osxsave = 1u << 27;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & osxsave) == 0) return 3;
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (ULONG64{high} << 32) | low;
}

void check_irql(const Thread& thread) {
    if (thread.irql() <= DISPATCH_LEVEL) [[likely]] return;
    bug_check(irql_not_less_or_equal, 0, thread.irql(), 0, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
}

}  // namespace

Status save_extended_state(ULONG64 mask, XSTATE_SAVE& save) {
    const Thread& thread = *Thread::current();
    check_irql(thread);
    if ((mask & ~enabled_features()) != 0) return STATUS_NOT_SUPPORTED;
    save.Reserved[0] = const_cast<Thread*>(&thread);
    save.Reserved[1] = reinterpret_cast<PVOID>(mask);
    return STATUS_SUCCESS;
}

void restore_extended_state(XSTATE_SAVE& save) {
    const Thread& thread = *Thread::current();
    check_irql(thread);
    if (save.Reserved[0] != &thread) {
        BugCheckContext context;
        context.detail = "KeRestoreExtendedProcessorState without a save of this thread";
        bug_check(invalid_floating_point_state, 0, reinterpret_cast<ULONG_PTR>(&save), reinterpret_cast<ULONG_PTR>(&thread), 0, &context);
    }
    save.Reserved[0] = nullptr;
}

}  // namespace pw::ke
