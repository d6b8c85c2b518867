// SPDX-License-Identifier: Apache-2.0
// Waits of threads, and observers.
#include <atomic>
#include <limits>

#include "base/trace_ring.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dispatcher_internal.h"
#include "kernel/dispatcher/kernel_time.h"
#include "kernel/dispatcher/sleep_observer.h"
#include "platform/clock.h"
#include "platform/threads.h"

namespace pw::ke {
namespace {

using platform::SleepDeadline;

// Longer than this (in 100 ns units, about 146 years) is for ever.
constexpr std::int64_t longest = std::numeric_limits<std::int64_t>::max() / 200;

SleepDeadline deadline_of(const LARGE_INTEGER* timeout) {
    if (!timeout) return SleepDeadline::never();
    const std::int64_t time = timeout->QuadPart;
    if (time <= 0) {
        if (time < -longest) return SleepDeadline::never();
        return SleepDeadline::at_monotonic(platform::monotonic_time_ns() - time * 100);
    }
    if (time - unix_epoch > longest) return SleepDeadline::never();
    return SleepDeadline::at_realtime(realtime_ns_at(time));
}

std::atomic<const SleepObserver*> sleep_observer{nullptr};

// Around a wait: what the thread wrote is seen before it sleeps, what others wrote after it.
class WaitWithHook {
public:
    explicit WaitWithHook(Thread& thread)
        : thread_(thread), hook_(thread.memory_hook()), observer_(sleep_observer.load(std::memory_order_acquire)) {
        if (hook_) [[unlikely]] hook_->before_release();
        if (observer_) [[unlikely]] observer_->sleeps(thread_);
    }
    ~WaitWithHook() {
        if (observer_) [[unlikely]] observer_->goes_on(thread_);
        if (hook_) [[unlikely]] hook_->after_wait();
    }
    WaitWithHook(const WaitWithHook&) = delete;
    WaitWithHook& operator=(const WaitWithHook&) = delete;

private:
    Thread& thread_;
    Thread::MemoryHook* const hook_;
    const SleepObserver* const observer_;
};

Thread& current_thread() {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    return *thread;
}

}  // namespace

void set_sleep_observer(const SleepObserver* observer) { sleep_observer.store(observer, std::memory_order_release); }

Status Dispatcher::wait(DISPATCHER_HEADER& object, KPROCESSOR_MODE mode, bool alertable, const LARGE_INTEGER* timeout) {
    Thread& thread = current_thread();
    check_wait_irql(thread, &object, timeout);
    check_object(object);
    DISPATCHER_HEADER* const objects[] = {&object};
    return wait_for(thread, 1, objects, WaitAny, mode, alertable, timeout, thread.wait_blocks_);
}

Status Dispatcher::wait_multiple(ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type, KPROCESSOR_MODE mode,
                                 bool alertable, const LARGE_INTEGER* timeout, KWAIT_BLOCK* blocks) {
    Thread& thread = current_thread();
    check_wait_irql(thread, objects, timeout);
    if (count == 0 || count > (blocks ? MAXIMUM_WAIT_OBJECTS : THREAD_WAIT_OBJECTS)) [[unlikely]] {
        bug_check(maximum_wait_objects_exceeded, count, 0, 0, 0);
    }
    for (ULONG i = 0; i < count; ++i) check_object(*objects[i]);
    return wait_for(thread, count, objects, type, mode, alertable, timeout, blocks ? blocks : thread.wait_blocks_);
}

Status Dispatcher::delay(KPROCESSOR_MODE mode, bool alertable, const LARGE_INTEGER& interval) {
    Thread& thread = current_thread();
    if (thread.irql() >= DISPATCH_LEVEL || thread.processor()) {
        wait_at_high_irql(thread, &interval, __builtin_return_address(0));
    }
    const Status status = wait_for(thread, 0, nullptr, WaitAny, mode, alertable, &interval, thread.wait_blocks_);
    if (status != STATUS_TIMEOUT) return status;
    if (interval.QuadPart == 0) platform::yield_thread();
    return STATUS_SUCCESS;
}

Status Dispatcher::wait_for(Thread& thread, ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type,
                            KPROCESSOR_MODE mode, bool alertable, const LARGE_INTEGER* timeout, KWAIT_BLOCK* blocks) {
    thread.activity_.count_wait();
    thread.look_for_kernel_apcs();
    std::optional<SleepDeadline> deadline;
    while (true) {
        {
            const WaitWithHook hook(thread);
            const Status status = wait_once(thread, count, objects, type, mode, alertable, timeout, deadline, blocks);
            if (status != STATUS_KERNEL_APC) [[likely]] return status;
        }
        thread.deliver_kernel_apcs();
    }
}

Status Dispatcher::wait_once(Thread& thread, ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type,
                             KPROCESSOR_MODE mode, bool alertable, const LARGE_INTEGER* timeout,
                             std::optional<SleepDeadline>& deadline, KWAIT_BLOCK* blocks) {
    Waiter& waiter = thread.waiter_;
    WakeList wakes;
    bool works_for_queue;
    {
        MutexLock lock(lock_);
        NTSTATUS status = try_satisfy_locked(&thread, count, objects, type);
        if (status != STATUS_PENDING) return status;
        status = interruption_locked(thread, mode, alertable);
        if (status != STATUS_PENDING) return status;
        if (is_zero(timeout)) return STATUS_TIMEOUT;
        if (next_kernel_apc_locked(thread)) [[unlikely]] return STATUS_KERNEL_APC;
        PW_CHECK(!waiter.queued);
        waiter.blocks = blocks;
        waiter.count = count;
        waiter.type = type;
        waiter.mode = mode;
        waiter.alertable = alertable;
        waiter.word.store(1, std::memory_order_relaxed);
        enqueue_locked(waiter, objects);
        works_for_queue = thread.queue_ != nullptr;
        if (works_for_queue) [[unlikely]] thread_blocks_locked(thread, wakes);
    }
    thread.activity_.count_sleep();
    if (!works_for_queue) [[likely]] return sleep(waiter, timeout, deadline);
    wakes.wake_all();
    const Status status = sleep(waiter, timeout, deadline);
    thread_runs_again(thread);
    return status;
}

Status Dispatcher::sleep(Waiter& waiter, const LARGE_INTEGER* timeout, std::optional<SleepDeadline>& of_wait) {
    if (!of_wait) of_wait = deadline_of(timeout);
    SleepDeadline deadline = *of_wait;
    std::uint32_t word = 1;
    if (waiter.word.compare_exchange_strong(word, 2, std::memory_order_acq_rel)) word = 2;
    while (word != 0) {
        if (!platform::futex_wait(&waiter.word, 2, deadline)) {
            {
                MutexLock lock(lock_);
                if (waiter.queued) {
                    dequeue_locked(waiter);
                    waiter.word.store(0, std::memory_order_relaxed);
                    return STATUS_TIMEOUT;
                }
            }
            // Satisfied in the last moment: who did it still holds us in its wake list.
            deadline = SleepDeadline::never();
        }
        word = waiter.word.load(std::memory_order_acquire);
    }
    return waiter.status;
}

bool Dispatcher::has_waiters(const DISPATCHER_HEADER& object) {
    MutexLock lock(lock_);
    return !IsListEmpty(&object.WaitListHead);
}

Status Dispatcher::start_observing(WaitObserver& observer, ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type,
                                   KWAIT_BLOCK* blocks, Thread* owner) {
    PW_CHECK(count >= 1 && count <= MAXIMUM_WAIT_OBJECTS);
    for (ULONG i = 0; i < count; ++i) check_object(*objects[i]);
    MutexLock lock(lock_);
    Waiter& waiter = observer.waiter_;
    PW_CHECK(!waiter.queued);
    const NTSTATUS status = try_satisfy_locked(owner, count, objects, type);
    if (status != STATUS_PENDING) return status;
    waiter.blocks = blocks;
    waiter.count = count;
    waiter.type = type;
    waiter.thread = owner;
    waiter.observer = &observer;
    enqueue_locked(waiter, objects);
    return STATUS_PENDING;
}

bool Dispatcher::stop_observing(WaitObserver& observer) {
    MutexLock lock(lock_);
    if (!observer.waiter_.queued) return false;
    dequeue_locked(observer.waiter_);
    return true;
}

}  // namespace pw::ke
