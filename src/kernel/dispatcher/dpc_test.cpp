// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/dpc.h"

#include <atomic>
#include <random>
#include <vector>

#include "kernel/dispatcher/dispatcher_test_support.h"
#include "kernel/dispatcher/kernel_time.h"
#include "kernel/dispatcher/spin_lock.h"

namespace pw::ke {
namespace {

using namespace test;

struct Calls {
    std::atomic<int> count{0};
    void* arguments[2] = {};
    KIRQL irql = 0;
    bool in_dpc = false;
    ULONG processor = 0;
    Thread* thread = nullptr;
};

void record(KDPC*, void* context, void* argument1, void* argument2) {
    auto& calls = *static_cast<Calls*>(context);
    calls.arguments[0] = argument1;
    calls.arguments[1] = argument2;
    calls.thread = Thread::current();
    calls.irql = calls.thread->irql();
    calls.in_dpc = calls.thread->in_dpc();
    calls.processor = calls.thread->processor_number();
    ++calls.count;
}

TEST(Dpc, InsertedAtPassiveLevelRunsAtOnceAtDispatchLevel) {
    World world;
    Calls calls;
    KDPC dpc;
    initialize_dpc(dpc, record, &calls);
    int a;
    int b;
    EXPECT_TRUE(insert_dpc(dpc, &a, &b));
    EXPECT_EQ(calls.count.load(), 1);
    EXPECT_EQ(calls.arguments[0], &a);
    EXPECT_EQ(calls.arguments[1], &b);
    EXPECT_EQ(calls.irql, DISPATCH_LEVEL);
    EXPECT_TRUE(calls.in_dpc);
    EXPECT_EQ(calls.thread, &world.self);
    EXPECT_EQ(current_irql(), PASSIVE_LEVEL);
    EXPECT_FALSE(world.self.in_dpc());
}

TEST(Dpc, InsertedAtDispatchLevelRunsWhenTheIrqlDrops) {
    World world;
    Calls calls;
    KDPC dpc;
    initialize_dpc(dpc, record, &calls);
    const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
    EXPECT_TRUE(insert_dpc(dpc, nullptr, nullptr));
    EXPECT_FALSE(insert_dpc(dpc, nullptr, nullptr));  // is queued already
    EXPECT_EQ(calls.count.load(), 0);
    raise_irql(HIGH_LEVEL);
    lower_irql(DISPATCH_LEVEL);
    EXPECT_EQ(calls.count.load(), 0);
    lower_irql(old_irql);
    EXPECT_EQ(calls.count.load(), 1);
    EXPECT_TRUE(insert_dpc(dpc, nullptr, nullptr));
    EXPECT_EQ(calls.count.load(), 2);
}

TEST(Dpc, RemovedBeforeItRanItNeverRuns) {
    World world;
    Calls calls;
    KDPC dpcs[3];
    for (KDPC& dpc : dpcs) initialize_dpc(dpc, record, &calls);
    const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
    EXPECT_FALSE(remove_dpc(dpcs[0]));
    for (KDPC& dpc : dpcs) EXPECT_TRUE(insert_dpc(dpc, nullptr, nullptr));
    EXPECT_TRUE(remove_dpc(dpcs[1]));
    EXPECT_FALSE(remove_dpc(dpcs[1]));
    EXPECT_TRUE(remove_dpc(dpcs[2]));
    EXPECT_TRUE(insert_dpc(dpcs[2], nullptr, nullptr));
    lower_irql(old_irql);
    EXPECT_EQ(calls.count.load(), 2);
    EXPECT_TRUE(world.dispatcher.processors().at(0).is_idle());
}

std::vector<int>* run_order;
void record_order(KDPC*, void* context, void*, void*) { run_order->push_back(static_cast<int>(reinterpret_cast<std::intptr_t>(context))); }

TEST(Dpc, HighImportanceGoesToTheFrontOfTheQueue) {
    World world;
    std::vector<int> order;
    run_order = &order;
    KDPC dpcs[4];
    for (std::intptr_t i = 0; i < 4; ++i) initialize_dpc(dpcs[i], record_order, reinterpret_cast<void*>(i));
    set_dpc_importance(dpcs[2], HighImportance);
    set_dpc_importance(dpcs[3], LowImportance);
    const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
    for (KDPC& dpc : dpcs) EXPECT_TRUE(insert_dpc(dpc, nullptr, nullptr));
    lower_irql(old_irql);
    EXPECT_EQ(order, (std::vector<int>{2, 0, 1, 3}));
}

void insert_again(KDPC* dpc, void* context, void* argument1, void*) {
    auto& count = *static_cast<int*>(context);
    if (++count < 3) {
        EXPECT_TRUE(insert_dpc(*dpc, argument1, nullptr));
    }
}

TEST(Dpc, ItsRoutineMayQueueItAgain) {
    World world;
    int count = 0;
    KDPC dpc;
    initialize_dpc(dpc, insert_again, &count);
    EXPECT_TRUE(insert_dpc(dpc, nullptr, nullptr));
    EXPECT_EQ(count, 3);
}

TEST(Dpc, ATargetedDpcRunsOnItsProcessorOfAnotherThread) {
    World world(3);
    world.self.set_affinity(1);
    Calls calls;
    KDPC dpc;
    initialize_dpc(dpc, record, &calls);
    set_dpc_target(dpc, 2);
    EXPECT_TRUE(insert_dpc(dpc, nullptr, nullptr));
    flush_dpcs();
    EXPECT_EQ(calls.count.load(), 1);
    EXPECT_EQ(calls.processor, 2u);
    EXPECT_EQ(calls.irql, DISPATCH_LEVEL);
    EXPECT_EQ(world.self.affinity(), KAFFINITY{1});
}

TEST(Dpc, AnIdleTargetProcessorsOwnThreadRunsTheDpcWithoutAFlush) {
    World world(2);
    world.self.set_affinity(1);
    Calls calls;
    KDPC dpc;
    initialize_dpc(dpc, record, &calls);
    set_dpc_target(dpc, 1);
    const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
    EXPECT_TRUE(insert_dpc(dpc, nullptr, nullptr));
    yield_until([&] { return calls.count.load() == 1; });  // while this processor stays at DISPATCH_LEVEL
    lower_irql(old_irql);
    EXPECT_NE(calls.thread, &world.self);
    EXPECT_EQ(calls.processor, 1u);
}

TEST(Dpc, TheHolderOfTheTargetProcessorRunsTheDpcWhenItLowersItsIrql) {
    World world(2);
    world.self.set_affinity(1);
    Calls calls;
    KDPC dpc;
    initialize_dpc(dpc, record, &calls);
    set_dpc_target(dpc, 1);
    std::atomic<int> stage{0};
    KernelThread holder(world, [&] {
        Thread::current()->set_affinity(2);
        const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
        stage = 1;
        yield_until([&] { return stage.load() == 2; });
        EXPECT_EQ(calls.count.load(), 0);
        lower_irql(old_irql);
        EXPECT_EQ(calls.count.load(), 1);
    });
    yield_until([&] { return stage.load() == 1; });
    EXPECT_TRUE(insert_dpc(dpc, nullptr, nullptr));
    stage = 2;
    holder.join();
    EXPECT_EQ(calls.thread, &holder.thread());
}

void set_an_event(KDPC*, void* context, void*, void*) {
    auto& event = *static_cast<KEVENT*>(context);
    Thread::current()->dispatcher().set_event(event);
}

TEST(Dpc, SetsAnEventThatAThreadWaitsFor) {
    World world;
    KEVENT event;
    Dispatcher::initialize_event(event, SynchronizationEvent, false);
    KDPC dpc;
    initialize_dpc(dpc, set_an_event, &event);
    KernelThread waiter(world, [&] { EXPECT_EQ(world.wait(event.Header), STATUS_SUCCESS); });
    yield_until([&] { return waiter.thread().is_waiting(); });
    EXPECT_TRUE(insert_dpc(dpc, nullptr, nullptr));
}

void wait_in_dpc(KDPC*, void* context, void*, void*) {
    Thread::current()->dispatcher().wait(static_cast<KEVENT*>(context)->Header, KernelMode, false, nullptr).ignore();
}

TEST(DpcDeathTest, ABlockingWaitInADpcIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KEVENT event;
            Dispatcher::initialize_event(event, NotificationEvent, true);
            KDPC dpc;
            initialize_dpc(dpc, wait_in_dpc, &event);
            insert_dpc(dpc, nullptr, nullptr);
        },
        "ATTEMPTED_SWITCH_FROM_DPC");
}

void lower_in_dpc(KDPC*, void*, void*, void*) { lower_irql(PASSIVE_LEVEL); }

TEST(DpcDeathTest, ARoutineThatReturnsAtAnotherIrqlIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KDPC dpc;
            initialize_dpc(dpc, lower_in_dpc, nullptr);
            insert_dpc(dpc, nullptr, nullptr);
        },
        "IRQL_UNEXPECTED_VALUE");
}

TEST(DpcDeathTest, FlushingAtDispatchLevelIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            raise_irql(DISPATCH_LEVEL);
            flush_dpcs();
        },
        "IRQL_NOT_LESS_OR_EQUAL");
}

struct StressTarget {
    KSPIN_LOCK lock = 0;
    long runs = 0;
};
void count_run(KDPC*, void* context, void*, void*) {
    auto& target = *static_cast<StressTarget*>(context);
    acquire_spin_lock_at_dpc_level(target.lock);
    ++target.runs;
    release_spin_lock_from_dpc_level(target.lock);
}

// What was inserted ran exactly once or was removed, whoever inserted, removed and drained.
TEST(DpcStress, EveryInsertIsEitherRunOrRemoved) {
    World world(3);
    StressTarget target;
    constexpr int dpc_count = 6;
    KDPC dpcs[dpc_count];
    for (int i = 0; i < dpc_count; ++i) {
        initialize_dpc(dpcs[i], count_run, &target);
        if (i % 2 == 0) set_dpc_target(dpcs[i], static_cast<ULONG>(i) / 2);
    }
    std::atomic<long> inserted{0};
    std::atomic<long> removed{0};
    std::vector<std::unique_ptr<KernelThread>> threads;
    for (int t = 0; t < 4; ++t) {
        threads.push_back(std::make_unique<KernelThread>(world, [&, t] {
            std::mt19937 random(99u + static_cast<unsigned>(t));
            for (int n = 0; n < 600; ++n) {
                KDPC& dpc = dpcs[random() % dpc_count];
                const bool raised = random() % 3 == 0;
                const KIRQL old_irql = raised ? raise_irql(DISPATCH_LEVEL) : KIRQL{PASSIVE_LEVEL};
                if (insert_dpc(dpc, nullptr, nullptr)) ++inserted;
                if (random() % 4 == 0 && remove_dpc(dpc)) ++removed;
                if (raised) lower_irql(old_irql);
            }
        }));
    }
    threads.clear();
    flush_dpcs();
    EXPECT_EQ(target.runs, inserted.load() - removed.load());
    EXPECT_GT(target.runs, 0);
}

// --- Timers ---

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
    EXPECT_GE(calls.count.load(), 4);
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
