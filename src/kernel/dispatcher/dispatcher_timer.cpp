// SPDX-License-Identifier: Apache-2.0
// Timers: setting, cancelling, expiring.
#include <algorithm>
#include <limits>

#include "base/trace_ring.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dispatcher_internal.h"
#include "kernel/dispatcher/kernel_time.h"

namespace pw::ke {
namespace {

// In DISPATCHER_HEADER.TimerMiscFlags, besides the queue's: KTIMER.Period counts 100 ns units, not milliseconds.
constexpr UCHAR fine_period_flag = 0x20;
// The timer was set to a point of system time.
constexpr UCHAR absolute_flag = 0x10;

// The interrupt time at which a relative timer is due. What is further away than the OS's clock can count (290 years) does
// not expire.
std::uint64_t due_after(std::int64_t due_time, std::uint64_t now) {
    const std::uint64_t ahead = std::uint64_t{0} - static_cast<std::uint64_t>(due_time);
    constexpr std::uint64_t latest = std::numeric_limits<std::int64_t>::max() / 100;
    return ahead < latest - now ? now + ahead : latest;
}

void set_flag(KTIMER& timer, UCHAR flag, bool on) {
    timer.Header.TimerMiscFlags = static_cast<UCHAR>(on ? timer.Header.TimerMiscFlags | flag : timer.Header.TimerMiscFlags & ~flag);
}

std::uint64_t period_100ns_of(const KTIMER& timer) {
    return (timer.Header.TimerMiscFlags & fine_period_flag) != 0 ? timer.Period : std::uint64_t{timer.Period} * 10'000;
}

void set_period(KTIMER& timer, std::uint64_t period_100ns) {
    constexpr std::uint64_t longest = std::numeric_limits<ULONG>::max();
    const bool fine = period_100ns % 10'000 != 0 && period_100ns <= longest;
    set_flag(timer, fine_period_flag, fine);
    timer.Period = static_cast<ULONG>(std::min(fine ? period_100ns : period_100ns / 10'000, longest));
}

}  // namespace

void Dispatcher::initialize_timer(KTIMER& timer, TIMER_TYPE type) {
    const ObjectKind kind = type == NotificationTimer ? ObjectKind::notification_timer : ObjectKind::synchronization_timer;
    initialize_header(timer.Header, kind, sizeof timer, 0);
    timer.DueTime.QuadPart = 0;
    timer.TimerListEntry.Flink = timer.TimerListEntry.Blink = nullptr;
    timer.Dpc = nullptr;
    timer.Processor = 0;
    timer.Period = 0;
}

bool Dispatcher::set_timer_100ns(KTIMER& timer, LARGE_INTEGER due_time, std::uint64_t period_100ns, KDPC* dpc) {
    check_object(timer.Header);
    const bool absolute = due_time.QuadPart >= 0;
    TimerQueue& queue = absolute ? absolute_timers_ : timers_;
    const std::uint64_t now = queue.now();
    const std::uint64_t due = absolute ? static_cast<std::uint64_t>(due_time.QuadPart) : due_after(due_time.QuadPart, now);
    const bool expires_now = due <= now;
    // Its DPC then goes to the processor that we run on.
    Thread* thread = Thread::current();
    const bool raises = expires_now && dpc && thread && !thread->processor();
    const KIRQL old_irql = raises ? thread->raise_irql(DISPATCH_LEVEL) : KIRQL{PASSIVE_LEVEL};

    WakeList wakes;
    Processor* needs_service = nullptr;
    bool was_set;
    bool rearm = false;
    bool rearm_periodic = false;
    {
        MutexLock lock(lock_);
        was_set = TimerQueue::is_inserted(timer);
        if (was_set) TimerQueue::remove_locked(timer);
        store_state(timer.Header, 0);
        set_period(timer, period_100ns);
        set_flag(timer, absolute_flag, absolute);
        timer.Dpc = dpc;
        timer.DueTime.QuadPart = due;
        if (expires_now) {
            needs_service = expire_timer_locked(timer, thread ? thread->processor() : nullptr, wakes, &rearm_periodic);
        } else {
            rearm = queue.insert_locked(timer);
        }
    }
    wakes.wake_all();
    if (rearm) queue.rearm();
    if (rearm_periodic) timers_.rearm();
    if (raises) thread->lower_irql(old_irql);
    if (needs_service) processors_.service(*needs_service);
    return was_set;
}

bool Dispatcher::is_timer_set(const KTIMER& timer) {
    MutexLock lock(lock_);
    return TimerQueue::is_inserted(timer);
}

bool Dispatcher::cancel_timer(KTIMER& timer) {
    check_object(timer.Header);
    MutexLock lock(lock_);
    timer.Period = 0;
    if (!TimerQueue::is_inserted(timer)) return false;
    TimerQueue::remove_locked(timer);
    return true;
}

KTIMER* Dispatcher::find_timer_in(std::uint64_t base, std::uint64_t length_bytes) {
    MutexLock lock(lock_);
    KTIMER* const found = timers_.find_in_locked(base, length_bytes);
    return found ? found : absolute_timers_.find_in_locked(base, length_bytes);
}

Processor* Dispatcher::expire_timer_locked(KTIMER& timer, Processor* own, WakeList& wakes, bool* rearm) {
    KDPC* const dpc = timer.Dpc;
    const std::uint64_t now = timers_.now();
    if (timer.Period != 0) {
        // The next multiple of the period that lies ahead; those that were missed are left out. Periods are interrupt time,
        // whatever the first point was.
        const std::uint64_t period = period_100ns_of(timer);
        const bool absolute = (timer.Header.TimerMiscFlags & absolute_flag) != 0;
        const std::uint64_t due = absolute ? now : static_cast<std::uint64_t>(timer.DueTime.QuadPart);
        set_flag(timer, absolute_flag, false);
        timer.DueTime.QuadPart = due + ((now - due) / period + 1) * period;
        if (timers_.insert_locked(timer)) *rearm = true;
    }
    trace("timer expires", reinterpret_cast<std::uintptr_t>(&timer), reinterpret_cast<std::uintptr_t>(dpc), now);
    store_state(timer.Header, 1);
    test_waiters_locked(timer.Header, wakes);
    if (!dpc) return nullptr;
    // Queued before the lock is released: who finds the timer expired and flushes the DPCs finds this one, too.
    Processor* target = processors_.target_of(*dpc);
    if (!target) target = own ? own : &processors_.at(0);
    bool needs_service = false;
    const std::uint64_t time = static_cast<std::uint64_t>(system_time());
    processors_.queue(*target, *dpc, reinterpret_cast<void*>(time & 0xffffffff), reinterpret_cast<void*>(time >> 32),
                      &needs_service);
    return needs_service ? target : nullptr;
}

std::uint64_t Dispatcher::expire_due_timers(TimerQueue& queue) {
    Processor* const own = Thread::current()->processor();
    for (;;) {
        WakeList wakes;
        Processor* needs_service;
        bool rearm = false;
        {
            MutexLock lock(lock_);
            KTIMER* timer = queue.take_due_locked(queue.now());
            if (!timer) return queue.plan_next_locked();
            needs_service = expire_timer_locked(*timer, own, wakes, &rearm);
        }
        wakes.wake_all();
        // The calling thread looks for its next one anyway.
        if (rearm && &queue != &timers_) timers_.rearm();
        if (needs_service) processors_.service(*needs_service);
    }
}

}  // namespace pw::ke
