// SPDX-License-Identifier: Apache-2.0
// Timers: setting, cancelling, expiring.
#include <limits>

#include "base/trace_ring.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dispatcher_internal.h"
#include "kernel/dispatcher/kernel_time.h"

namespace pw::ke {
namespace {

// The interrupt time at which a timer is due. A change of the system clock later on does not move it.
std::uint64_t due_at(LARGE_INTEGER due_time, std::uint64_t now) {
    const std::int64_t time = due_time.QuadPart;
    std::uint64_t ahead;
    if (time < 0) {
        ahead = std::uint64_t{0} - static_cast<std::uint64_t>(time);
    } else {
        const std::int64_t left = time - system_time();
        ahead = left > 0 ? static_cast<std::uint64_t>(left) : 0;
    }
    // What is further away than the OS's clock can count (290 years) does not expire.
    constexpr std::uint64_t latest = std::numeric_limits<std::int64_t>::max() / 100;
    return ahead < latest - now ? now + ahead : latest;
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

bool Dispatcher::set_timer(KTIMER& timer, LARGE_INTEGER due_time, ULONG period_ms, KDPC* dpc) {
    check_object(timer.Header);
    const std::uint64_t now = interrupt_time();
    const std::uint64_t due = due_at(due_time, now);
    const bool expires_now = due <= now;
    // Its DPC then goes to the processor that we run on.
    Thread* thread = Thread::current();
    const bool raises = expires_now && dpc && thread && !thread->processor();
    const KIRQL old_irql = raises ? thread->raise_irql(DISPATCH_LEVEL) : KIRQL{PASSIVE_LEVEL};

    WakeList wakes;
    Processor* needs_service = nullptr;
    bool was_set;
    bool rearm = false;
    {
        MutexLock lock(lock_);
        was_set = TimerQueue::is_inserted(timer);
        if (was_set) TimerQueue::remove_locked(timer);
        store_state(timer.Header, 0);
        timer.Period = period_ms;
        timer.Dpc = dpc;
        timer.DueTime.QuadPart = due;
        if (expires_now) {
            needs_service = expire_timer_locked(timer, now, thread ? thread->processor() : nullptr, wakes, &rearm);
        } else {
            rearm = timers_.insert_locked(timer);
        }
    }
    wakes.wake_all();
    if (rearm) timers_.rearm();
    if (raises) thread->lower_irql(old_irql);
    if (needs_service) processors_.service(*needs_service);
    return was_set;
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
    return timers_.find_in_locked(base, length_bytes);
}

Processor* Dispatcher::expire_timer_locked(KTIMER& timer, std::uint64_t now, Processor* own, WakeList& wakes, bool* rearm) {
    KDPC* const dpc = timer.Dpc;
    if (timer.Period != 0) {
        // The next multiple of the period that lies ahead; those that were missed are left out.
        const std::uint64_t period = std::uint64_t{timer.Period} * 10'000;
        const std::uint64_t due = timer.DueTime.QuadPart;
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

std::uint64_t Dispatcher::expire_due_timers() {
    Processor* const own = Thread::current()->processor();
    for (;;) {
        WakeList wakes;
        Processor* needs_service;
        {
            MutexLock lock(lock_);
            const std::uint64_t now = interrupt_time();
            KTIMER* timer = timers_.take_due_locked(now);
            if (!timer) return timers_.plan_next_locked();
            bool rearm = false;  // the caller looks for the next one anyway
            needs_service = expire_timer_locked(*timer, now, own, wakes, &rearm);
        }
        wakes.wake_all();
        if (needs_service) processors_.service(*needs_service);
    }
}

}  // namespace pw::ke
