// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <vector>

#include "kernel/dispatcher/dispatcher_test_support.h"
#include "kernel/dispatcher/fast_mutex.h"
#include "kernel/dispatcher/interlocked_list.h"
#include "kernel/dispatcher/push_lock.h"
#include "kernel/dispatcher/resource.h"
#include "kernel/dispatcher/rundown.h"

namespace pw::ke {
namespace {

using namespace test;

// --- Fast and guarded mutexes ---

TEST(FastMutex, RaisesToApcLevelAndBack) {
    World world;
    FAST_MUTEX mutex;
    initialize_fast_mutex(mutex);
    acquire_fast_mutex(mutex);
    EXPECT_EQ(current_irql(), APC_LEVEL);
    EXPECT_EQ(mutex.Owner, world.self.nt_identity());
    KernelThread other(world, [&] {
        EXPECT_FALSE(try_acquire_fast_mutex(mutex));
        EXPECT_EQ(current_irql(), PASSIVE_LEVEL);
    });
    other.join();
    release_fast_mutex(mutex);
    EXPECT_EQ(current_irql(), PASSIVE_LEVEL);
    EXPECT_TRUE(try_acquire_fast_mutex(mutex));
    EXPECT_EQ(current_irql(), APC_LEVEL);
    release_fast_mutex(mutex);
}

TEST(FastMutex, ExcludesAndCountsContention) {
    World world;
    FAST_MUTEX mutex;
    initialize_fast_mutex(mutex);
    long value = 0;
    run_threads(world, 4, 500, 7, [&](std::mt19937& random) {
        acquire_fast_mutex(mutex);
        ++value;
        if (random() % 32 == 0) platform::yield_thread();
        release_fast_mutex(mutex);
    });
    EXPECT_EQ(value, 2'000);
    EXPECT_EQ(mutex.Count, 1);
    EXPECT_EQ(mutex.Owner, nullptr);
}

TEST(FastMutex, TheUnsafeFormLeavesTheIrqlAlone) {
    World world;
    FAST_MUTEX mutex;
    initialize_fast_mutex(mutex);
    world.self.enter_critical_region();
    acquire_fast_mutex_unsafe(mutex);
    EXPECT_EQ(current_irql(), PASSIVE_LEVEL);
    release_fast_mutex_unsafe(mutex);
    world.self.leave_critical_region();
}

TEST(GuardedMutex, DisablesAllApcsWhileHeld) {
    World world;
    KGUARDED_MUTEX mutex;
    initialize_fast_mutex(mutex);
    acquire_guarded_mutex(mutex);
    EXPECT_TRUE(world.self.all_apcs_disabled());
    EXPECT_EQ(current_irql(), PASSIVE_LEVEL);
    release_guarded_mutex(mutex);
    EXPECT_FALSE(world.self.all_apcs_disabled());
    EXPECT_TRUE(try_acquire_guarded_mutex(mutex));
    release_guarded_mutex(mutex);
    EXPECT_FALSE(world.self.apcs_disabled());
}

TEST(FastMutexDeathTest, MisuseIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            FAST_MUTEX mutex;
            initialize_fast_mutex(mutex);
            acquire_fast_mutex(mutex);
            acquire_fast_mutex(mutex);
        },
        "MUTEX_ALREADY_OWNED");
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            FAST_MUTEX mutex;
            initialize_fast_mutex(mutex);
            release_fast_mutex(mutex);
        },
        "THREAD_NOT_MUTEX_OWNER");
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            FAST_MUTEX mutex;
            initialize_fast_mutex(mutex);
            raise_irql(DISPATCH_LEVEL);
            acquire_fast_mutex(mutex);
        },
        "DRIVER_VERIFIER_DETECTED_VIOLATION \\(0x33");
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            FAST_MUTEX mutex;
            initialize_fast_mutex(mutex);
            acquire_fast_mutex_unsafe(mutex);
        },
        "DRIVER_VERIFIER_DETECTED_VIOLATION \\(0x39");
}

// --- Interlocked lists ---

TEST(InterlockedList, ReturnsTheFormerNeighbourOrNull) {
    World world;
    KSPIN_LOCK lock = 0;
    LIST_ENTRY head;
    LIST_ENTRY entries[3];
    InitializeListHead(&head);
    EXPECT_EQ(interlocked_remove_head(head, lock), nullptr);
    EXPECT_EQ(interlocked_insert_head(head, entries[0], lock), nullptr);
    EXPECT_EQ(interlocked_insert_tail(head, entries[1], lock), &entries[0]);
    EXPECT_EQ(interlocked_insert_head(head, entries[2], lock), &entries[0]);
    EXPECT_EQ(interlocked_remove_head(head, lock), &entries[2]);
    EXPECT_EQ(interlocked_remove_head(head, lock), &entries[0]);
    EXPECT_EQ(interlocked_remove_head(head, lock), &entries[1]);
    EXPECT_EQ(lock, 0u);
    SINGLE_LIST_ENTRY single{nullptr};
    SINGLE_LIST_ENTRY links[2];
    EXPECT_EQ(interlocked_push(single, links[0], lock), nullptr);
    EXPECT_EQ(interlocked_push(single, links[1], lock), &links[0]);
    EXPECT_EQ(interlocked_pop(single, lock), &links[1]);
    EXPECT_EQ(interlocked_pop(single, lock), &links[0]);
    EXPECT_EQ(interlocked_pop(single, lock), nullptr);
    ULONG number = 0xfffffffe;
    EXPECT_EQ(interlocked_add(number, 3, lock), 0xfffffffeu);
    EXPECT_EQ(number, 1u);
}

TEST(SList, KeepsItsDepthAndCountsChangesInTheDocumentedFields) {
    World world;
    SLIST_HEADER header;
    SLIST_ENTRY entries[3];
    initialize_slist(header);
    EXPECT_EQ(pop_slist(header), nullptr);
    EXPECT_EQ(push_slist(header, entries[0]), nullptr);
    EXPECT_EQ(push_slist(header, entries[1]), &entries[0]);
    EXPECT_EQ(push_slist(header, entries[2]), &entries[1]);
    EXPECT_EQ(slist_depth(header), 3);
    EXPECT_EQ(header.HeaderX64.Depth, 3u);
    EXPECT_EQ(header.HeaderX64.NextEntry << 4, reinterpret_cast<ULONGLONG>(&entries[2]));
    EXPECT_EQ(pop_slist(header), &entries[2]);
    EXPECT_EQ(flush_slist(header), &entries[1]);
    EXPECT_EQ(entries[1].Next, &entries[0]);
    EXPECT_EQ(slist_depth(header), 0);
    EXPECT_EQ(header.HeaderX64.Sequence, 5u);
    EXPECT_EQ(flush_slist(header), nullptr);
}

TEST(SListStress, NoEntryIsLostOrGivenTwice) {
    World world;
    SLIST_HEADER header;
    initialize_slist(header);
    struct Item : SLIST_ENTRY {
        std::atomic<int> users{0};
    };
    std::vector<Item> items(16);
    for (Item& item : items) push_slist(header, item);
    run_threads(world, 4, 2'000, 7, [&](std::mt19937& random) {
        auto* item = static_cast<Item*>(pop_slist(header));
        if (!item) return;
        EXPECT_EQ(item->users.fetch_add(1), 0);
        if (random() % 64 == 0) platform::yield_thread();
        item->users.fetch_sub(1);
        push_slist(header, *item);
    });
    EXPECT_EQ(slist_depth(header), 16);
    int count = 0;
    while (pop_slist(header)) ++count;
    EXPECT_EQ(count, 16);
}

// --- Rundown protection ---

TEST(Rundown, WaitsForItsUsersAndLetsNobodyInAfterwards) {
    World world;
    EX_RUNDOWN_REF rundown;
    initialize_rundown(rundown);
    EXPECT_TRUE(acquire_rundown(rundown));
    EXPECT_TRUE(acquire_rundown(rundown, 2));
    std::atomic<bool> over{false};
    KernelThread waiter(world, [&] {
        wait_for_rundown(rundown);
        over = true;
    });
    yield_until([&] { return waiter.thread().is_waiting(); });
    EXPECT_FALSE(acquire_rundown(rundown));
    release_rundown(rundown, 2);
    EXPECT_FALSE(over.load());
    release_rundown(rundown);
    waiter.join();
    EXPECT_TRUE(over.load());
    EXPECT_FALSE(acquire_rundown(rundown));
    wait_for_rundown(rundown);  // returns at once
    reinitialize_rundown(rundown);
    EXPECT_TRUE(acquire_rundown(rundown));
    release_rundown(rundown);
}

TEST(RundownStress, NobodyIsInsideWhenTheWaitReturns) {
    World world;
    for (int round = 0; round < 40; ++round) {
        EX_RUNDOWN_REF rundown;
        initialize_rundown(rundown);
        std::atomic<int> inside{0};
        std::atomic<int> entered{0};
        KernelThread closer(world, [&] {
            yield_until([&] { return entered.load() > 3; });
            wait_for_rundown(rundown);
            EXPECT_EQ(inside.load(), 0);
        });
        run_threads(world, 2, 1, 7, [&](std::mt19937&) {
            while (acquire_rundown(rundown)) {
                ++inside;
                ++entered;
                --inside;
                release_rundown(rundown);
            }
        });
    }
}

// --- Push locks and reader-writer spin locks ---

TEST(PushLock, ReadersShareAndWritersExclude) {
    World world;
    EX_PUSH_LOCK lock;
    initialize_push_lock(lock);
    acquire_push_lock_shared(lock);
    KernelThread reader(world, [&] {
        acquire_push_lock_shared(lock);
        release_push_lock_shared(lock);
    });
    reader.join();
    release_push_lock_shared(lock);
    long value = 0;
    run_threads(world, 4, 400, 7, [&](std::mt19937& random) {
        if (random() % 3 == 0) {
            acquire_push_lock_exclusive(lock);
            ++value;
            if (random() % 16 == 0) platform::yield_thread();
            --value;
            release_push_lock_exclusive(lock);
        } else {
            acquire_push_lock_shared(lock);
            EXPECT_EQ(value, 0);
            if (random() % 16 == 0) platform::yield_thread();
            release_push_lock_shared(lock);
        }
    });
    EXPECT_EQ(lock, 0u);
}

TEST(RwSpinLock, ExcludesAndConverts) {
    World world(4);
    EX_SPIN_LOCK lock = 0;
    KIRQL old_irql = acquire_rw_spin_lock_shared(lock);
    EXPECT_EQ(current_irql(), DISPATCH_LEVEL);
    EXPECT_FALSE(try_acquire_rw_spin_lock_exclusive_at_dpc_level(lock));
    EXPECT_TRUE(try_acquire_rw_spin_lock_shared_at_dpc_level(lock));
    EXPECT_FALSE(try_convert_rw_spin_lock(lock));
    release_rw_spin_lock_shared_from_dpc_level(lock);
    EXPECT_TRUE(try_convert_rw_spin_lock(lock));
    release_rw_spin_lock_exclusive(lock, old_irql);
    EXPECT_EQ(current_irql(), PASSIVE_LEVEL);
    long value = 0;
    run_threads(world, 4, 400, 7, [&](std::mt19937& random) {
        if (random() % 2 == 0) {
            const KIRQL irql = acquire_rw_spin_lock_exclusive(lock);
            ++value;
            release_rw_spin_lock_exclusive(lock, irql);
        } else {
            const KIRQL irql = acquire_rw_spin_lock_shared(lock);
            if (random() % 16 == 0) platform::yield_thread();
            release_rw_spin_lock_shared(lock, irql);
        }
    });
    EXPECT_EQ(lock, 0);
    EXPECT_GT(value, 0);
}

TEST(PushLockDeathTest, ReleasingWhatIsNotHeldIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            EX_PUSH_LOCK lock = 0;
            release_push_lock_exclusive(lock);
        },
        "KERNEL_AUTO_BOOST_INVALID_LOCK_RELEASE");
}

}  // namespace
}  // namespace pw::ke
