// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/processor_call.h"

#include <memory>
#include <vector>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dpc_thread.h"
#include "kernel/dispatcher/fast_mutex.h"
#include "platform/futex.h"
#include "platform/joined_thread.h"
#include "platform/threads.h"

namespace pw::ke {
namespace {

// All parties leave when the last one has come; used again and again.
class Barrier {
public:
    explicit Barrier(unsigned parties) : parties_(parties) {}
    // True for the last one.
    bool arrive() {
        const std::uint32_t round = round_.load(std::memory_order_acquire);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == parties_) {
            arrived_.store(0, std::memory_order_relaxed);
            round_.fetch_add(1, std::memory_order_release);
            platform::futex_wake(&round_, platform::wake_all);
            return true;
        }
        for (int spin = 0; spin < 200 && round_.load(std::memory_order_acquire) == round; ++spin) __builtin_ia32_pause();
        while (round_.load(std::memory_order_acquire) == round) platform::futex_wait(&round_, round);
        return false;
    }

private:
    const unsigned parties_;
    std::atomic<unsigned> arrived_{0};
    std::atomic<std::uint32_t> round_{0};
};

// What SystemArgument1 and 2 of the routines point to.
struct DpcCallState {
    DpcCallState(Dispatcher& owner, unsigned count) : dispatcher(owner), left(count), barrier(count) {
        Dispatcher::initialize_event(all_done, NotificationEvent, false);
    }
    Dispatcher& dispatcher;
    std::atomic<unsigned> left;
    Barrier barrier;
    KEVENT all_done;
};

}  // namespace

ProcessorCalls::ProcessorCalls(Dispatcher& dispatcher) : dispatcher_(dispatcher) { initialize_fast_mutex(dpc_call_lock_); }

void ProcessorCalls::call_dpc(PKDEFERRED_ROUTINE routine, void* context) {
    Thread& thread = *Thread::current();
    if (thread.irql() >= DISPATCH_LEVEL) {
        bug_check(irql_not_less_or_equal, 0, thread.irql(), 0, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
    }
    acquire_fast_mutex(dpc_call_lock_);
    const unsigned count = dispatcher_.processors().count();
    DpcCallState state(dispatcher_, count);
    std::vector<KDPC> dpcs(count);
    const unsigned own = thread.processor_number();
    // The own processor last: its DPC can run inside this call, and may wait for the others.
    for (unsigned i = 1; i <= count; ++i) {
        const unsigned number = (own + i) % count;
        initialize_dpc(dpcs[number], routine, context);
        set_dpc_target(dpcs[number], number);
        set_dpc_importance(dpcs[number], HighImportance);
        insert_dpc(dpcs[number], &state, &state);
    }
    dispatcher_.wait(state.all_done.Header, KernelMode, false, nullptr).ignore();
    flush_dpcs();  // each has said that it is done; behind this each has returned
    release_fast_mutex(dpc_call_lock_);
}

void ProcessorCalls::signal_done(void* argument1) {
    auto& state = *static_cast<DpcCallState*>(argument1);
    if (state.left.fetch_sub(1, std::memory_order_acq_rel) == 1) state.dispatcher.set_event(state.all_done);
}

bool ProcessorCalls::synchronize(void* argument2) { return static_cast<DpcCallState*>(argument2)->barrier.arrive(); }

ULONG_PTR ProcessorCalls::broadcast(PKIPI_BROADCAST_WORKER routine, ULONG_PTR argument) {
    Thread& thread = *Thread::current();
    if (thread.irql() > IPI_LEVEL) {
        bug_check(irql_not_less_or_equal, 0, thread.irql(), 0, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
    }
    std::uint32_t free = 0;
    if (!broadcast_lock_.compare_exchange_strong(free, 1, std::memory_order_acquire)) {
        while (broadcast_lock_.exchange(2, std::memory_order_acquire) != 0) platform::futex_wait(&broadcast_lock_, 2);
    }
    const unsigned count = dispatcher_.processors().count();
    const unsigned own = thread.processor_number();
    Barrier barrier(count);
    const auto run = [&](Thread& on, unsigned number) {
        const Thread::Interrupted before = on.enter_interrupt(IPI_LEVEL, KAFFINITY{1} << number);
        barrier.arrive();
        const ULONG_PTR result = routine(argument);
        barrier.arrive();
        on.leave_interrupt(before);
        return result;
    };
    std::vector<std::unique_ptr<platform::JoinedThread>> carriers;
    for (unsigned number = 0; number < count; ++number) {
        if (number == own) continue;
        carriers.push_back(std::make_unique<platform::JoinedThread>());
        PW_CHECK(carriers.back()->start("pw-ipi", [&, number] {
            WorkerBinding worker(dispatcher_);
            run(worker.thread(), number);
        }));
    }
    const ULONG_PTR result = run(thread, own);
    carriers.clear();
    if (broadcast_lock_.exchange(0, std::memory_order_release) == 2) platform::futex_wake(&broadcast_lock_);
    return result;
}

}  // namespace pw::ke
