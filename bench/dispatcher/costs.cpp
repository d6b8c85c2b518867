// SPDX-License-Identifier: Apache-2.0
// What the dispatcher's calls cost without contention, in nanoseconds: the best of several runs of a plain loop.
#include <algorithm>
#include <cstdio>
#include <limits>

#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/spin_lock.h"
#include "platform/clock.h"
#include "platform/process_end.h"
#include "platform/threads.h"

namespace {

using namespace pw::ke;

template <typename Operation>
void measure(const char* name, Operation operation) {
    constexpr int rounds = 50'000;
    double best = std::numeric_limits<double>::max();
    for (int run = 0; run < 300; ++run) {
        const std::int64_t start = pw::platform::monotonic_time_ns();
        for (int i = 0; i < rounds; ++i) operation();
        best = std::min(best, static_cast<double>(pw::platform::monotonic_time_ns() - start) / rounds);
    }
    std::printf("%-36s %7.1f ns\n", name, best);
}

void nothing(KDPC*, void*, void*, void*) {}

}  // namespace

int main() {
    // A second thread: with one only, the C library's mutexes leave their atomic operations out.
    if (!pw::platform::start_detached_thread("idle", [](void*) { pw::platform::park_for_ever(); }, nullptr)) return 1;
    Dispatcher dispatcher;
    Thread thread(dispatcher);
    Thread::Binding binding(thread);
    KEVENT notification;
    KEVENT synchronization;
    Dispatcher::initialize_event(notification, NotificationEvent, true);
    Dispatcher::initialize_event(synchronization, SynchronizationEvent, false);
    KSPIN_LOCK lock = 0;
    KDPC dpc;
    initialize_dpc(dpc, nothing, nullptr);
    KTIMER timer;
    Dispatcher::initialize_timer(timer, NotificationTimer);
    LARGE_INTEGER far_away;
    far_away.QuadPart = -600'000'000;
    const LARGE_INTEGER poll = {};

    measure("set an event nobody waits for", [&] { dispatcher.set_event(notification); });
    measure("satisfied wait", [&] { (void)dispatcher.wait(notification.Header, KernelMode, false, nullptr); });
    measure("set + wait, synchronization event", [&] {
        dispatcher.set_event(synchronization);
        (void)dispatcher.wait(synchronization.Header, KernelMode, false, nullptr);
    });
    measure("poll that times out", [&] { (void)dispatcher.wait(synchronization.Header, KernelMode, false, &poll); });
    measure("raise + lower to DISPATCH_LEVEL", [&] { lower_irql(raise_irql(DISPATCH_LEVEL)); });
    measure("spin lock pair", [&] { release_spin_lock(lock, acquire_spin_lock(lock)); });
    {
        const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
        measure("spin lock pair at DPC level", [&] {
            acquire_spin_lock_at_dpc_level(lock);
            release_spin_lock_from_dpc_level(lock);
        });
        lower_irql(old_irql);
    }
    measure("in-stack queued spin lock pair", [&] {
        KLOCK_QUEUE_HANDLE handle;
        acquire_queued_spin_lock(lock, handle);
        release_queued_spin_lock(handle);
    });
    measure("insert a DPC and run it", [&] { insert_dpc(dpc, nullptr, nullptr); });
    measure("set + cancel a timer", [&] {
        dispatcher.set_timer(timer, far_away, 0, nullptr);
        dispatcher.cancel_timer(timer);
    });
    return 0;
}
