// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <random>
#include <vector>

#include "kernel/dispatcher/dispatcher_test_support.h"
#include "kernel/dispatcher/dpc_test_support.h"
#include "kernel/dispatcher/kernel_time.h"

namespace pw::ke {
namespace {

using namespace test;

struct Timer : KTIMER {
    explicit Timer(TIMER_TYPE type) { Dispatcher::initialize_timer(*this, type); }
};

TEST(Timer, ExpiresAfterItsDueTimeAndStaysOrNotByItsType) {
    World world;
    Timer notification(NotificationTimer);
    Timer synchronization(SynchronizationTimer);
    const std::uint64_t start = interrupt_time();
    EXPECT_FALSE(world.dispatcher.set_timer(notification, relative_ms(2), 0, nullptr));
    EXPECT_FALSE(world.dispatcher.set_timer(synchronization, relative_ms(1), 0, nullptr));
    EXPECT_EQ(world.wait(notification.Header), STATUS_SUCCESS);
    EXPECT_GE(interrupt_time() - start, 20'000u);
    EXPECT_EQ(world.wait(notification.Header, &poll), STATUS_SUCCESS);
    EXPECT_EQ(world.wait(synchronization.Header), STATUS_SUCCESS);
    EXPECT_EQ(world.wait(synchronization.Header, &poll), STATUS_TIMEOUT);
    EXPECT_FALSE(world.dispatcher.cancel_timer(notification));
}

TEST(Timer, SettingItClearsItsSignalAndCancellingTellsWhetherItWasSet) {
    World world;
    Timer timer(NotificationTimer);
    EXPECT_FALSE(world.dispatcher.cancel_timer(timer));
    EXPECT_FALSE(world.dispatcher.set_timer(timer, ticks(0), 0, nullptr));
    EXPECT_EQ(Dispatcher::read_state(timer.Header), 1);  // was due at once
    EXPECT_FALSE(world.dispatcher.set_timer(timer, long_time(), 0, nullptr));
    EXPECT_EQ(Dispatcher::read_state(timer.Header), 0);
    EXPECT_TRUE(world.dispatcher.set_timer(timer, long_time(), 0, nullptr));
    EXPECT_TRUE(world.dispatcher.cancel_timer(timer));
    EXPECT_FALSE(world.dispatcher.cancel_timer(timer));
    EXPECT_EQ(Dispatcher::read_state(timer.Header), 0);
}

TEST(Timer, AnAbsoluteDueTimeIsSystemTime) {
    World world;
    Timer timer(NotificationTimer);
    const LARGE_INTEGER due = ticks(system_time() + 20'000);
    world.dispatcher.set_timer(timer, due, 0, nullptr);
    EXPECT_EQ(world.wait(timer.Header), STATUS_SUCCESS);
    EXPECT_GE(system_time() + 10'000, due.QuadPart);  // the two clocks may be adjusted against each other
    world.dispatcher.set_timer(timer, ticks(1), 0, nullptr);
    EXPECT_EQ(Dispatcher::read_state(timer.Header), 1);
    world.dispatcher.set_timer(timer, ticks(INT64_MAX), 0, nullptr);
    EXPECT_EQ(Dispatcher::read_state(timer.Header), 0);
    EXPECT_TRUE(world.dispatcher.cancel_timer(timer));
}

TEST(Timer, RunsItsDpcAtDispatchLevel) {
    World world;
    Calls calls;
    KDPC dpc;
    initialize_dpc(dpc, record, &calls);
    Timer timer(NotificationTimer);
    world.dispatcher.set_timer(timer, relative_ms(1), 0, &dpc);
    EXPECT_EQ(world.wait(timer.Header), STATUS_SUCCESS);
    flush_dpcs();
    EXPECT_EQ(calls.count.load(), 1);
    EXPECT_EQ(calls.irql, DISPATCH_LEVEL);
    EXPECT_TRUE(calls.in_dpc);
}

TEST(Timer, ADueTimeInThePastRunsTheDpcBeforeTheCallReturns) {
    World world;
    Calls calls;
    KDPC dpc;
    initialize_dpc(dpc, record, &calls);
    Timer timer(SynchronizationTimer);
    world.dispatcher.set_timer(timer, ticks(0), 0, &dpc);
    EXPECT_EQ(calls.count.load(), 1);
    const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
    world.dispatcher.set_timer(timer, ticks(0), 0, &dpc);
    EXPECT_EQ(calls.count.load(), 1);
    lower_irql(old_irql);
    EXPECT_EQ(calls.count.load(), 2);
}

TEST(Timer, APeriodicTimerExpiresAgainUntilItIsCancelled) {
    World world;
    Timer timer(SynchronizationTimer);
    Calls calls;
    KDPC dpc;
    initialize_dpc(dpc, record, &calls);
    world.dispatcher.set_timer(timer, relative_ms(1), 1, &dpc);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(world.wait(timer.Header), STATUS_SUCCESS);
    EXPECT_TRUE(world.dispatcher.cancel_timer(timer));
    flush_dpcs();
    EXPECT_GE(calls.count.load(), 1);  // an expiry whose DPC is queued still does not queue it again
}

TEST(Timer, TimersExpireInTheOrderOfTheirDueTimes) {
    World world(1);
    std::vector<int> order;
    run_order = &order;
    constexpr int count = 12;
    std::vector<Timer> timers(count, Timer(NotificationTimer));
    KDPC dpcs[count];
    const std::int64_t base = system_time() + 50'000;
    std::vector<int> sequence(count);
    for (int i = 0; i < count; ++i) sequence[static_cast<std::size_t>(i)] = i;
    std::shuffle(sequence.begin(), sequence.end(), std::mt19937(5));
    // Held at DISPATCH_LEVEL, the only processor lets no timer expire before all are set.
    const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
    for (const int i : sequence) {
        KTIMER& timer = timers[static_cast<std::size_t>(i)];
        Dispatcher::initialize_timer(timer, NotificationTimer);
        initialize_dpc(dpcs[i], record_order, reinterpret_cast<void*>(static_cast<std::intptr_t>(i)));
        world.dispatcher.set_timer(timer, ticks(base + i * 1'000), 0, &dpcs[i]);
    }
    lower_irql(old_irql);
    for (Timer& timer : timers) EXPECT_EQ(world.wait(timer.Header), STATUS_SUCCESS);
    flush_dpcs();
    std::vector<int> expected(count);
    for (int i = 0; i < count; ++i) expected[static_cast<std::size_t>(i)] = i;
    EXPECT_EQ(order, expected);
}

TEST(Timer, AnEarlierTimerWakesTheSleepingThread) {
    World world;
    Timer late(NotificationTimer);
    Timer early(NotificationTimer);
    world.dispatcher.set_timer(late, long_time(), 0, nullptr);
    world.dispatcher.set_timer(early, relative_ms(1), 0, nullptr);
    EXPECT_EQ(world.wait(early.Header), STATUS_SUCCESS);
    EXPECT_TRUE(world.dispatcher.cancel_timer(late));
}

void count_call(KDPC*, void* context, void*, void*) { ++*static_cast<std::atomic<int>*>(context); }

TEST(TimerStress, SetsAndCancelsRaceWithExpiry) {
    World world(2);
    std::atomic<int> calls{0};
    KDPC dpc;
    initialize_dpc(dpc, count_call, &calls);
    std::vector<std::unique_ptr<KernelThread>> threads;
    for (int t = 0; t < 3; ++t) {
        threads.push_back(std::make_unique<KernelThread>(world, [&, t] {
            std::mt19937 random(31u + static_cast<unsigned>(t));
            Timer timer(SynchronizationTimer);
            for (int n = 0; n < 500; ++n) {
                world.dispatcher.set_timer(timer, ticks(-static_cast<std::int64_t>(random() % 800)), 0, t == 0 ? &dpc : nullptr);
                if (random() % 2 == 0) {
                    EXPECT_EQ(world.wait(timer.Header), STATUS_SUCCESS);
                } else if (!world.dispatcher.cancel_timer(timer)) {
                    EXPECT_EQ(world.wait(timer.Header, &poll), STATUS_SUCCESS);  // not cancelled: it has expired
                }
            }
            world.dispatcher.cancel_timer(timer);
        }));
    }
    threads.clear();
    flush_dpcs();
    EXPECT_GT(calls.load(), 0);
}

}  // namespace
}  // namespace pw::ke
