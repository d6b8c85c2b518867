// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/dispatcher_test_support.h"

namespace pw::ke {
namespace {

using namespace test;

TEST(Mutant, IsRecursiveForItsOwner) {
    World world;
    KMUTANT mutant;
    world.dispatcher.initialize_mutant(mutant, nullptr);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(world.wait(mutant.Header, &poll), STATUS_SUCCESS);
    EXPECT_EQ(Dispatcher::read_state(mutant.Header), -2);
    KernelThread other(world, [&] { EXPECT_EQ(world.wait(mutant.Header, &poll), STATUS_TIMEOUT); });
    other.join();
    LONG before = 1;
    for (const LONG expected : {-2, -1, 0}) {
        EXPECT_EQ(world.dispatcher.release_mutant(mutant, world.self, &before).code(), STATUS_SUCCESS);
        EXPECT_EQ(before, expected);
    }
    EXPECT_EQ(world.dispatcher.release_mutant(mutant, world.self, &before).code(), STATUS_MUTANT_NOT_OWNED);
}

TEST(Mutant, IsHandedToTheNextWaiter) {
    World world;
    KMUTANT mutant;
    world.dispatcher.initialize_mutant(mutant, &world.self);
    KernelThread other(world, [&] {
        EXPECT_EQ(world.wait(mutant.Header), STATUS_SUCCESS);
        EXPECT_EQ(world.dispatcher.release_mutant(mutant, *Thread::current(), nullptr).code(), STATUS_SUCCESS);
    });
    yield_until([&] { return other.thread().is_waiting(); });
    EXPECT_EQ(world.dispatcher.release_mutant(mutant, world.self, nullptr).code(), STATUS_SUCCESS);
    other.join();
    EXPECT_EQ(Dispatcher::read_state(mutant.Header), 1);
}

TEST(Mutant, AnExitingOwnerAbandonsItAndTheNextOwnerIsToldOnce) {
    World world;
    KMUTANT mutants[2];
    KEVENT event;
    Dispatcher::initialize_event(event, SynchronizationEvent, false);
    for (KMUTANT& mutant : mutants) world.dispatcher.initialize_mutant(mutant, nullptr);
    KernelThread owner(world, [&] {
        for (KMUTANT& mutant : mutants) EXPECT_EQ(world.wait(mutant.Header), STATUS_SUCCESS);
        world.dispatcher.abandon_mutants(*Thread::current());
    });
    owner.join();
    DISPATCHER_HEADER* objects[] = {&event.Header, &mutants[0].Header};
    EXPECT_EQ(world.dispatcher.wait_multiple(2, objects, WaitAny, KernelMode, false, &poll, nullptr).code(), STATUS_ABANDONED_WAIT_0 + 1);
    EXPECT_EQ(world.wait(mutants[1].Header, &poll), STATUS_ABANDONED);
    EXPECT_EQ(world.wait(mutants[1].Header, &poll), STATUS_SUCCESS);
    world.dispatcher.abandon_mutants(world.self);
}

TEST(Mutant, ABlockedWaiterLearnsOfTheAbandonment) {
    World world;
    KMUTANT mutant;
    world.dispatcher.initialize_mutant(mutant, &world.self);
    KernelThread other(world, [&] {
        EXPECT_EQ(world.wait(mutant.Header), STATUS_ABANDONED);
        EXPECT_EQ(world.dispatcher.release_mutant(mutant, *Thread::current(), nullptr).code(), STATUS_SUCCESS);
    });
    yield_until([&] { return other.thread().is_waiting(); });
    world.dispatcher.abandon_mutants(world.self);
}

TEST(Mutant, RefusesTheRecursionBeyondItsLimit) {
    World world;
    KMUTANT mutant;
    world.dispatcher.initialize_mutant(mutant, &world.self);
    mutant.Header.SignalState = INT32_MIN;
    EXPECT_EQ(world.wait(mutant.Header, &poll), STATUS_MUTANT_LIMIT_EXCEEDED);
    mutant.Header.SignalState = 0;
    EXPECT_EQ(world.dispatcher.release_mutant(mutant, world.self, nullptr).code(), STATUS_SUCCESS);
}

TEST(Mutant, AMutexDisablesKernelApcsOfItsOwnerAndAMutantDoesNot) {
    World world;
    KMUTANT mutex;
    KMUTANT mutant;
    Dispatcher::initialize_mutex(mutex);
    world.dispatcher.initialize_mutant(mutant, nullptr);
    EXPECT_EQ(world.wait(mutant.Header, &poll), STATUS_SUCCESS);
    EXPECT_FALSE(world.self.apcs_disabled());
    EXPECT_EQ(world.wait(mutex.Header, &poll), STATUS_SUCCESS);
    EXPECT_EQ(world.wait(mutex.Header, &poll), STATUS_SUCCESS);
    EXPECT_TRUE(world.self.apcs_disabled());
    EXPECT_FALSE(world.self.all_apcs_disabled());
    EXPECT_TRUE(world.dispatcher.release_mutant(mutex, world.self, nullptr).is_success());
    EXPECT_TRUE(world.self.apcs_disabled());
    EXPECT_TRUE(world.dispatcher.release_mutant(mutex, world.self, nullptr).is_success());
    EXPECT_FALSE(world.self.apcs_disabled());
    world.dispatcher.abandon_mutants(world.self);
}

TEST(MutantDeathTest, AThreadThatExitsWithAMutexIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KMUTANT mutex;
            Dispatcher::initialize_mutex(mutex);
            world.wait(mutex.Header);
            world.dispatcher.abandon_mutants(world.self);
        },
        "THREAD_TERMINATE_HELD_MUTEX");
}

TEST(Mutant, AFreedMutantLeavesItsOwnersList) {
    World world;
    {
        KMUTANT mutant;
        world.dispatcher.initialize_mutant(mutant, &world.self);
        world.dispatcher.forget_mutant(mutant);
    }
    world.dispatcher.abandon_mutants(world.self);
}

TEST(Region, CriticalRegionsDisableNormalApcsAndGuardedRegionsAll) {
    World world;
    EXPECT_FALSE(world.self.apcs_disabled());
    world.self.enter_critical_region();
    world.self.enter_critical_region();
    world.self.leave_critical_region();
    EXPECT_TRUE(world.self.apcs_disabled());
    EXPECT_FALSE(world.self.all_apcs_disabled());
    world.self.leave_critical_region();
    EXPECT_FALSE(world.self.apcs_disabled());
    world.self.enter_guarded_region();
    EXPECT_TRUE(world.self.apcs_disabled());
    EXPECT_TRUE(world.self.all_apcs_disabled());
    world.self.leave_guarded_region();
    const KIRQL old_irql = world.self.raise_irql(APC_LEVEL);
    EXPECT_TRUE(world.self.all_apcs_disabled());
    EXPECT_FALSE(world.self.apcs_disabled());
    world.self.lower_irql(old_irql);
}

TEST(RegionDeathTest, LeavingARegionThatWasNotEnteredIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            world.self.leave_critical_region();
        },
        "DRIVER_VERIFIER_DETECTED_VIOLATION");
}

}  // namespace
}  // namespace pw::ke
