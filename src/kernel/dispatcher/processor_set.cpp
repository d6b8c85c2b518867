// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/processor_set.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dpc_thread.h"
#include "kernel/dispatcher/thread.h"
#include "platform/futex.h"
#include "platform/processor_affinity.h"

namespace pw::ke {
namespace {

// Sections at DISPATCH_LEVEL are short: it is worth to look a few times before sleeping.
constexpr int spins_before_sleep = 64;

}  // namespace

ProcessorSet::ProcessorSet(Dispatcher& dispatcher, unsigned count)
    : dispatcher_(dispatcher),
      count_(count != 0 ? count : std::min(platform::online_processor_count(), max_count)),
      processors_(new Processor[count_]) {
    PW_CHECK(count_ <= max_count);
    for (unsigned i = 0; i < count_; ++i) processors_[i].number_ = i;
}

ProcessorSet::~ProcessorSet() = default;

void ProcessorSet::stop_workers() {
    DpcThreads threads[2];
    {
        MutexLock lock(dpc_threads_lock_);
        threads[0].swap(dpc_threads_);
        threads[1].swap(threaded_dpc_threads_);
    }
}

KAFFINITY ProcessorSet::active_mask() const {
    return count_ == max_count ? ~KAFFINITY{0} : (KAFFINITY{1} << count_) - 1;
}

Processor& ProcessorSet::assign() { return processors_[next_assigned_.fetch_add(1, std::memory_order_relaxed) % count_]; }

Processor* ProcessorSet::try_acquire_any(Processor& preferred, KAFFINITY affinity) {
    if (preferred.try_acquire()) return &preferred;
    for (unsigned i = 0; i < count_; ++i) {
        Processor& candidate = processors_[(preferred.number_ + 1 + i) % count_];
        if ((affinity >> candidate.number_ & 1) != 0 && candidate.try_acquire()) return &candidate;
    }
    return nullptr;
}

Processor& ProcessorSet::acquire(Processor& preferred, KAFFINITY affinity) {
    if (preferred.try_acquire()) [[likely]] return preferred;
    const bool picky = (~affinity & active_mask()) != 0;
    for (int spin = 0; spin < spins_before_sleep; ++spin) {
        if (Processor* processor = try_acquire_any(preferred, affinity)) return *processor;
        __builtin_ia32_pause();
    }
    for (;;) {
        // Counted before the last look: a releaser that does not see us counted has released before that look.
        waiters_.fetch_add(1, std::memory_order_seq_cst);
        if (picky) picky_waiters_.fetch_add(1, std::memory_order_seq_cst);
        const std::uint32_t seen = releases_.load(std::memory_order_seq_cst);
        Processor* processor = try_acquire_any(preferred, affinity);
        if (!processor) platform::futex_wait(&releases_, seen);
        if (picky) picky_waiters_.fetch_sub(1, std::memory_order_seq_cst);
        waiters_.fetch_sub(1, std::memory_order_seq_cst);
        if (processor) return *processor;
    }
}

Processor& ProcessorSet::take_for_interrupt(Processor& preferred, KAFFINITY affinity, bool* owned) {
    Processor* some = nullptr;
    for (unsigned i = 0; i < count_; ++i) {
        Processor& candidate = processors_[(preferred.number_ + i) % count_];
        if ((affinity >> candidate.number_ & 1) == 0) continue;
        if (!some) some = &candidate;
        *owned = candidate.try_acquire();
        if (*owned) return candidate;
    }
    PW_CHECK(some != nullptr);
    return *some;
}

void ProcessorSet::release_undrained(Processor& processor) {
    const std::uint32_t before = processor.state_.fetch_and(~Processor::held, std::memory_order_seq_cst);
    if ((before & Processor::dpcs_queued) != 0) wake_dpc_thread(processor);
    if (waiters_.load(std::memory_order_seq_cst) != 0) wake_waiter();
}

void ProcessorSet::wake_waiter() {
    releases_.fetch_add(1, std::memory_order_seq_cst);
    // A picky waiter may not be able to use this processor: then everyone looks.
    const bool everyone = picky_waiters_.load(std::memory_order_seq_cst) != 0;
    platform::futex_wake(&releases_, everyone ? platform::wake_all : 1);
}

void ProcessorSet::wake_thread(DpcThreads& threads, Processor& processor, bool threaded) {
    MutexLock lock(dpc_threads_lock_);
    std::unique_ptr<DpcThread>& thread = threads[processor.number_];
    if (!thread) thread = std::make_unique<DpcThread>(dispatcher_, processor, threaded);
    thread->wake();
}

void ProcessorSet::service(Processor& processor) {
    Thread* thread = Thread::current();
    if (thread && !thread->processor_ && thread->preferred_processor_ == &processor && &thread->dispatcher_ == &dispatcher_) {
        // If somebody else holds it by now, that holder finds the queue when it releases.
        if (!processor.try_acquire()) return;
        thread->processor_ = &processor;
        const KIRQL old_irql = std::exchange(thread->irql_, static_cast<KIRQL>(DISPATCH_LEVEL));
        release(*thread, processor);
        thread->processor_ = nullptr;
        thread->irql_ = old_irql;
        return;
    }
    wake_dpc_thread(processor);
}

void ProcessorSet::flush(Thread& thread) {
    // A DPC runs, and a timer expires, while its processor is held: having held each one once is enough.
    const KAFFINITY affinity = thread.affinity();
    Processor* preferred = thread.preferred_processor_;
    for (unsigned i = 0; i < count_; ++i) {
        if (processors_[i].is_idle()) continue;
        thread.set_affinity(KAFFINITY{1} << i);
        const KIRQL old_irql = thread.raise_irql(DISPATCH_LEVEL);
        thread.lower_irql(old_irql);
    }
    thread.set_affinity(affinity);
    thread.preferred_processor_ = preferred;
    for (unsigned i = 0; i < count_; ++i) {
        if (!DpcThread::is_current_threaded_worker(processors_[i])) flush_threaded(processors_[i]);
    }
}

}  // namespace pw::ke
