// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/dpc.h"

#include <atomic>
#include <random>
#include <vector>

#include "kernel/dispatcher/dispatcher_test_support.h"
#include "kernel/dispatcher/dpc_test_support.h"
#include "kernel/dispatcher/spin_lock.h"

namespace pw::ke {
namespace {

using namespace test;

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

}  // namespace
}  // namespace pw::ke
