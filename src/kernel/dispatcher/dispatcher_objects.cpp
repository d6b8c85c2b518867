// SPDX-License-Identifier: Apache-2.0
// Events, semaphores, mutants.
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dispatcher_internal.h"

namespace pw::ke {

void Dispatcher::initialize_notification_header(DISPATCHER_HEADER& header, ObjectKind kind) {
    initialize_header(header, kind, sizeof(DISPATCHER_HEADER), 0);
}

void Dispatcher::signal_notification(DISPATCHER_HEADER& header) {
    WakeList wakes;
    {
        MutexLock lock(lock_);
        store_state(header, 1);
        test_waiters_locked(header, wakes);
    }
    wakes.wake_all();
}

// --- Events ---

void Dispatcher::initialize_event(KEVENT& event, EVENT_TYPE type, bool signalled) {
    initialize_header(event.Header, static_cast<ObjectKind>(type), sizeof event, signalled ? 1 : 0);
}

LONG Dispatcher::set_event(KEVENT& event) {
    Thread::before_release();
    DISPATCHER_HEADER& header = event.Header;
    check_object(header);
    lock_.lock();
    const LONG before = load_state(header);
    store_state(header, 1);
    if (IsListEmpty(&header.WaitListHead)) [[likely]] {
        lock_.unlock();
        return before;
    }
    WakeList wakes;
    if (before == 0) test_waiters_locked(header, wakes);
    lock_.unlock();
    wakes.wake_all();
    return before;
}

LONG Dispatcher::reset_event(KEVENT& event) {
    check_object(event.Header);
    MutexLock lock(lock_);
    const LONG before = load_state(event.Header);
    store_state(event.Header, 0);
    return before;
}

void Dispatcher::clear_event(KEVENT& event) { reset_event(event); }

LONG Dispatcher::pulse_event(KEVENT& event) {
    Thread::before_release();
    check_object(event.Header);
    WakeList wakes;
    LONG before;
    {
        MutexLock lock(lock_);
        before = load_state(event.Header);
        store_state(event.Header, 1);
        test_waiters_locked(event.Header, wakes);
        store_state(event.Header, 0);
    }
    wakes.wake_all();
    return before;
}

LONG Dispatcher::read_state(const DISPATCHER_HEADER& header) { return state_of(header).load(std::memory_order_acquire); }

// --- Semaphores ---

void Dispatcher::initialize_semaphore(KSEMAPHORE& semaphore, LONG count, LONG limit) {
    initialize_header(semaphore.Header, ObjectKind::semaphore, sizeof semaphore, count);
    semaphore.Limit = limit;
}

Status Dispatcher::release_semaphore(KSEMAPHORE& semaphore, LONG adjustment, LONG* previous_count) {
    Thread::before_release();
    check_object(semaphore.Header);
    WakeList wakes;
    {
        MutexLock lock(lock_);
        const LONG before = load_state(semaphore.Header);
        if (previous_count) *previous_count = before;
        if (adjustment <= 0 || adjustment > semaphore.Limit - before) return STATUS_SEMAPHORE_LIMIT_EXCEEDED;
        store_state(semaphore.Header, before + adjustment);
        test_waiters_locked(semaphore.Header, wakes);
    }
    wakes.wake_all();
    return STATUS_SUCCESS;
}

// --- Mutants ---

void Dispatcher::initialize_mutex(KMUTANT& mutex) {
    initialize_header(mutex.Header, ObjectKind::mutant, sizeof mutex, 1);
    mutex.MutantListEntry.Flink = mutex.MutantListEntry.Blink = nullptr;
    mutex.OwnerThread = nullptr;
    mutex.Abandoned = FALSE;
    mutex.ApcDisable = 1;
}

void Dispatcher::initialize_mutant(KMUTANT& mutant, Thread* initial_owner) {
    initialize_mutex(mutant);
    mutant.ApcDisable = 0;
    if (!initial_owner) return;
    MutexLock lock(lock_);
    store_state(mutant.Header, 0);
    mutant.OwnerThread = initial_owner->nt_body();
    InsertTailList(&initial_owner->owned_mutants_, &mutant.MutantListEntry);
}

void Dispatcher::free_mutant_locked(KMUTANT& mutant, WakeList& wakes) {
    // Another thread's count is not ours to write, not even with the value that it has: that of a mutex only, by its owner.
    if (mutant.ApcDisable != 0) owner_of(mutant)->kernel_apc_disable_ -= mutant.ApcDisable;
    RemoveEntryList(&mutant.MutantListEntry);
    mutant.OwnerThread = nullptr;
    store_state(mutant.Header, 1);
    test_waiters_locked(mutant.Header, wakes);
}

Status Dispatcher::release_mutant(KMUTANT& mutant, Thread& thread, LONG* previous_state) {
    Thread::before_release();
    check_object(mutant.Header);
    WakeList wakes;
    {
        MutexLock lock(lock_);
        const LONG before = load_state(mutant.Header);
        if (previous_state) *previous_state = before;
        if (owner_of(mutant) != &thread) return mutant.Abandoned ? STATUS_ABANDONED : STATUS_MUTANT_NOT_OWNED;
        if (before < 0) {
            store_state(mutant.Header, before + 1);
        } else {
            free_mutant_locked(mutant, wakes);
        }
    }
    wakes.wake_all();
    // Owning a mutex kept normal kernel APCs back.
    if (&thread == Thread::current()) thread.look_for_kernel_apcs();
    return STATUS_SUCCESS;
}

void Dispatcher::abandon_mutants(Thread& thread) {
    WakeList wakes;
    KMUTANT* held_mutex = nullptr;
    {
        MutexLock lock(lock_);
        while (!IsListEmpty(&thread.owned_mutants_)) {
            KMUTANT& mutant = *CONTAINING_RECORD(thread.owned_mutants_.Flink, KMUTANT, MutantListEntry);
            if (mutant.ApcDisable != 0) {
                held_mutex = &mutant;
                break;
            }
            mutant.Abandoned = TRUE;
            free_mutant_locked(mutant, wakes);
        }
    }
    if (held_mutex) {
        bug_check(thread_terminate_held_mutex, reinterpret_cast<ULONG_PTR>(&thread), reinterpret_cast<ULONG_PTR>(held_mutex), 0, 0);
    }
    wakes.wake_all();
}

LONG Dispatcher::abandon_mutant(KMUTANT& mutant) {
    check_object(mutant.Header);
    WakeList wakes;
    LONG before;
    {
        MutexLock lock(lock_);
        before = load_state(mutant.Header);
        if (!mutant.OwnerThread) return before;
        mutant.Abandoned = TRUE;
        free_mutant_locked(mutant, wakes);
    }
    wakes.wake_all();
    return before;
}

Thread* Dispatcher::mutant_owner(KMUTANT& mutant) {
    MutexLock lock(lock_);
    return owner_of(mutant);
}

void Dispatcher::forget_mutant(KMUTANT& mutant) {
    MutexLock lock(lock_);
    if (!mutant.OwnerThread) return;
    // Another thread's count is not ours to write, not even with the value that it has: that of a mutex only, by its owner.
    if (mutant.ApcDisable != 0) owner_of(mutant)->kernel_apc_disable_ -= mutant.ApcDisable;
    RemoveEntryList(&mutant.MutantListEntry);
    mutant.OwnerThread = nullptr;
    store_state(mutant.Header, 1);
}

}  // namespace pw::ke
