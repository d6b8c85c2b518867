// SPDX-License-Identifier: Apache-2.0
// Kernel APCs: when they run, in which order, what keeps them back, and what they do to a wait.
#include "kernel/dispatcher/kernel_apc.h"

#include <gtest/gtest.h>

#include <deque>

#include "kernel/dispatcher/dispatcher_test_support.h"

namespace pw::ke::test {
namespace {

// A KAPC that notes what happens; its own argument is its number.
struct Noting : KAPC {
    static thread_local std::vector<int>* notes;
    static thread_local std::vector<KIRQL>* levels;

    explicit Noting(int value, bool special, CCHAR state_index = 0) : number(value) {
        initialize_apc(*this, nullptr, state_index,
                       {.kernel = special ? note_special : note_kernel, .rundown = nullptr, .normal = special ? nullptr : note_normal},
                       KernelMode, this);
    }
    static void note(int value) {
        notes->push_back(value);
        levels->push_back(current_irql());
    }
    static void NTAPI note_special(KAPC* apc, PKNORMAL_ROUTINE*, PVOID*, PVOID*, PVOID*) {
        note(static_cast<Noting*>(apc)->number);
    }
    static void NTAPI note_kernel(KAPC* apc, PKNORMAL_ROUTINE*, PVOID*, PVOID*, PVOID* argument2) {
        note(static_cast<Noting*>(apc)->number);
        *argument2 = reinterpret_cast<PVOID>(std::uintptr_t{42});
    }
    static void NTAPI note_normal(PVOID context, PVOID argument1, PVOID argument2) {
        EXPECT_EQ(argument1, context);
        EXPECT_EQ(argument2, reinterpret_cast<PVOID>(std::uintptr_t{42}));
        note(static_cast<Noting*>(static_cast<KAPC*>(context))->number + 100);
    }
    const int number;
};
thread_local std::vector<int>* Noting::notes = nullptr;
thread_local std::vector<KIRQL>* Noting::levels = nullptr;

struct ApcWorld : World {
    ApcWorld() { adopt(); }
    // Notes of the calling thread go to this world's lists.
    void adopt() {
        Noting::notes = &notes;
        Noting::levels = &levels;
    }
    bool insert(Noting& apc, Thread& thread) { return dispatcher.insert_kernel_apc(apc, thread, &apc, nullptr); }
    bool insert(Noting& apc) { return insert(apc, self); }
    std::vector<int> notes;
    std::vector<KIRQL> levels;
};

using Order = std::vector<int>;

TEST(KernelApc, ToTheThreadItselfItHasRunWhenTheInsertionReturns) {
    ApcWorld world;
    Noting special(1, true), normal(2, false);
    EXPECT_TRUE(world.insert(special));
    EXPECT_EQ(world.notes, Order{1});
    EXPECT_TRUE(world.insert(normal));
    EXPECT_EQ(world.notes, (Order{1, 2, 102}));
    EXPECT_EQ(world.levels, (std::vector<KIRQL>{APC_LEVEL, APC_LEVEL, PASSIVE_LEVEL}));
    EXPECT_FALSE(normal.Inserted);
    EXPECT_FALSE(world.self.has_kernel_apcs());
}

TEST(KernelApc, ApcLevelKeepsBothKindsBackUntilItIsLeft) {
    ApcWorld world;
    Noting normal(1, false), special(2, true), later(3, true);
    const KIRQL old_irql = world.self.raise_irql(APC_LEVEL);
    EXPECT_TRUE(world.insert(normal));
    EXPECT_TRUE(world.insert(special));
    EXPECT_TRUE(world.insert(later));
    EXPECT_FALSE(world.insert(later));  // it is queued
    EXPECT_TRUE(world.notes.empty());
    world.self.lower_irql(old_irql);
    EXPECT_EQ(world.notes, (Order{2, 3, 1, 101}));  // special ones first, each kind in order
}

TEST(KernelApc, ACriticalRegionKeepsNormalOnesBackAndAGuardedRegionAll) {
    ApcWorld world;
    Noting normal(1, false), special(2, true), guarded(3, true);
    world.self.enter_critical_region();
    world.self.enter_critical_region();
    world.insert(normal);
    world.insert(special);
    EXPECT_EQ(world.notes, Order{2});
    world.self.enter_guarded_region();
    world.insert(guarded);
    EXPECT_EQ(world.notes, Order{2});
    world.self.leave_guarded_region();
    EXPECT_EQ(world.notes, (Order{2, 3}));
    world.self.leave_critical_region();
    EXPECT_EQ(world.notes, (Order{2, 3}));
    world.self.leave_critical_region();
    EXPECT_EQ(world.notes, (Order{2, 3, 1, 101}));
}

TEST(KernelApc, OwningAMutexKeepsNormalOnesBack) {
    ApcWorld world;
    KMUTANT mutex;
    Dispatcher::initialize_mutex(mutex);
    Noting normal(1, false);
    ASSERT_EQ(world.wait(mutex.Header), STATUS_WAIT_0);
    world.insert(normal);
    EXPECT_TRUE(world.notes.empty());
    EXPECT_EQ(world.dispatcher.release_mutant(mutex, world.self, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(world.notes, (Order{1, 101}));
}

TEST(KernelApc, ANormalRoutineIsNotInterruptedByAnotherOneButBySpecialOnes) {
    ApcWorld world;
    struct Inner {
        ApcWorld& world;
        Noting normal{5, false}, special{6, true};
    } inner{world};
    KAPC outer;
    initialize_apc(outer, nullptr, 0,
                   {.kernel = [](KAPC*, PKNORMAL_ROUTINE*, PVOID*, PVOID*, PVOID*) {},
                    .rundown = nullptr,
                    .normal =
                        [](PVOID context, PVOID, PVOID) {
                            auto& in = *static_cast<Inner*>(context);
                            in.world.insert(in.normal);
                            in.world.insert(in.special);
                            EXPECT_EQ(in.world.notes, Order{6});
                        }},
                   KernelMode, &inner);
    EXPECT_TRUE(world.dispatcher.insert_kernel_apc(outer, world.self, nullptr, nullptr));
    EXPECT_EQ(world.notes, (Order{6, 5, 105}));
}

TEST(KernelApc, AKernelRoutineMayTakeTheNormalRoutineBack) {
    ApcWorld world;
    KAPC apc;
    initialize_apc(apc, nullptr, 0,
                   {.kernel = [](KAPC*, PKNORMAL_ROUTINE* normal, PVOID*, PVOID*, PVOID*) { *normal = nullptr; },
                    .rundown = nullptr,
                    .normal = [](PVOID, PVOID, PVOID) { ADD_FAILURE(); }},
                   KernelMode, nullptr);
    EXPECT_TRUE(world.dispatcher.insert_kernel_apc(apc, world.self, nullptr, nullptr));
    EXPECT_FALSE(world.self.has_kernel_apcs());
}

TEST(KernelApc, WhatWasRemovedDoesNotRun) {
    ApcWorld world;
    Noting apc(1, true);
    EXPECT_FALSE(world.dispatcher.remove_kernel_apc(apc, world.self));
    world.self.enter_guarded_region();
    world.insert(apc);
    EXPECT_TRUE(world.dispatcher.remove_kernel_apc(apc, world.self));
    EXPECT_FALSE(world.dispatcher.remove_kernel_apc(apc, world.self));
    world.self.leave_guarded_region();
    EXPECT_TRUE(world.notes.empty());
    EXPECT_TRUE(world.insert(apc));  // it can be used again
    EXPECT_EQ(world.notes, Order{1});
}

TEST(KernelApc, OfTheOtherProcessItWaitsForTheWayBack) {
    ApcWorld world;
    Noting own(1, true, 0), attached(2, true, 1);
    world.self.set_attached_apc_state(true);
    world.insert(own);
    world.insert(attached);
    EXPECT_EQ(world.notes, Order{2});
    world.self.set_attached_apc_state(false);
    world.self.deliver_kernel_apcs();
    EXPECT_EQ(world.notes, (Order{2, 1}));
}

TEST(KernelApc, AThreadThatEndsTakesNoMoreAndGivesBackWhatIsLeft) {
    ApcWorld world;
    Noting first(1, true), second(2, true);
    world.self.enter_guarded_region();
    world.insert(first);
    EXPECT_EQ(world.dispatcher.close_kernel_apcs(world.self), &first);
    EXPECT_EQ(world.dispatcher.close_kernel_apcs(world.self), nullptr);
    EXPECT_FALSE(world.insert(second));
    world.self.leave_guarded_region();
    EXPECT_TRUE(world.notes.empty());
}

// "Waits and APCs": a kernel APC interrupts the wait, whatever it is, runs, and the wait goes on.
TEST(KernelApc, AWaitGoesOnAfterIt) {
    ApcWorld world;
    Event event(SynchronizationEvent, false);
    std::atomic<int> ran{0};
    std::atomic<NTSTATUS> status{STATUS_PENDING};
    KernelThread waiter(world, [&] { status = world.wait(event.Header); });
    world.yield_until_waited_for(event.Header);
    struct Counting : KAPC {
        std::atomic<int>* ran;
    };
    for (int round = 1; round <= 3; ++round) {
        Counting apc;
        initialize_apc(apc, nullptr, 0,
                       {.kernel = [](KAPC* self, PKNORMAL_ROUTINE*, PVOID*, PVOID*, PVOID*) { ++*static_cast<Counting*>(self)->ran; },
                        .rundown = nullptr,
                        .normal = nullptr},
                       KernelMode, nullptr);
        apc.ran = &ran;
        EXPECT_TRUE(world.dispatcher.insert_kernel_apc(apc, waiter.thread(), nullptr, nullptr));
        yield_until([&] { return ran == round; });
        EXPECT_EQ(status, STATUS_PENDING);
        world.yield_until_waited_for(event.Header);
    }
    world.dispatcher.set_event(event);
    waiter.join();
    EXPECT_EQ(status, STATUS_WAIT_0);
}

TEST(KernelApc, AWaitInACriticalRegionIsNotInterruptedByANormalOne) {
    ApcWorld world;
    Event event(NotificationEvent, false);
    Noting normal(1, false);
    std::atomic<bool> ran_in_region{true};
    KernelThread waiter(world, [&] {
        world.adopt();
        Thread& self = *Thread::current();
        self.enter_critical_region();
        EXPECT_EQ(world.wait(event.Header), STATUS_WAIT_0);
        ran_in_region = !world.notes.empty();
        self.leave_critical_region();
    });
    world.yield_until_waited_for(event.Header);
    world.insert(normal, waiter.thread());
    EXPECT_TRUE(world.dispatcher.has_waiters(event.Header));
    world.dispatcher.set_event(event);
    waiter.join();
    EXPECT_FALSE(ran_in_region);
    EXPECT_EQ(world.notes, (Order{1, 101}));
}

TEST(KernelApc, ARoutineMayWaitWhileItsThreadWaits) {
    ApcWorld world;
    Event event(SynchronizationEvent, false), inner(SynchronizationEvent, false);
    struct Waiting : KAPC {
        World* world;
        KEVENT* inner;
    } apc;
    initialize_apc(apc, nullptr, 0,
                   {.kernel = [](KAPC*, PKNORMAL_ROUTINE*, PVOID*, PVOID*, PVOID*) {},
                    .rundown = nullptr,
                    .normal =
                        [](PVOID context, PVOID, PVOID) {
                            auto& waiting = *static_cast<Waiting*>(context);
                            EXPECT_EQ(waiting.world->wait(waiting.inner->Header), STATUS_WAIT_0);
                        }},
                   KernelMode, &apc);
    apc.world = &world;
    apc.inner = &inner;
    KernelThread waiter(world, [&] { EXPECT_EQ(world.wait(event.Header), STATUS_WAIT_0); });
    world.yield_until_waited_for(event.Header);
    world.dispatcher.insert_kernel_apc(apc, waiter.thread(), nullptr, nullptr);
    world.yield_until_waited_for(inner.Header);
    EXPECT_FALSE(world.dispatcher.has_waiters(event.Header));  // PulseEvent would miss it now, as documented
    world.dispatcher.set_event(inner);
    world.yield_until_waited_for(event.Header);
    world.dispatcher.set_event(event);
    waiter.join();
}

TEST(KernelApc, ATimedWaitKeepsItsDeadline) {
    ApcWorld world;
    Event event(NotificationEvent, false);
    std::atomic<bool> done{false};
    KernelThread waiter(world, [&] {
        world.adopt();
        const LARGE_INTEGER soon = relative_ms(30);
        EXPECT_EQ(world.wait(event.Header, &soon), STATUS_TIMEOUT);
        done = true;
    });
    // It would never end if each APC started the interval anew.
    std::deque<Noting> apcs;
    while (!done) {
        if (apcs.size() >= 100'000) break;
        world.insert(apcs.emplace_back(1, true), waiter.thread());
        yield_until([&] { return !waiter.thread().has_kernel_apcs() || done; });
    }
    waiter.join();
    while (world.dispatcher.close_kernel_apcs(waiter.thread())) {
    }
}

TEST(KernelApc, TheDoorbellRingsForAThreadThatRunsNothing) {
    ApcWorld world;
    Thread other(world.dispatcher);
    int rings = 0;
    other.set_apc_doorbell([](void* count) { ++*static_cast<int*>(count); }, &rings);
    Noting apc(1, true), second(2, true);
    world.insert(apc, other);
    EXPECT_EQ(rings, 1);
    EXPECT_TRUE(world.notes.empty());
    {
        Thread::Binding binding(other);
        other.deliver_kernel_apcs();
    }
    EXPECT_EQ(world.notes, Order{1});
    other.set_apc_doorbell(nullptr, nullptr);
    world.insert(second, other);
    EXPECT_EQ(rings, 1);
    EXPECT_TRUE(world.dispatcher.remove_kernel_apc(second, other));
}

TEST(KernelApcDeathTest, ARoutineThatReturnsAtAnotherIrqlStopsTheMachine) {
    ApcWorld world;
    PW_EXPECT_BUG_CHECK(
        {
            KAPC apc;
            initialize_apc(apc, nullptr, 0,
                           {.kernel = [](KAPC*, PKNORMAL_ROUTINE*, PVOID*, PVOID*, PVOID*) { raise_irql(DISPATCH_LEVEL); },
                            .rundown = nullptr,
                            .normal = nullptr},
                           KernelMode, nullptr);
            world.dispatcher.insert_kernel_apc(apc, world.self, nullptr, nullptr);
        },
        "IRQL_UNEXPECTED_VALUE");
}

TEST(KernelApcStress, WaitsAndApcsOfSeveralThreadsLoseNeitherWakesNorApcs) {
    ApcWorld world;
    constexpr int rounds = 2000;
    Semaphore semaphore(0, rounds);
    std::atomic<int> ran{0};
    struct Counting : KAPC {
        std::atomic<int>* ran;
    };
    std::vector<Counting> apcs(rounds);
    KernelThread waiter(world, [&] {
        for (int i = 0; i < rounds; ++i) {
            if (i % 7 == 0) Thread::current()->enter_critical_region();
            EXPECT_EQ(world.wait(semaphore.Header), STATUS_WAIT_0);
            if (i % 7 == 0) Thread::current()->leave_critical_region();
        }
        Thread::current()->deliver_kernel_apcs();
    });
    KernelThread releaser(world, [&] {
        for (int i = 0; i < rounds; ++i) EXPECT_EQ(world.dispatcher.release_semaphore(semaphore, 1, nullptr), STATUS_SUCCESS);
    });
    int inserted = 0;
    for (Counting& apc : apcs) {
        initialize_apc(apc, nullptr, 0,
                       {.kernel = [](KAPC* self, PKNORMAL_ROUTINE*, PVOID*, PVOID*, PVOID*) { ++*static_cast<Counting*>(self)->ran; },
                        .rundown = nullptr,
                        .normal = inserted % 2 == 0 ? static_cast<PKNORMAL_ROUTINE>([](PVOID, PVOID, PVOID) {}) : nullptr},
                       KernelMode, nullptr);
        apc.ran = &ran;
        inserted += world.dispatcher.insert_kernel_apc(apc, waiter.thread(), nullptr, nullptr);
    }
    waiter.join();
    releaser.join();
    {
        Thread::Binding binding(waiter.thread());  // what came after its last look
        waiter.thread().deliver_kernel_apcs();
    }
    EXPECT_EQ(inserted, rounds);
    EXPECT_EQ(ran, rounds);
}

}  // namespace
}  // namespace pw::ke::test
