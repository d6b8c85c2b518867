// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/dpc.h"

#include <atomic>
#include <utility>

#include "base/check.h"
#include "base/trace_ring.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dpc_thread.h"
#include "platform/futex.h"

namespace pw::ke {
namespace {

// KDPC.Type of the two kinds. KDPC.Number is the target processor with this bit set, or 0.
constexpr UCHAR dpc_type = 19;
constexpr UCHAR threaded_dpc_type = 24;
constexpr USHORT targeted = 0x8000;

// KDPC.DpcData: the Processor whose queue holds the DPC; null while it is not queued. Changed under that queue's lock.
std::atomic_ref<void*> owner_of(KDPC& dpc) { return std::atomic_ref<void*>(dpc.DpcData); }

KDPC* dpc_of(SINGLE_LIST_ENTRY* entry) { return CONTAINING_RECORD(entry, KDPC, DpcListEntry); }

void initialize(KDPC& dpc, UCHAR type, PKDEFERRED_ROUTINE routine, void* context) {
    dpc.TargetInfoAsUlong = 0;
    dpc.Type = type;
    dpc.Importance = MediumImportance;
    dpc.DpcListEntry.Next = nullptr;
    dpc.ProcessorHistory = 0;
    dpc.DeferredRoutine = routine;
    dpc.DeferredContext = context;
    dpc.SystemArgument1 = nullptr;
    dpc.SystemArgument2 = nullptr;
    owner_of(dpc).store(nullptr, std::memory_order_relaxed);
}

void unlink(SINGLE_LIST_ENTRY*& head, SINGLE_LIST_ENTRY*& tail, SINGLE_LIST_ENTRY& wanted) {
    SINGLE_LIST_ENTRY* previous = nullptr;
    for (SINGLE_LIST_ENTRY* entry = head; entry; previous = entry, entry = entry->Next) {
        if (entry != &wanted) continue;
        (previous ? previous->Next : head) = entry->Next;
        if (tail == entry) tail = previous;
        return;
    }
}

// What a queued DPC calls.
struct DpcCall {
    explicit DpcCall(KDPC& taken)
        : dpc(&taken),
          routine(taken.DeferredRoutine),
          context(taken.DeferredContext),
          argument1(taken.SystemArgument1),
          argument2(taken.SystemArgument2) {
        // From here on the DPC can be queued again, by its own routine, too; the routine may also free it.
        owner_of(taken).store(nullptr, std::memory_order_release);
    }
    // Bug check when the routine does not come back at the IRQL that it was called at.
    void run(const Thread& thread) const {
        const KIRQL irql = thread.irql();
        routine(dpc, context, argument1, argument2);
        if (thread.irql() != irql) [[unlikely]] {
            bug_check(irql_unexpected_value, (ULONG_PTR{thread.irql()} << 16) | (ULONG_PTR{irql} << 8),
                      reinterpret_cast<ULONG_PTR>(routine), 0, 0);
        }
    }

    KDPC* dpc;
    PKDEFERRED_ROUTINE routine;
    void* context;
    void* argument1;
    void* argument2;
};

}  // namespace

void initialize_dpc(KDPC& dpc, PKDEFERRED_ROUTINE routine, void* context) { initialize(dpc, dpc_type, routine, context); }

void initialize_threaded_dpc(KDPC& dpc, PKDEFERRED_ROUTINE routine, void* context) {
    initialize(dpc, threaded_dpc_type, routine, context);
}

void set_dpc_importance(KDPC& dpc, KDPC_IMPORTANCE importance) { dpc.Importance = static_cast<UCHAR>(importance); }

void set_dpc_target(KDPC& dpc, ULONG number) { dpc.Number = static_cast<USHORT>(targeted | number); }

bool insert_dpc(KDPC& dpc, void* argument1, void* argument2) {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    ProcessorSet& processors = thread->dispatcher().processors();
    Processor* target = processors.target_of(dpc);
    bool needs_service = false;
    bool queued;
    if (!target && !thread->processor()) {
        // NT requests a software interrupt, which is taken before the call returns.
        const KIRQL old_irql = thread->raise_irql(DISPATCH_LEVEL);
        queued = processors.queue(*thread->processor(), dpc, argument1, argument2, &needs_service);
        thread->lower_irql(old_irql);
        return queued;
    }
    if (!target) target = thread->processor();
    queued = processors.queue(*target, dpc, argument1, argument2, &needs_service);
    if (needs_service) processors.service(*target);
    return queued;
}

bool remove_dpc(KDPC& dpc) { return ProcessorSet::remove(dpc); }

void flush_dpcs() {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    if (thread->irql() >= DISPATCH_LEVEL) {
        bug_check(irql_not_less_or_equal, 0, thread->irql(), 0, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
    }
    thread->dispatcher().processors().flush(*thread);
}

bool Processor::try_acquire_with_work() {
    std::uint32_t state = dpcs_queued;
    return state_.compare_exchange_strong(state, held | dpcs_queued, std::memory_order_seq_cst);
}

Processor* ProcessorSet::target_of(const KDPC& dpc) {
    const USHORT number = dpc.Number;
    if ((number & targeted) == 0) return nullptr;
    const unsigned index = number & static_cast<USHORT>(~targeted);
    return index < count_ ? &processors_[index] : nullptr;
}

bool ProcessorSet::queue(Processor& processor, KDPC& dpc, void* argument1, void* argument2, bool* needs_service) {
    MutexLock lock(processor.queue_lock_);
    void* none = nullptr;
    if (!owner_of(dpc).compare_exchange_strong(none, &processor, std::memory_order_acq_rel)) return false;
    dpc.SystemArgument1 = argument1;
    dpc.SystemArgument2 = argument2;
    SINGLE_LIST_ENTRY* entry = &dpc.DpcListEntry;
    if (dpc.Type == threaded_dpc_type) {
        entry->Next = nullptr;
        (processor.threaded_tail_ ? processor.threaded_tail_->Next : processor.threaded_head_) = entry;
        processor.threaded_tail_ = entry;
        ++processor.threaded_queued_;
        wake_thread(threaded_dpc_threads_, processor, true);
        return true;
    }
    if (!processor.queue_head_) {
        entry->Next = nullptr;
        processor.queue_head_ = processor.queue_tail_ = entry;
    } else if (dpc.Importance == HighImportance) {
        entry->Next = processor.queue_head_;
        processor.queue_head_ = entry;
    } else {
        entry->Next = nullptr;
        processor.queue_tail_->Next = entry;
        processor.queue_tail_ = entry;
    }
    const std::uint32_t before = processor.state_.fetch_or(Processor::dpcs_queued, std::memory_order_seq_cst);
    if ((before & Processor::held) == 0) *needs_service = true;
    return true;
}

bool ProcessorSet::remove(KDPC& dpc) {
    for (;;) {
        auto* processor = static_cast<Processor*>(owner_of(dpc).load(std::memory_order_acquire));
        if (!processor) return false;
        MutexLock lock(processor->queue_lock_);
        if (owner_of(dpc).load(std::memory_order_relaxed) != processor) continue;
        if (dpc.Type == threaded_dpc_type) {
            unlink(processor->threaded_head_, processor->threaded_tail_, dpc.DpcListEntry);
            finish_threaded_locked(*processor);
        } else {
            unlink(processor->queue_head_, processor->queue_tail_, dpc.DpcListEntry);
            if (!processor->queue_head_) processor->state_.fetch_and(~Processor::dpcs_queued, std::memory_order_seq_cst);
        }
        owner_of(dpc).store(nullptr, std::memory_order_release);
        return true;
    }
}

void ProcessorSet::run_queue(Thread& thread, Processor& processor) {
    for (;;) {
        processor.queue_lock_.lock();
        SINGLE_LIST_ENTRY* entry = processor.queue_head_;
        if (!entry) {
            processor.queue_lock_.unlock();
            return;
        }
        processor.queue_head_ = entry->Next;
        if (!processor.queue_head_) {
            processor.queue_tail_ = nullptr;
            processor.state_.fetch_and(~Processor::dpcs_queued, std::memory_order_seq_cst);
        }
        const DpcCall call(*dpc_of(entry));
        processor.queue_lock_.unlock();
        trace("dpc", reinterpret_cast<std::uintptr_t>(call.dpc), reinterpret_cast<std::uintptr_t>(call.routine), processor.number_);
        call.run(thread);
    }
}

void ProcessorSet::finish_threaded_locked(Processor& processor) {
    ++processor.threaded_done_;
    processor.threaded_progress_.fetch_add(1, std::memory_order_release);
    platform::futex_wake(&processor.threaded_progress_, platform::wake_all);
}

void ProcessorSet::run_threaded(Thread& thread, Processor& processor) {
    for (;;) {
        processor.queue_lock_.lock();
        SINGLE_LIST_ENTRY* entry = processor.threaded_head_;
        if (!entry) {
            processor.queue_lock_.unlock();
            return;
        }
        processor.threaded_head_ = entry->Next;
        if (!processor.threaded_head_) processor.threaded_tail_ = nullptr;
        const DpcCall call(*dpc_of(entry));
        processor.queue_lock_.unlock();
        trace("threaded dpc", reinterpret_cast<std::uintptr_t>(call.dpc), reinterpret_cast<std::uintptr_t>(call.routine),
              processor.number_);
        call.run(thread);
        MutexLock lock(processor.queue_lock_);
        finish_threaded_locked(processor);
    }
}

void ProcessorSet::flush_threaded(Processor& processor) {
    std::uint64_t wanted;
    {
        MutexLock lock(processor.queue_lock_);
        wanted = processor.threaded_queued_;
    }
    for (;;) {
        const std::uint32_t seen = processor.threaded_progress_.load(std::memory_order_acquire);
        {
            MutexLock lock(processor.queue_lock_);
            if (processor.threaded_done_ >= wanted) return;
        }
        platform::futex_wait(&processor.threaded_progress_, seen);
    }
}

void ProcessorSet::drain_and_release(Thread& thread, Processor& processor) {
    thread.irql_ = DISPATCH_LEVEL;
    do {
        processor.in_dpc_ = true;
        run_queue(thread, processor);
        processor.in_dpc_ = false;
    } while (!processor.try_release());
}

}  // namespace pw::ke
