// SPDX-License-Identifier: Apache-2.0
// Cancelling: one IRP, a file's, a thread's, a process's.
#include <chrono>
#include <vector>

#include "kernel/dispatcher/spin_lock.h"
#include "kernel/io/io_manager.h"
#include "kernel/io/irp_stop.h"
#include "platform/threads.h"

namespace pw::io {
namespace {

constexpr ULONG irql_unexpected_value = 0xC8;

}  // namespace

void IoManager::acquire_cancel_lock(PKIRQL irql) { *irql = ke::acquire_spin_lock(cancel_lock_); }

void IoManager::release_cancel_lock(KIRQL irql) { ke::release_spin_lock(cancel_lock_, irql); }

bool IoManager::cancel_irp(PIRP irp) {
    KIRQL irql = PASSIVE_LEVEL;
    acquire_cancel_lock(&irql);
    irp->Cancel = TRUE;
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

void IoManager::cancel_thread_requests(ps::Thread& thread) {
    // An IRP stays on its thread's list until its last stage, so it cannot be freed while we hold the list's lock; but a
    // cancel routine may complete it, and must be called without that lock: pin one request at a time by its state.
    while (true) {
        PIRP irp = nullptr;
        {
            MutexLock lock(thread.irp_lock);
            for (PLIST_ENTRY link = thread.irp_list.Flink; link != &thread.irp_list; link = link->Flink) {
                PIRP candidate = CONTAINING_RECORD(link, IRP, ThreadListEntry);
                if (candidate->Cancel) continue;
                candidate->Cancel = TRUE;
                Request::of(candidate)->cancel_pins.fetch_add(1, std::memory_order_relaxed);
                irp = candidate;
                break;
            }
        }
        if (!irp) return;
        cancel_irp(irp);
        Request::of(irp)->cancel_pins.fetch_sub(1, std::memory_order_release);
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
        std::vector<PIRP> pinned;
        {
            MutexLock lock(thread->irp_lock);
            for (PLIST_ENTRY link = thread->irp_list.Flink; link != &thread->irp_list; link = link->Flink) {
                PIRP irp = CONTAINING_RECORD(link, IRP, ThreadListEntry);
                Request* request = Request::of(irp);
                if (request->file.get() != &file) continue;
                if (status_block != 0 && request->user_status_block != status_block) continue;
                request->cancel_pins.fetch_add(1, std::memory_order_relaxed);
                pinned.push_back(irp);
            }
        }
        for (PIRP irp : pinned) {
            found = true;
            cancel_irp(irp);
            Request::of(irp)->cancel_pins.fetch_sub(1, std::memory_order_release);
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
