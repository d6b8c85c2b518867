// SPDX-License-Identifier: Apache-2.0
// Kernel queues: entries in order, how many threads run, timeouts, rundown.
#include <gtest/gtest.h>

#include "kernel/dispatcher/dispatcher_test_support.h"

namespace pw::ke::test {
namespace {

struct Entry {
    LIST_ENTRY link;
    int value;
};
int value_of(LIST_ENTRY* entry) { return CONTAINING_RECORD(entry, Entry, link)->value; }
LIST_ENTRY* as_entry(NTSTATUS status) { return reinterpret_cast<LIST_ENTRY*>(static_cast<LONG_PTR>(status)); }

struct QueueWorld : World {
    explicit QueueWorld(ULONG maximum = 0, unsigned processors = 2) : World(processors) { dispatcher.initialize_queue(queue, maximum); }
    LONG insert(Entry& entry, bool at_head = false) { return dispatcher.insert_queue(queue, entry.link, at_head); }
    LIST_ENTRY* remove(const LARGE_INTEGER* timeout = nullptr) { return dispatcher.remove_queue(queue, KernelMode, timeout); }
    KQUEUE queue{};
};

TEST(KernelQueue, GivesEntriesInOrderAndTellsHowManyThereWere) {
    QueueWorld world;
    EXPECT_EQ(world.queue.MaximumCount, 2u);  // as many as there are processors
    Entry one{{}, 1}, two{{}, 2}, three{{}, 3};
    EXPECT_EQ(world.insert(one), 0);
    EXPECT_EQ(world.insert(two), 1);
    EXPECT_EQ(world.insert(three, true), 2);
    EXPECT_EQ(Dispatcher::read_state(world.queue.Header), 3);
    EXPECT_EQ(value_of(world.remove()), 3);
    EXPECT_EQ(value_of(world.remove()), 1);
    EXPECT_EQ(value_of(world.remove(&poll)), 2);
    EXPECT_EQ(world.remove(&poll), as_entry(STATUS_TIMEOUT));
    const LARGE_INTEGER soon = relative_ms(1);
    EXPECT_EQ(world.remove(&soon), as_entry(STATUS_TIMEOUT));
    EXPECT_EQ(world.queue.CurrentCount, 1u);
}

TEST(KernelQueue, WakesAThreadThatWaits) {
    QueueWorld world;
    Entry entry{{}, 7};
    std::atomic<int> got{0};
    {
        KernelThread thread(world, [&] { got = value_of(world.remove()); });
        world.yield_until_waited_for(world.queue.Header);
        EXPECT_EQ(world.insert(entry), 0);
    }
    EXPECT_EQ(got, 7);
    EXPECT_EQ(world.queue.CurrentCount, 0u);  // the thread is gone
}

TEST(KernelQueue, LetsOnlySoManyThreadsRunUntilOneOfThemWaits) {
    QueueWorld world(1);
    Entry first{{}, 1}, second{{}, 2};
    KEVENT go, done;
    Dispatcher::initialize_event(go, NotificationEvent, false);
    Dispatcher::initialize_event(done, NotificationEvent, false);
    std::atomic<int> phase{0};
    KernelThread worker(world, [&] {
        EXPECT_EQ(value_of(world.remove()), 1);
        phase = 1;
        yield_until([&] { return phase == 2; });
        // Now it waits for something else: another one may run.
        EXPECT_EQ(world.wait(go.Header), STATUS_WAIT_0);
    });
    world.yield_until_waited_for(world.queue.Header);
    world.insert(first);
    yield_until([&] { return phase == 1; });
    std::atomic<bool> other_ran{false};
    KernelThread other(world, [&] {
        EXPECT_EQ(value_of(world.remove()), 2);
        other_ran = true;
    });
    world.yield_until_waited_for(world.queue.Header);
    world.insert(second);
    EXPECT_EQ(Dispatcher::read_state(world.queue.Header), 1);  // nobody may take it
    EXPECT_TRUE(world.dispatcher.has_waiters(world.queue.Header));
    EXPECT_FALSE(other_ran);
    phase = 2;
    other.join();
    EXPECT_TRUE(other_ran);
    world.dispatcher.set_event(go);
    worker.join();
}

TEST(KernelQueue, TheThreadThatCameLastIsServedFirst) {
    QueueWorld world(4, 4);
    std::atomic<int> who{0};
    KernelThread first(world, [&] {
        if (value_of(world.remove()) == 1) who = 1;
    });
    world.yield_until_waited_for(world.queue.Header);
    std::atomic<bool> in{false};
    KernelThread second(world, [&] {
        in = true;
        if (value_of(world.remove()) == 1) who = 2;
    });
    yield_until([&] { return in && second.thread().is_waiting(); });
    Entry one{{}, 1}, two{{}, 2};
    world.insert(one);
    world.insert(two);
    first.join();
    second.join();
    EXPECT_EQ(who, 2);
}

TEST(KernelQueue, RundownReturnsTheEntriesAndLetsWaitersGo) {
    QueueWorld world;
    EXPECT_EQ(world.dispatcher.rundown_queue(world.queue), nullptr);
    Entry one{{}, 1}, two{{}, 2};
    world.insert(one);
    world.insert(two);
    LIST_ENTRY* first = world.dispatcher.rundown_queue(world.queue);
    ASSERT_EQ(first, &one.link);
    EXPECT_EQ(first->Flink, &two.link);
    EXPECT_EQ(first->Flink->Flink, first);
    EXPECT_EQ(Dispatcher::read_state(world.queue.Header), 0);
    std::atomic<LIST_ENTRY*> got{nullptr};
    KernelThread thread(world, [&] { got = world.remove(); });
    world.yield_until_waited_for(world.queue.Header);
    EXPECT_EQ(world.dispatcher.rundown_queue(world.queue), nullptr);
    thread.join();
    EXPECT_EQ(got, as_entry(STATUS_ABANDONED));
}

TEST(KernelQueue, AThreadThatEndsInUserModeWaitGetsItsApc) {
    QueueWorld world;
    std::atomic<LIST_ENTRY*> got{nullptr};
    KernelThread thread(world, [&] { got = world.dispatcher.remove_queue(world.queue, UserMode, nullptr); });
    world.yield_until_waited_for(world.queue.Header);
    thread.thread().request_termination();
    thread.join();
    EXPECT_EQ(got, as_entry(STATUS_USER_APC));
}

TEST(KernelQueueStress, EveryEntryGoesToOneThread) {
    QueueWorld world(2, 4);
    constexpr int total = 20'000;
    std::vector<Entry> entries(total);
    std::vector<std::atomic<int>> seen(total);
    std::vector<std::unique_ptr<KernelThread>> threads;
    for (int i = 0; i < 4; ++i) {
        threads.push_back(std::make_unique<KernelThread>(world, [&] {
            for (;;) {
                LIST_ENTRY* entry = world.remove();
                const int value = value_of(entry);
                if (value < 0) {
                    world.insert(*CONTAINING_RECORD(entry, Entry, link));  // for the next one
                    // As at the exit of a thread: its object outlives it here, and would count as running.
                    world.dispatcher.leave_queue(*Thread::current());
                    return;
                }
                ++seen[static_cast<std::size_t>(value)];
                if (value % 64 == 0) {
                    const LARGE_INTEGER now = ticks(-1);
                    world.dispatcher.delay(KernelMode, false, now).ignore();
                }
            }
        }));
    }
    for (int i = 0; i < total; ++i) {
        entries[static_cast<std::size_t>(i)].value = i;
        world.insert(entries[static_cast<std::size_t>(i)]);
    }
    Entry stop{{}, -1};
    world.insert(stop);
    threads.clear();
    for (const std::atomic<int>& count : seen) ASSERT_EQ(count, 1);
    EXPECT_EQ(world.queue.CurrentCount, 0u);
}

}  // namespace
}  // namespace pw::ke::test
