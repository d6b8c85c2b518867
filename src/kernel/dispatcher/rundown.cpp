// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/rundown.h"

#include <atomic>

#include "base/check.h"
#include "kernel/dispatcher/dispatcher.h"

namespace pw::ke {
namespace {

// EX_RUNDOWN_REF.Count: twice the number of users; with bit 0 set a rundown has begun, and the rest is the address of what
// its caller waits on (0 when nobody is left).
constexpr ULONG_PTR active = 1;

struct RundownWait {
    KEVENT event;
    std::atomic<ULONG_PTR> users;
};

std::atomic_ref<ULONG_PTR> count_of(EX_RUNDOWN_REF& rundown) {
    return std::atomic_ref<ULONG_PTR>(const_cast<ULONG_PTR&>(rundown.Count));
}

}  // namespace

void initialize_rundown(EX_RUNDOWN_REF& rundown) { count_of(rundown).store(0, std::memory_order_relaxed); }

void reinitialize_rundown(EX_RUNDOWN_REF& rundown) { count_of(rundown).store(0, std::memory_order_release); }

void complete_rundown(EX_RUNDOWN_REF& rundown) { count_of(rundown).store(active, std::memory_order_release); }

bool acquire_rundown(EX_RUNDOWN_REF& rundown, ULONG count) {
    const auto word = count_of(rundown);
    ULONG_PTR seen = word.load(std::memory_order_relaxed);
    do {
        if ((seen & active) != 0) return false;
    } while (!word.compare_exchange_weak(seen, seen + 2 * ULONG_PTR{count}, std::memory_order_acquire, std::memory_order_relaxed));
    return true;
}

void release_rundown(EX_RUNDOWN_REF& rundown, ULONG count) {
    const auto word = count_of(rundown);
    ULONG_PTR seen = word.load(std::memory_order_acquire);
    while ((seen & active) == 0) {
        if (word.compare_exchange_weak(seen, seen - 2 * ULONG_PTR{count}, std::memory_order_release, std::memory_order_acquire)) return;
    }
    auto* wait = reinterpret_cast<RundownWait*>(seen & ~active);
    if (wait->users.fetch_sub(count, std::memory_order_acq_rel) == count) {
        Thread* thread = Thread::current();
        PW_CHECK(thread != nullptr);
        thread->dispatcher().set_event(wait->event);
    }
}

void wait_for_rundown(EX_RUNDOWN_REF& rundown) {
    const auto word = count_of(rundown);
    RundownWait wait;
    Dispatcher::initialize_event(wait.event, SynchronizationEvent, false);
    ULONG_PTR seen = word.load(std::memory_order_acquire);
    for (;;) {
        if (seen == active) return;  // completed before
        if (seen == 0) {
            if (word.compare_exchange_weak(seen, active, std::memory_order_acq_rel)) return;
            continue;
        }
        wait.users.store(seen / 2, std::memory_order_relaxed);
        if (word.compare_exchange_weak(seen, reinterpret_cast<ULONG_PTR>(&wait) | active, std::memory_order_acq_rel)) break;
    }
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    thread->dispatcher().wait(wait.event.Header, KernelMode, false, nullptr).ignore();
    complete_rundown(rundown);
}

}  // namespace pw::ke
