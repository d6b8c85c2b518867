// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/kernel_apc.h"

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dispatcher_internal.h"

namespace pw::ke {
namespace {

// KAPC.Type; the number means nothing outside of the kernel.
constexpr UCHAR apc_object = 18;

KAPC& apc_of(LIST_ENTRY* entry) { return *CONTAINING_RECORD(entry, KAPC, ApcListEntry); }

bool is_special(const KAPC& apc) { return apc.NormalRoutine == nullptr; }

// Documented: IRQL_UNEXPECTED_VALUE for an APC routine that returns at another IRQL than it was called at.
void check_return_irql(const Thread& thread, KIRQL expected, const void* routine) {
    if (thread.irql() == expected) [[likely]] return;
    bug_check(irql_unexpected_value, static_cast<ULONG_PTR>(thread.irql()) << 16 | static_cast<ULONG_PTR>(expected) << 8,
              reinterpret_cast<ULONG_PTR>(routine), 0, 0);
}

}  // namespace

void initialize_apc(KAPC& apc, PKTHREAD thread, CCHAR state_index, const ApcRoutines& routines, KPROCESSOR_MODE mode,
                    PVOID context) {
    apc = {};
    apc.Type = apc_object;
    apc.Size = sizeof apc;
    apc.Thread = thread;
    apc.KernelRoutine = routines.kernel;
    apc.RundownRoutine = routines.rundown;
    apc.NormalRoutine = routines.normal;
    apc.ApcStateIndex = state_index;
    apc.ApcMode = routines.normal ? mode : static_cast<KPROCESSOR_MODE>(KernelMode);
    apc.NormalContext = routines.normal ? context : nullptr;
}

ApcCall run_kernel_routine(Thread& thread, KAPC& apc) {
    ApcCall call{apc.NormalRoutine, apc.NormalContext, apc.SystemArgument1, apc.SystemArgument2};
    const PKKERNEL_ROUTINE routine = apc.KernelRoutine;
    const KIRQL old_irql = thread.raise_irql(APC_LEVEL);
    routine(&apc, &call.normal, &call.context, &call.argument1, &call.argument2);
    check_return_irql(thread, APC_LEVEL, reinterpret_cast<const void*>(routine));
    thread.pretend_irql(old_irql);  // without a look for further APCs: the caller does it in its turn
    return call;
}

KAPC* Dispatcher::next_kernel_apc_locked(Thread& thread) {
    if (!thread.kernel_apc_pending_.load(std::memory_order_relaxed)) [[likely]] return nullptr;
    if (thread.irql_ >= APC_LEVEL || thread.processor_ || thread.special_apc_disable_ != 0) return nullptr;
    const bool takes_normal = thread.kernel_apc_disable_ == 0 && !thread.normal_apc_in_progress_;
    for (LIST_ENTRY* entry = thread.kernel_apcs_.Flink; entry != &thread.kernel_apcs_; entry = entry->Flink) {
        KAPC& apc = apc_of(entry);
        if (!is_special(apc) && !takes_normal) return nullptr;
        if (apc.ApcStateIndex == thread.apc_state_index()) return &apc;
    }
    return nullptr;
}

bool Dispatcher::insert_kernel_apc(KAPC& apc, Thread& thread, PVOID argument1, PVOID argument2) {
    Thread::before_release();
    WakeList wakes;
    {
        MutexLock lock(lock_);
        if (apc.Inserted || thread.kernel_apcs_closed_) return false;
        LIST_ENTRY* before = &thread.kernel_apcs_;
        if (is_special(apc)) {
            // Behind the special ones that are there, ahead of all normal ones.
            before = thread.kernel_apcs_.Flink;
            while (before != &thread.kernel_apcs_ && is_special(apc_of(before))) before = before->Flink;
        }
        InsertTailList(before, &apc.ApcListEntry);
        apc.SystemArgument1 = argument1;
        apc.SystemArgument2 = argument2;
        apc.Inserted = TRUE;
        thread.kernel_apc_pending_.store(true, std::memory_order_release);
        // Of a thread that waits all this may be looked at: it changes nothing before it has our lock or our wake.
        if (thread.waiter_.queued && next_kernel_apc_locked(thread)) end_wait_locked(thread.waiter_, STATUS_KERNEL_APC, wakes);
    }
    wakes.wake_all();
    if (&thread == Thread::current()) {
        thread.deliver_kernel_apcs();
    } else {
        thread.ring_apc_doorbell();
    }
    return true;
}

bool Dispatcher::remove_kernel_apc(KAPC& apc, Thread& thread) {
    MutexLock lock(lock_);
    if (!apc.Inserted) return false;
    RemoveEntryList(&apc.ApcListEntry);
    apc.Inserted = FALSE;
    if (IsListEmpty(&thread.kernel_apcs_)) thread.kernel_apc_pending_.store(false, std::memory_order_relaxed);
    return true;
}

KAPC* Dispatcher::take_kernel_apc(Thread& thread) {
    MutexLock lock(lock_);
    KAPC* const apc = next_kernel_apc_locked(thread);
    if (!apc) return nullptr;
    RemoveEntryList(&apc->ApcListEntry);
    apc->Inserted = FALSE;
    if (IsListEmpty(&thread.kernel_apcs_)) thread.kernel_apc_pending_.store(false, std::memory_order_relaxed);
    return apc;
}

KAPC* Dispatcher::close_kernel_apcs(Thread& thread) {
    MutexLock lock(lock_);
    thread.kernel_apcs_closed_ = true;
    thread.kernel_apc_pending_.store(false, std::memory_order_relaxed);
    if (IsListEmpty(&thread.kernel_apcs_)) return nullptr;
    KAPC& apc = apc_of(RemoveHeadList(&thread.kernel_apcs_));
    apc.Inserted = FALSE;
    return &apc;
}

void Thread::deliver_kernel_apcs() {
    while (KAPC* apc = dispatcher_.take_kernel_apc(*this)) {
        if (is_special(*apc)) {
            static_cast<void>(run_kernel_routine(*this, *apc));
            continue;
        }
        normal_apc_in_progress_ = true;
        const ApcCall call = run_kernel_routine(*this, *apc);
        // A kernel routine may take the normal routine back.
        if (call.normal) {
            call.normal(call.context, call.argument1, call.argument2);
            check_return_irql(*this, PASSIVE_LEVEL, reinterpret_cast<const void*>(call.normal));
        }
        normal_apc_in_progress_ = false;
    }
}

void Thread::set_apc_doorbell(void (*ring)(void*), void* context) {
    MutexLock lock(doorbell_lock_);
    ring_doorbell_ = ring;
    doorbell_context_ = context;
}

void Thread::ring_apc_doorbell() {
    MutexLock lock(doorbell_lock_);
    if (ring_doorbell_) ring_doorbell_(doorbell_context_);
}

}  // namespace pw::ke
