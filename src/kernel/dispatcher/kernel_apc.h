// SPDX-License-Identifier: Apache-2.0
// Kernel APCs: routines that a thread runs in its own context, at APC_LEVEL or (normal ones) at PASSIVE_LEVEL. Microsoft's
// pages "Types of APCs", "Disabling APCs" and "Waits and APCs" say what drivers see of them.
//
// A thread is not stopped in the middle of an instruction: it looks at the points where a driver can tell the difference,
// that is when the IRQL goes below APC_LEVEL, when the last critical or guarded region is left, when a mutex is released,
// before and during every wait, when it queues one to itself, and on the way into and out of a system call.
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {

class Thread;

// Fills in a KAPC, which is then in no queue. Without a normal routine it is a special kernel APC, whatever mode and context
// say. state_index: 0 for the thread's own process, 1 for the one that it is attached to. Any IRQL.
struct ApcRoutines {
    PKKERNEL_ROUTINE kernel;
    PKRUNDOWN_ROUTINE rundown;  // may be null
    PKNORMAL_ROUTINE normal;    // null: special
};
void initialize_apc(KAPC& apc, PKTHREAD thread, CCHAR state_index, const ApcRoutines& routines, KPROCESSOR_MODE mode,
                    PVOID context);

// Calls the kernel routine, on the thread's behalf at APC_LEVEL, and returns what it left of normal routine and arguments.
// `apc` may be gone afterwards. On the thread itself, below DISPATCH_LEVEL.
struct ApcCall {
    PKNORMAL_ROUTINE normal;
    PVOID context;
    PVOID argument1;
    PVOID argument2;
};
[[nodiscard]] ApcCall run_kernel_routine(Thread& thread, KAPC& apc);

}  // namespace pw::ke
