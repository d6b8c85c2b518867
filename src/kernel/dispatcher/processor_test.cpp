// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/processor.h"

#include <atomic>
#include <random>
#include <vector>

#include "kernel/dispatcher/dispatcher_test_support.h"
#include "kernel/dispatcher/spin_lock.h"

namespace pw::ke {
namespace {

using namespace test;

TEST(Irql, IsPassiveOutsideAnyKernel) {
    EXPECT_EQ(Thread::current(), nullptr);
    EXPECT_EQ(current_irql(), PASSIVE_LEVEL);
    EXPECT_EQ(current_processor_number(), 0u);
}

TEST(Irql, AThreadHoldsAProcessorFromDispatchLevelUpwardsOnly) {
    World world;
    EXPECT_EQ(world.self.raise_irql(APC_LEVEL), PASSIVE_LEVEL);
    EXPECT_EQ(world.self.processor(), nullptr);
    EXPECT_EQ(world.self.raise_irql(DISPATCH_LEVEL), APC_LEVEL);
    Processor* processor = world.self.processor();
    ASSERT_NE(processor, nullptr);
    EXPECT_TRUE(processor->is_held());
    EXPECT_EQ(world.self.raise_irql(HIGH_LEVEL), DISPATCH_LEVEL);
    EXPECT_EQ(world.self.processor(), processor);
    world.self.lower_irql(DISPATCH_LEVEL);
    EXPECT_EQ(world.self.processor(), processor);
    world.self.lower_irql(PASSIVE_LEVEL);
    EXPECT_EQ(world.self.processor(), nullptr);
    EXPECT_TRUE(processor->is_idle());
}

TEST(IrqlDeathTest, RaisingDownwardsIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            world.self.raise_irql(DISPATCH_LEVEL);
            world.self.raise_irql(APC_LEVEL);
        },
        "IRQL_NOT_GREATER_OR_EQUAL");
}

TEST(IrqlDeathTest, LoweringUpwardsIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            world.self.lower_irql(DISPATCH_LEVEL);
        },
        "IRQL_NOT_LESS_OR_EQUAL");
}

TEST(Irql, EachThreadHasItsOwn) {
    World world;
    const KIRQL old_irql = world.self.raise_irql(DISPATCH_LEVEL);
    KernelThread other(world, [&] { EXPECT_EQ(current_irql(), PASSIVE_LEVEL); });
    other.join();
    world.self.lower_irql(old_irql);
}

TEST(Irql, ABindingMakesAThreadCurrentAndRestoresThePreviousOne) {
    World outer;
    World inner;
    EXPECT_EQ(Thread::current(), &inner.self);
    {
        Thread::Binding binding(outer.self);
        EXPECT_EQ(Thread::current(), &outer.self);
    }
    EXPECT_EQ(Thread::current(), &inner.self);
}

TEST(Processor, AnAffinityPinsTheThread) {
    World world(4);
    for (unsigned number = 0; number < 4; ++number) {
        world.self.set_affinity(KAFFINITY{1} << number);
        EXPECT_EQ(world.self.processor_number(), number);
        const KIRQL old_irql = world.self.raise_irql(DISPATCH_LEVEL);
        EXPECT_EQ(world.self.processor_number(), number);
        world.self.lower_irql(old_irql);
    }
    EXPECT_EQ(world.self.set_affinity(0), KAFFINITY{8});  // an empty set changes nothing
    EXPECT_EQ(world.self.affinity(), KAFFINITY{8});
}

TEST(Processor, OnlyAsManyThreadsAsProcessorsAreAtDispatchLevel) {
    World world(2);
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    std::vector<std::unique_ptr<KernelThread>> threads;
    for (int i = 0; i < 6; ++i) {
        threads.push_back(std::make_unique<KernelThread>(world, [&, i] {
            std::mt19937 random(static_cast<unsigned>(i));
            for (int n = 0; n < 400; ++n) {
                const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
                const int now = ++inside;
                int seen = most.load();
                while (now > seen && !most.compare_exchange_weak(seen, now)) {}
                if (random() % 8 == 0) platform::yield_thread();
                --inside;
                lower_irql(old_irql);
            }
        }));
    }
    threads.clear();
    EXPECT_LE(most.load(), 2);
    EXPECT_GE(most.load(), 1);
}

// One processor that only one of several waiters may take: wakes must reach the right one.
TEST(Processor, PickyWaitersAreNotForgotten) {
    World world(2);
    std::atomic<int> done{0};
    std::vector<std::unique_ptr<KernelThread>> threads;
    for (int i = 0; i < 6; ++i) {
        threads.push_back(std::make_unique<KernelThread>(world, [&, i] {
            if (i < 4) Thread::current()->set_affinity(KAFFINITY{1} << (i % 2));
            for (int n = 0; n < 300; ++n) {
                const KIRQL old_irql = raise_irql(DISPATCH_LEVEL);
                if (n % 16 == 0) platform::yield_thread();
                lower_irql(old_irql);
            }
            ++done;
        }));
    }
    threads.clear();
    EXPECT_EQ(done.load(), 6);
}

// --- Spin locks ---

TEST(SpinLock, RaisesToDispatchLevelAndBack) {
    World world;
    KSPIN_LOCK lock = 99;
    initialize_spin_lock(lock);
    EXPECT_TRUE(spin_lock_is_free(lock));
    const KIRQL old_irql = acquire_spin_lock(lock);
    EXPECT_EQ(old_irql, PASSIVE_LEVEL);
    EXPECT_EQ(current_irql(), DISPATCH_LEVEL);
    EXPECT_FALSE(spin_lock_is_free(lock));
    release_spin_lock(lock, old_irql);
    EXPECT_EQ(current_irql(), PASSIVE_LEVEL);
    EXPECT_EQ(lock, 0u);
}

TEST(SpinLock, TryFailsWhileAnotherThreadHoldsIt) {
    World world;
    KSPIN_LOCK lock = 0;
    const KIRQL old_irql = acquire_spin_lock(lock);
    KernelThread other(world, [&] {
        const KIRQL irql = raise_irql(DISPATCH_LEVEL);
        EXPECT_FALSE(try_acquire_spin_lock_at_dpc_level(lock));
        lower_irql(irql);
    });
    other.join();
    release_spin_lock(lock, old_irql);
    const KIRQL irql = raise_irql(DISPATCH_LEVEL);
    EXPECT_TRUE(try_acquire_spin_lock_at_dpc_level(lock));
    release_spin_lock_from_dpc_level(lock);
    lower_irql(irql);
}

TEST(SpinLock, ExcludesManyThreadsOverFewProcessors) {
    World world(2);
    KSPIN_LOCK lock = 0;
    long value = 0;
    run_threads(world, 5, 1'000, 77, [&](std::mt19937& random) {
        const KIRQL old_irql = acquire_spin_lock(lock);
        ++value;
        if (random() % 64 == 0) platform::yield_thread();  // as if the OS preempted the holder
        release_spin_lock(lock, old_irql);
    });
    EXPECT_EQ(value, 5'000);
    EXPECT_EQ(lock, 0u);
}

TEST(SpinLock, ExcludesWhenThereAreMoreProcessorsThanTheMachineHas) {
    World world(8);
    KSPIN_LOCK lock = 0;
    long value = 0;
    run_threads(world, 8, 500, 77, [&](std::mt19937& random) {
        const KIRQL old_irql = acquire_spin_lock(lock);
        ++value;
        if (random() % 64 == 0) platform::yield_thread();
        release_spin_lock(lock, old_irql);
    });
    EXPECT_EQ(value, 4'000);
}

TEST(SpinLock, AQueuedLockExcludesManyThreads) {
    World world(8);
    KSPIN_LOCK lock = 0;
    long value = 0;
    run_threads(world, 6, 500, 77, [&](std::mt19937& random) {
        KLOCK_QUEUE_HANDLE handle;
        acquire_queued_spin_lock(lock, handle);
        EXPECT_EQ(current_irql(), DISPATCH_LEVEL);
        ++value;
        if (random() % 64 == 0) platform::yield_thread();
        release_queued_spin_lock(handle);
    });
    EXPECT_EQ(value, 3'000);
    EXPECT_EQ(lock, 0u);
}

TEST(SpinLock, AQueuedLockIsHandedOnInOrderOfArrival) {
    World world(4);
    KSPIN_LOCK lock = 0;
    KLOCK_QUEUE_HANDLE mine;
    acquire_queued_spin_lock(lock, mine);
    std::vector<int> order;
    std::vector<std::unique_ptr<KernelThread>> threads;
    for (int i = 0; i < 3; ++i) {
        const KSPIN_LOCK tail = std::atomic_ref<KSPIN_LOCK>(lock).load();
        threads.push_back(std::make_unique<KernelThread>(world, [&, i] {
            KLOCK_QUEUE_HANDLE handle;
            acquire_queued_spin_lock(lock, handle);
            order.push_back(i);
            release_queued_spin_lock(handle);
        }));
        yield_until([&] { return std::atomic_ref<KSPIN_LOCK>(lock).load() != tail; });
    }
    release_queued_spin_lock(mine);
    threads.clear();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(SpinLockDeathTest, ASecondAcquireByTheOwnerIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KSPIN_LOCK lock = 0;
            (void)acquire_spin_lock(lock);
            (void)acquire_spin_lock(lock);
        },
        "0x0000000F SPIN_LOCK_ALREADY_OWNED");
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KSPIN_LOCK lock = 0;
            KLOCK_QUEUE_HANDLE first;
            KLOCK_QUEUE_HANDLE second;
            acquire_queued_spin_lock(lock, first);
            acquire_queued_spin_lock(lock, second);
        },
        "SPIN_LOCK_ALREADY_OWNED");
}

TEST(SpinLockDeathTest, ReleasingALockThatIsNotOwnedIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KSPIN_LOCK lock = 0;
            const KIRQL old_irql = acquire_spin_lock(lock);
            release_spin_lock(lock, old_irql);
            release_spin_lock(lock, old_irql);
        },
        "0x00000010 SPIN_LOCK_NOT_OWNED");
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KSPIN_LOCK lock = 0;
            KLOCK_QUEUE_HANDLE handle;
            acquire_queued_spin_lock(lock, handle);
            release_queued_spin_lock(handle);
            raise_irql(DISPATCH_LEVEL);
            release_queued_spin_lock_from_dpc_level(handle);
        },
        "SPIN_LOCK_NOT_OWNED");
}

TEST(SpinLockDeathTest, AnAcquireAtDpcLevelBelowDispatchLevelIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KSPIN_LOCK lock = 0;
            acquire_spin_lock_at_dpc_level(lock);
        },
        "DRIVER_VERIFIER_DETECTED_VIOLATION \\(0x40");
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KSPIN_LOCK lock = 0;
            KLOCK_QUEUE_HANDLE handle;
            acquire_queued_spin_lock_at_dpc_level(lock, handle);
        },
        "DRIVER_VERIFIER_DETECTED_VIOLATION \\(0x40");
}

TEST(SpinLockDeathTest, AnAcquireAboveDispatchLevelIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KSPIN_LOCK lock = 0;
            raise_irql(HIGH_LEVEL);
            (void)acquire_spin_lock(lock);
        },
        "DRIVER_VERIFIER_DETECTED_VIOLATION \\(0x42");
}

TEST(SpinLockDeathTest, AnUninitialisedLockIsDiagnosed) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KSPIN_LOCK lock = 0x4141414141414140;
            (void)acquire_spin_lock(lock);
        },
        "SPIN_LOCK_INIT_FAILURE");
}

}  // namespace
}  // namespace pw::ke
