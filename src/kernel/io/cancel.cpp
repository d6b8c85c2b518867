// SPDX-License-Identifier: Apache-2.0
// Cancelling: one IRP, a file's, a thread's, a process's.
#include <chrono>
#include <vector>

#include "kernel/dispatcher/spin_lock.h"
#include "kernel/io/io_manager.h"
#include "kernel/io/irp_stop.h"
#include "kernel/io/pinned_request.h"
#include "platform/threads.h"

namespace pw::io {
namespace {

constexpr ULONG irql_unexpected_value = 0xC8;

// Drivers look at Irp->Cancel without the lock, as documented: nothing for ThreadSanitizer to report to them.
__attribute__((no_sanitize("thread"))) void mark_cancelled(PIRP irp) { __atomic_store_n(&irp->Cancel, TRUE, __ATOMIC_RELAXED); }

bool is_cancelled(PIRP irp) { return __atomic_load_n(&irp->Cancel, __ATOMIC_RELAXED) != FALSE; }

}  // namespace

void IoManager::acquire_cancel_lock(PKIRQL irql) { *irql = ke::acquire_spin_lock(cancel_lock_); }

void IoManager::release_cancel_lock(KIRQL irql) { ke::release_spin_lock(cancel_lock_, irql); }

bool IoManager::cancel_irp(PIRP irp) {
    KIRQL irql = PASSIVE_LEVEL;
    acquire_cancel_lock(&irql);
    mark_cancelled(irp);
    PDRIVER_CANCEL routine = __atomic_exchange_n(&irp->CancelRoutine, nullptr, __ATOMIC_SEQ_CST);
    if (request_observer_) [[unlikely]] request_observer_->cancelling(irp, routine);
    if (!routine) {
        release_cancel_lock(irql);
        return false;
    }
    // The routine releases the lock with the IRQL that it finds in the IRP.
    irp->CancelIrql = irql;
    routine(IoGetCurrentIrpStackLocation(irp)->DeviceObject, irp);
    // "The cancel routine must release the cancel spin lock": who forgets it would stop every driver that cancels.
    if (ke::owns_spin_lock(cancel_lock_) || ke::current_irql() != irql) [[unlikely]] {
        stop_for_irp(irp, {irql_unexpected_value,
                           {(ULONG_PTR{ke::current_irql()} << 16) | (ULONG_PTR{irql} << 8), reinterpret_cast<ULONG_PTR>(routine),
                            reinterpret_cast<ULONG_PTR>(irp)},
                           "the cancel routine returned without IoReleaseCancelSpinLock(Irp->CancelIrql)"},
                     request_observer_);
    }
    return true;
}

void IoManager::enlist(Request& request) {
    MutexLock lock(request.thread->irp_lock);
    InsertTailList(&request.thread->irp_list, &request.irp()->ThreadListEntry);
    request.is_listed = true;
}

void IoManager::unlist(Request& request) {
    MutexLock lock(request.thread->irp_lock);
    RemoveEntryList(&request.irp()->ThreadListEntry);
    InitializeListHead(&request.irp()->ThreadListEntry);
    request.is_listed = false;
}

void IoManager::delist(Request& request) {
    unlist(request);
    // No new pin from here on; those there are sit in a driver's cancel routine at most.
    while (request.cancel_pins.load(std::memory_order_acquire) != 0) platform::yield_thread();
}

void IoManager::withdraw(Request& request) {
    while (!request.thread->issued_request.try_withdraw(&request)) platform::yield_thread();
    request.is_in_slot = false;
}

void IoManager::cancel_if_terminating(Request& request) {
    if (request.thread->termination_requested()) [[unlikely]] cancel_irp(request.irp());
}

void IoManager::cancel_thread_requests(ps::Thread& thread) {
    for (const PinnedRequest& pinned : pin_requests(thread, [](Request& request) { return !is_cancelled(request.irp()); })) {
        cancel_irp(pinned.irp());
    }
}

Status IoManager::cancel_file_requests(ps::Process& process, FileObject& file, std::uint64_t status_block,
                                       ps::Thread* only_thread) {
    bool found = false;
    std::vector<Ref<ps::Thread>> threads;
    process.for_each_thread([&](ps::Thread& thread) {
        if (!only_thread || only_thread == &thread) threads.emplace_back(&thread);
    });
    for (const Ref<ps::Thread>& thread : threads) {
        const auto is_wanted = [&](Request& request) {
            return request.file.get() == &file && (status_block == 0 || request.user_status_block == status_block);
        };
        for (const PinnedRequest& pinned : pin_requests(*thread, is_wanted)) {
            found = true;
            cancel_irp(pinned.irp());
        }
    }
    return found ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

bool IoManager::wait_for_requests(ps::Process& process, std::uint64_t timeout_ns) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::nanoseconds(timeout_ns);
    while (const std::uint32_t pending = process.pending_request_count.load(std::memory_order_acquire)) {
        const auto left = deadline - std::chrono::steady_clock::now();
        if (left <= std::chrono::nanoseconds::zero()) return false;
        platform::wait_while_equal(process.pending_request_count, pending,
                                   std::chrono::nanoseconds(left).count());
    }
    return true;
}

}  // namespace pw::io
