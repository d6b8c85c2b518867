// SPDX-License-Identifier: Apache-2.0
// The core of the dispatcher: who waits on what, and when a wait is satisfied.
#include "kernel/dispatcher/dispatcher.h"

#include <limits>
#include <utility>

#include "kernel/dispatcher/dispatcher_internal.h"

namespace pw::ke {
namespace {

Waiter& waiter_of(const KWAIT_BLOCK& block) { return *reinterpret_cast<Waiter*>(block.Thread); }

bool is_signalled_for(const DISPATCHER_HEADER& object, const Thread* thread) {
    if (load_state(object) > 0) return true;
    if (kind_of(object) != ObjectKind::mutant || !thread) return false;
    return owner_of(mutant_of(const_cast<DISPATCHER_HEADER&>(object))) == thread;
}

// Takes a signalled object. True when it is a mutant that was abandoned.
bool take(DISPATCHER_HEADER& object, Thread* thread, LIST_ENTRY* mutants, std::int32_t* apc_disable) {
    switch (kind_of(object)) {
        case ObjectKind::synchronization_event:
        case ObjectKind::synchronization_timer:
            store_state(object, 0);
            return false;
        case ObjectKind::semaphore:
            store_state(object, load_state(object) - 1);
            return false;
        case ObjectKind::mutant: {
            KMUTANT& mutant = mutant_of(object);
            const LONG state = load_state(object) - 1;
            store_state(object, state);
            if (state != 0) return false;
            mutant.OwnerThread = thread->nt_body();
            *apc_disable += mutant.ApcDisable;
            InsertTailList(mutants, &mutant.MutantListEntry);
            return std::exchange(mutant.Abandoned, BOOLEAN{FALSE}) != FALSE;
        }
        default:
            return false;
    }
}

}  // namespace

Dispatcher::Dispatcher(DispatcherConfig config)
    : processors_(*this, config.processor_count),
      timers_(*this, TimerQueue::Clock::interrupt),
      absolute_timers_(*this, TimerQueue::Clock::system),
      processor_calls_(*this),
      numbered_locks_(processors_.count()),
      interrupts_(processors_.active_mask()) {}

Dispatcher::~Dispatcher() = default;

NTSTATUS Dispatcher::try_satisfy_locked(Thread* thread, ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type) {
    LIST_ENTRY* mutants = thread ? &thread->owned_mutants_ : nullptr;
    std::int32_t* apc_disable = thread ? &thread->kernel_apc_disable_ : nullptr;
    for (ULONG i = 0; i < count; ++i) {
        const bool signalled = is_signalled_for(*objects[i], thread);
        if (signalled && kind_of(*objects[i]) == ObjectKind::mutant) [[unlikely]] {
            PW_CHECK(thread != nullptr);
            if (load_state(*objects[i]) == std::numeric_limits<LONG>::min()) return STATUS_MUTANT_LIMIT_EXCEEDED;
        }
        if (type == WaitAny) {
            if (!signalled) continue;
            const bool abandoned = take(*objects[i], thread, mutants, apc_disable);
            return (abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0) + static_cast<NTSTATUS>(i);
        }
        if (!signalled) return STATUS_PENDING;
    }
    if (type == WaitAny || count == 0) return STATUS_PENDING;
    bool abandoned = false;
    for (ULONG i = 0; i < count; ++i) abandoned |= take(*objects[i], thread, mutants, apc_disable);
    return abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0;
}

void Dispatcher::enqueue_locked(Waiter& waiter, DISPATCHER_HEADER* const* objects) {
    for (ULONG i = 0; i < waiter.count; ++i) {
        KWAIT_BLOCK& block = waiter.blocks[i];
        block.WaitType = static_cast<UCHAR>(waiter.type);
        block.BlockState = 0;
        block.WaitKey = static_cast<USHORT>(i);
        block.SpareLong = 0;
        block.Thread = reinterpret_cast<PKTHREAD>(&waiter);
        block.Object = objects[i];
        block.SparePtr = nullptr;
        InsertTailList(&objects[i]->WaitListHead, &block.WaitListEntry);
    }
    waiter.queued = true;
}

void Dispatcher::dequeue_locked(Waiter& waiter) {
    for (ULONG i = 0; i < waiter.count; ++i) RemoveEntryList(&waiter.blocks[i].WaitListEntry);
    waiter.queued = false;
}

void Dispatcher::end_wait_locked(Waiter& waiter, NTSTATUS status, WakeList& wakes) {
    dequeue_locked(waiter);
    waiter.status = status;
    if (waiter.observer) {
        waiter.observer->satisfied_locked(status);
    } else {
        wakes.add(waiter);
    }
}

void Dispatcher::test_waiters_locked(DISPATCHER_HEADER& object, WakeList& wakes) {
    LIST_ENTRY* const head = &object.WaitListHead;
    LIST_ENTRY* entry = head->Flink;
    while (entry != head && load_state(object) > 0) {
        KWAIT_BLOCK& block = *CONTAINING_RECORD(entry, KWAIT_BLOCK, WaitListEntry);
        Waiter& waiter = waiter_of(block);
        // The blocks of one waiter on one object stand together: they leave together.
        do entry = entry->Flink;
        while (entry != head && &waiter_of(*CONTAINING_RECORD(entry, KWAIT_BLOCK, WaitListEntry)) == &waiter);

        NTSTATUS status;
        if (waiter.type == WaitAny) {
            auto* const single = &object;
            status = try_satisfy_locked(waiter.thread, 1, &single, WaitAny);
            if (NT_SUCCESS(status) && status != STATUS_PENDING) status += block.WaitKey;
        } else {
            DISPATCHER_HEADER* objects[MAXIMUM_WAIT_OBJECTS];
            for (ULONG i = 0; i < waiter.count; ++i) objects[i] = static_cast<DISPATCHER_HEADER*>(waiter.blocks[i].Object);
            status = try_satisfy_locked(waiter.thread, waiter.count, objects, WaitAll);
        }
        if (status != STATUS_PENDING) end_wait_locked(waiter, status, wakes);
    }
}

// --- What ends waits from outside ---

NTSTATUS Dispatcher::interruption_locked(Thread& thread, KPROCESSOR_MODE mode, bool alertable) {
    if (alertable && std::exchange(thread.alerted_[static_cast<int>(mode)], false)) return STATUS_ALERTED;
    if (mode == UserMode) {
        if (thread.termination_requested() || (alertable && thread.user_apc_pending_)) {
            thread.user_apc_due_.store(true, std::memory_order_relaxed);
            return STATUS_USER_APC;
        }
        if (alertable && std::exchange(thread.alerted_[KernelMode], false)) return STATUS_ALERTED;
    }
    return STATUS_PENDING;
}

void Dispatcher::interrupt_locked(Thread& thread, WakeList& wakes) {
    Waiter& waiter = thread.waiter_;
    if (!waiter.queued) return;
    const NTSTATUS status = interruption_locked(thread, waiter.mode, waiter.alertable);
    if (status != STATUS_PENDING) end_wait_locked(waiter, status, wakes);
}

bool Dispatcher::is_waiting(const Thread& thread) {
    MutexLock lock(lock_);
    return thread.waiter_.queued;
}

void Dispatcher::interrupt_wait(Thread& thread) {
    WakeList wakes;
    {
        MutexLock lock(lock_);
        interrupt_locked(thread, wakes);
    }
    wakes.wake_all();
}

bool Dispatcher::alert_thread(Thread& thread, KPROCESSOR_MODE mode) {
    WakeList wakes;
    bool before;
    {
        MutexLock lock(lock_);
        before = std::exchange(thread.alerted_[static_cast<int>(mode)], true);
        interrupt_locked(thread, wakes);
    }
    wakes.wake_all();
    return before;
}

bool Dispatcher::test_alert(Thread& thread, KPROCESSOR_MODE mode) {
    MutexLock lock(lock_);
    return std::exchange(thread.alerted_[static_cast<int>(mode)], false);
}

void Dispatcher::set_user_apc_pending(Thread& thread, bool pending) {
    WakeList wakes;
    {
        MutexLock lock(lock_);
        thread.user_apc_pending_ = pending;
        if (pending) interrupt_locked(thread, wakes);
    }
    wakes.wake_all();
}

}  // namespace pw::ke
