// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/timer_queue.h"

#include <algorithm>

#include "base/check.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dpc_thread.h"
#include "kernel/dispatcher/kernel_time.h"
#include "platform/futex.h"

namespace pw::ke {
namespace {

// In DISPATCHER_HEADER.TimerMiscFlags.
constexpr UCHAR inserted_flag = 0x40;

KTIMER& timer_of(LIST_ENTRY* entry) { return *CONTAINING_RECORD(entry, KTIMER, TimerListEntry); }

}  // namespace

std::uint64_t TimerQueue::now() const {
    return clock_ == Clock::interrupt ? interrupt_time() : static_cast<std::uint64_t>(system_time());
}

TimerQueue::TimerQueue(Dispatcher& dispatcher, Clock clock) : dispatcher_(dispatcher), clock_(clock) {
    for (LIST_ENTRY& bucket : buckets_) InitializeListHead(&bucket);
}

void TimerQueue::stop() {
    stop_.store(true, std::memory_order_release);
    word_.fetch_add(1, std::memory_order_release);
    platform::futex_wake(&word_);
    thread_.join();
}

bool TimerQueue::is_inserted(const KTIMER& timer) { return (timer.Header.TimerMiscFlags & inserted_flag) != 0; }

bool TimerQueue::insert_locked(KTIMER& timer) {
    const std::uint64_t due = timer.DueTime.QuadPart;
    LIST_ENTRY& bucket = bucket_of(due);
    // Sorted, equal ones in order of arrival. Most timers are set for later than those that are there.
    LIST_ENTRY* previous = bucket.Blink;
    while (previous != &bucket && timer_of(previous).DueTime.QuadPart > due) previous = previous->Blink;
    InsertHeadList(previous, &timer.TimerListEntry);
    timer.Header.TimerMiscFlags |= inserted_flag;
    if (due >= sleeping_until_) return false;
    sleeping_until_ = due;
    return true;
}

void TimerQueue::remove_locked(KTIMER& timer) {
    RemoveEntryList(&timer.TimerListEntry);
    timer.Header.TimerMiscFlags &= static_cast<UCHAR>(~inserted_flag);
}

KTIMER* TimerQueue::take_due_locked(std::uint64_t now) {
    KTIMER* first = nullptr;
    for (LIST_ENTRY& bucket : buckets_) {
        if (IsListEmpty(&bucket)) continue;
        KTIMER& timer = timer_of(bucket.Flink);
        if (timer.DueTime.QuadPart <= now && (!first || timer.DueTime.QuadPart < first->DueTime.QuadPart)) first = &timer;
    }
    if (first) remove_locked(*first);
    return first;
}

std::uint64_t TimerQueue::next_due_locked() const {
    std::uint64_t next = never;
    for (const LIST_ENTRY& bucket : buckets_) {
        if (!IsListEmpty(&bucket)) next = std::min<std::uint64_t>(next, timer_of(bucket.Flink).DueTime.QuadPart);
    }
    return next;
}

void TimerQueue::rearm() {
    word_.fetch_add(1, std::memory_order_release);
    {
        MutexLock lock(start_lock_);
        if (!started_) {
            started_ = true;
            PW_CHECK(thread_.start(clock_ == Clock::interrupt ? "pw-timer" : "pw-clock", [this] { run(); }));
            return;
        }
    }
    platform::futex_wake(&word_);
}

void TimerQueue::run() {
    WorkerBinding worker(dispatcher_);
    for (;;) {
        const std::uint32_t seen = word_.load(std::memory_order_acquire);
        if (stop_.load(std::memory_order_acquire)) return;
        // As NT's clock does: timers expire at DISPATCH_LEVEL on a processor, which then runs their DPCs.
        const KIRQL old_irql = worker.thread().raise_irql(DISPATCH_LEVEL);
        const std::uint64_t next = dispatcher_.expire_due_timers(*this);
        worker.thread().lower_irql(old_irql);
        if (next == never) {
            platform::futex_wait(&word_, seen);
        } else {
            // Rounded up: never a wake before the time. The OS ends a sleep on the system clock earlier when that is set.
            const auto deadline = clock_ == Clock::interrupt
                                      ? platform::SleepDeadline::at_monotonic(static_cast<std::int64_t>(next * 100))
                                      : platform::SleepDeadline::at_realtime(realtime_ns_at(static_cast<std::int64_t>(next)));
            platform::futex_wait(&word_, seen, deadline);
        }
    }
}

std::uint64_t TimerQueue::plan_next_locked() { return sleeping_until_ = next_due_locked(); }

KTIMER* TimerQueue::find_in_locked(std::uint64_t base, std::uint64_t length_bytes) {
    const auto is_inside = [&](std::uintptr_t address) { return address - base < length_bytes; };
    for (LIST_ENTRY& bucket : buckets_) {
        for (PLIST_ENTRY link = bucket.Flink; link != &bucket; link = link->Flink) {
            KTIMER* timer = CONTAINING_RECORD(link, KTIMER, TimerListEntry);
            if (is_inside(reinterpret_cast<std::uintptr_t>(timer))) return timer;
            const KDPC* dpc = timer->Dpc;
            if (dpc && (is_inside(reinterpret_cast<std::uintptr_t>(dpc)) ||
                        is_inside(reinterpret_cast<std::uintptr_t>(dpc->DeferredRoutine)))) {
                return timer;
            }
        }
    }
    return nullptr;
}

}  // namespace pw::ke
