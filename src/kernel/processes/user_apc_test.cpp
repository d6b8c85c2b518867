// SPDX-License-Identifier: Apache-2.0
// The user APCs of a thread: order, what ends waits, and every way out of the queue.
#include "kernel/processes/user_apc.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "kernel/dispatcher/dispatcher.h"
#include "platform/threads.h"

namespace pw::ps {
namespace {

struct World {
    ke::Dispatcher dispatcher{ke::DispatcherConfig{2}};
    ke::Thread thread{dispatcher};
    ke::Thread::Binding binding{thread};
    UserApcQueue queue{thread};

    // What an alertable wait of user mode says at this moment.
    NTSTATUS poll(KPROCESSOR_MODE mode = UserMode, bool alertable = true) {
        constexpr LARGE_INTEGER now = {};
        return dispatcher.delay(mode, alertable, now).code();
    }
    ~World() { queue.close(); }
};

struct Entry final : QueuedUserApc {
    explicit Entry(std::uint64_t routine) { apc.routine = routine; }
    ~Entry() override = default;
    int left = 0;

private:
    void left_queue() override { ++left; }
};

// One that is nothing to call once its turn comes.
struct Empty final : QueuedUserApc {
    ~Empty() override = default;
    int asked = 0;

private:
    bool taken(UserApc*) override {
        ++asked;
        return false;
    }
    void left_queue() override { ADD_FAILURE(); }
};

TEST(UserApcQueue, GivesThemInOrderAndEndsAlertableWaitsOfUserModeMeanwhile) {
    World world;
    UserApc apc;
    EXPECT_FALSE(world.queue.take(&apc));
    EXPECT_EQ(world.poll(), STATUS_SUCCESS);
    EXPECT_TRUE(world.queue.queue({.kind = UserApcKind::function, .routine = 1, .arguments = {10, 0, 0}}).is_success());
    EXPECT_TRUE(world.queue.queue({.kind = UserApcKind::native, .routine = 2, .arguments = {20, 21, 22}}).is_success());
    EXPECT_EQ(world.poll(), STATUS_USER_APC);
    EXPECT_EQ(world.poll(KernelMode), STATUS_SUCCESS);
    EXPECT_EQ(world.poll(UserMode, false), STATUS_SUCCESS);
    ASSERT_TRUE(world.queue.take(&apc));
    EXPECT_EQ(apc.routine, 1u);
    EXPECT_EQ(apc.arguments[0], 10u);
    EXPECT_EQ(world.poll(), STATUS_USER_APC);
    ASSERT_TRUE(world.queue.take(&apc));
    EXPECT_EQ(apc.kind, UserApcKind::native);
    EXPECT_EQ(apc.arguments[2], 22u);
    EXPECT_FALSE(world.queue.take(&apc));
    EXPECT_EQ(world.poll(), STATUS_SUCCESS);
}

TEST(UserApcQueue, AWaitThatOneHasEndedIsRememberedForTheReturnToUserMode) {
    World world;
    EXPECT_FALSE(world.thread.take_user_apc_due());
    EXPECT_TRUE(world.queue.queue({.routine = 1}).is_success());
    EXPECT_FALSE(world.thread.take_user_apc_due());  // nobody has waited for it
    EXPECT_EQ(world.poll(KernelMode), STATUS_SUCCESS);
    EXPECT_FALSE(world.thread.take_user_apc_due());
    EXPECT_EQ(world.poll(), STATUS_USER_APC);
    EXPECT_TRUE(world.thread.take_user_apc_due());
    EXPECT_FALSE(world.thread.take_user_apc_due());
}

TEST(UserApcQueue, AWaitUnderWayEndsWhenOneComes) {
    World world;
    ke::Thread other(world.dispatcher);
    UserApcQueue queue(other);
    NTSTATUS status = STATUS_PENDING;
    std::thread os_thread([&] {
        ke::Thread::Binding binding(other);
        LARGE_INTEGER minute;
        minute.QuadPart = -600'000'000;
        status = world.dispatcher.delay(UserMode, true, minute).code();
    });
    while (!other.is_waiting()) platform::yield_thread();
    EXPECT_TRUE(queue.queue({.routine = 1}).is_success());
    os_thread.join();
    EXPECT_EQ(status, STATUS_USER_APC);
    EXPECT_TRUE(other.take_user_apc_due());
}

TEST(UserApcQueue, AnEntryOfAnOwnerStandsInItOnceAtATime) {
    World world;
    Entry entry(7);
    UserApc apc;
    EXPECT_TRUE(world.queue.insert(entry));
    EXPECT_FALSE(world.queue.insert(entry));
    ASSERT_TRUE(world.queue.take(&apc));
    EXPECT_EQ(apc.routine, 7u);
    EXPECT_EQ(entry.left, 1);
    EXPECT_FALSE(world.queue.remove(entry));
    EXPECT_TRUE(world.queue.insert(entry));
    EXPECT_TRUE(world.queue.remove(entry));
    EXPECT_EQ(entry.left, 2);
    EXPECT_EQ(world.poll(), STATUS_SUCCESS);
}

TEST(UserApcQueue, ExtractGivesAnEntryBackToItsOwner) {
    World world;
    Entry first(1), second(2);
    int key = 0;
    second.tag = &key;
    EXPECT_TRUE(world.queue.insert(first));
    EXPECT_TRUE(world.queue.insert(second));
    EXPECT_EQ(world.queue.extract(&key), &second);
    EXPECT_EQ(world.queue.extract(&key), nullptr);
    EXPECT_EQ(second.left, 0);
    UserApc apc;
    ASSERT_TRUE(world.queue.take(&apc));
    EXPECT_EQ(apc.routine, 1u);
    EXPECT_FALSE(world.queue.take(&apc));
}

TEST(UserApcQueue, OneThatIsNothingToCallIsPassedOver) {
    World world;
    Empty empty;
    Entry entry(3);
    EXPECT_TRUE(world.queue.insert(empty));
    EXPECT_TRUE(world.queue.insert(entry));
    UserApc apc;
    ASSERT_TRUE(world.queue.take(&apc));
    EXPECT_EQ(apc.routine, 3u);
    EXPECT_EQ(empty.asked, 1);
    EXPECT_TRUE(world.queue.insert(empty));
    EXPECT_FALSE(world.queue.take(&apc));
}

TEST(UserApcQueue, AThreadThatHasEndedTakesNoMoreAndLetsGoOfWhatIsThere) {
    World world;
    Entry entry(1);
    EXPECT_TRUE(world.queue.insert(entry));
    EXPECT_TRUE(world.queue.queue({.routine = 2}).is_success());
    world.queue.close();
    EXPECT_EQ(entry.left, 1);
    EXPECT_FALSE(world.queue.insert(entry));
    EXPECT_EQ(world.queue.queue({.routine = 3}), STATUS_UNSUCCESSFUL);
    UserApc apc;
    EXPECT_FALSE(world.queue.take(&apc));
}

TEST(UserApcQueue, WhatThreadsQueueToEachOtherIsBounded) {
    World world;
    for (std::uint32_t i = 0; i < UserApcQueue::max_own_entries; ++i) {
        ASSERT_TRUE(world.queue.queue({.routine = i}).is_success());
    }
    EXPECT_EQ(world.queue.queue({.routine = 1}), STATUS_QUOTA_EXCEEDED);
    UserApc apc;
    ASSERT_TRUE(world.queue.take(&apc));
    EXPECT_TRUE(world.queue.queue({.routine = 1}).is_success());
}

}  // namespace
}  // namespace pw::ps
