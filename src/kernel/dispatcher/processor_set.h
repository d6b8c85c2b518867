// SPDX-License-Identifier: Apache-2.0
// ProcessorSet: the virtual processors of one kernel, how threads get one, and the threads that serve their DPC queues.
#pragma once

#include <nt/ke_types.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "base/lock.h"
#include "kernel/dispatcher/processor.h"

namespace pw::ke {

class Dispatcher;
class Thread;

// Makes the dispatcher's own OS threads (timer, DPC) into kernel threads of the composition root's kind.
class WorkerHost {
public:
    // On the new OS thread. The dispatcher binds what is returned; null: it makes a plain ke::Thread.
    [[nodiscard]] virtual Thread* attach_worker(Dispatcher& dispatcher) = 0;
    // On the same OS thread, at its end.
    virtual void detach_worker(Thread& thread) = 0;

protected:
    ~WorkerHost() = default;
};

class ProcessorSet {
public:
    static constexpr unsigned max_count = MAXIMUM_PROCESSORS;

    ProcessorSet(Dispatcher& dispatcher, unsigned count);
    ~ProcessorSet();
    // Ends the DPC threads; a DPC that is queued to an idle processor stays there.
    void stop_workers();

    [[nodiscard]] unsigned count() const { return count_; }
    [[nodiscard]] KAFFINITY active_mask() const;
    [[nodiscard]] Processor& at(unsigned number) { return processors_[number]; }
    void set_worker_host(WorkerHost* host) { worker_host_ = host; }
    [[nodiscard]] WorkerHost* worker_host() const { return worker_host_; }

    // Where a thread that never ran starts: processors in turn.
    [[nodiscard]] Processor& assign();

    // Waits for a processor of the affinity mask, the preferred one (which is in the mask) first.
    Processor& acquire(Processor& preferred, KAFFINITY affinity);
    // Releases the processor that the thread holds after its queued DPCs have run, at DISPATCH_LEVEL.
    void release(Thread& thread, Processor& processor) {
        if (!processor.try_release()) [[unlikely]] drain_and_release(thread, processor);
        if (waiters_.load(std::memory_order_seq_cst) != 0) [[unlikely]] wake_waiter();
    }

    // A processor of `affinity`, the preferred one first: a free one, which is held then (*owned), else any.
    Processor& take_for_interrupt(Processor& preferred, KAFFINITY affinity, bool* owned);
    // Releases a processor at once; what is queued to it runs on its DPC thread.
    void release_undrained(Processor& processor);

    // Puts a DPC into the processor's queue. False when it is in a queue already. *needs_service: nobody holds the
    // processor, so service() has to follow; else the holder runs the DPC when it releases the processor.
    bool queue(Processor& processor, KDPC& dpc, void* argument1, void* argument2, bool* needs_service);
    // Sees to it that the idle processor's queue is run: here and now when the current thread would run on that processor,
    // else on the processor's DPC thread. No lock may be held.
    void service(Processor& processor);
    // True when the DPC was in a queue and is so no longer.
    static bool remove(KDPC& dpc);
    // The processor that a DPC was given to (set_dpc_target); null for any.
    [[nodiscard]] Processor* target_of(const KDPC& dpc);
    // See flush_dpcs().
    void flush(Thread& thread);

private:
    class DpcThread;

    void wake_waiter();
    void drain_and_release(Thread& thread, Processor& processor);
    void run_queue(Thread& thread, Processor& processor);
    using DpcThreads = std::array<std::unique_ptr<DpcThread>, max_count>;
    void wake_dpc_thread(Processor& processor) { wake_thread(dpc_threads_, processor, false); }
    void wake_thread(DpcThreads& threads, Processor& processor, bool threaded);
    void run_threaded(Thread& thread, Processor& processor);
    // One more threaded DPC has run or was removed; holds the processor's queue lock.
    static void finish_threaded_locked(Processor& processor) PW_REQUIRES(processor.queue_lock_);
    static void flush_threaded(Processor& processor);
    Processor* try_acquire_any(Processor& preferred, KAFFINITY affinity);

    Dispatcher& dispatcher_;
    const unsigned count_;
    std::unique_ptr<Processor[]> processors_;
    std::atomic<unsigned> next_assigned_{0};
    WorkerHost* worker_host_ = nullptr;

    alignas(64) std::atomic<std::uint32_t> waiters_{0};
    std::atomic<std::uint32_t> picky_waiters_{0};  // of those, waiters that do not take every processor
    std::atomic<std::uint32_t> releases_{0};       // what waiters sleep on

    Mutex dpc_threads_lock_{LockRank::leaf};
    DpcThreads dpc_threads_;           // guarded by dpc_threads_lock_, like the next
    DpcThreads threaded_dpc_threads_;
};

}  // namespace pw::ke
