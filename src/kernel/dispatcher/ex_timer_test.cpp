// SPDX-License-Identifier: Apache-2.0
// Ex timers, and absolute timers when the system clock is set.
#include "kernel/dispatcher/ex_timer.h"

#include <gtest/gtest.h>

#include "kernel/dispatcher/dispatcher_test_support.h"
#include "kernel/dispatcher/dpc_test_support.h"
#include "kernel/dispatcher/kernel_time.h"

namespace pw::ke::test {
namespace {

struct Owner {
    World& world;
    std::atomic<int> calls{0};
    std::atomic<int> deletes{0};
    KIRQL irql = 0;
    std::function<void(PEX_TIMER)> in_callback = {};

    static void callback(PEX_TIMER timer, PVOID context) {
        auto& self = *static_cast<Owner*>(context);
        self.irql = Thread::current()->irql();
        if (self.in_callback) self.in_callback(timer);
        ++self.calls;
    }
    static void deleted(PVOID context) { ++static_cast<Owner*>(context)->deletes; }
    PEX_TIMER create(ULONG attributes = 0) { return _EX_TIMER::create(world.dispatcher, callback, this, attributes); }
};

TEST(ExTimer, CallsItsCallbackAtDispatchLevelOnceOrAgainAndAgain) {
    World world;
    Owner owner{world};
    PEX_TIMER timer = owner.create();
    EXPECT_FALSE(timer->set(-10'000, 0));
    yield_until([&] { return owner.calls == 1; });
    EXPECT_EQ(owner.irql, DISPATCH_LEVEL);
    EXPECT_FALSE(timer->cancel());
    EXPECT_FALSE(timer->set(-1000, 3333));  // a third of a millisecond: periods are not whole milliseconds
    yield_until([&] { return owner.calls >= 6; });
    EXPECT_EQ(timer->timer.Period, 3333u);
    EXPECT_TRUE(timer->set(-600'000'000, 0));
    EXPECT_TRUE(timer->cancel());
    EXPECT_FALSE(timer->cancel());
    EXPECT_FALSE(timer->remove(true, true, Owner::deleted, &owner));
    EXPECT_EQ(owner.deletes, 1);
}

TEST(ExTimer, CanBeWaitedForByItsType) {
    World world;
    Owner owner{world};
    for (const ULONG attributes : {ULONG{0}, ULONG{EX_TIMER_NOTIFICATION}}) {
        PEX_TIMER timer = owner.create(attributes);
        timer->set(-1000, 0);
        EXPECT_EQ(world.wait(timer->timer.Header), STATUS_WAIT_0);
        EXPECT_EQ(world.wait(timer->timer.Header, &poll), attributes == 0 ? STATUS_TIMEOUT : STATUS_WAIT_0);
        timer->remove(true, true, nullptr, nullptr);
    }
}

TEST(ExTimer, RefusesAttributesThatItDoesNotKnow) {
    World world;
    Owner owner{world};
    EXPECT_EQ(owner.create(0x40), nullptr);
    EXPECT_EQ(owner.create(EX_TIMER_HIGH_RESOLUTION | EX_TIMER_NO_WAKE), nullptr);
    PEX_TIMER timer = owner.create(EX_TIMER_HIGH_RESOLUTION);
    ASSERT_NE(timer, nullptr);
    EXPECT_TRUE((timer->set(-600'000'000, 0), timer->remove(true, true, nullptr, nullptr)));
}

TEST(ExTimer, IsDeletedFromItsOwnCallback) {
    World world;
    Owner owner{world};
    PEX_TIMER timer = owner.create();
    owner.in_callback = [&](PEX_TIMER self) {
        EXPECT_TRUE(self->remove(true, false, Owner::deleted, &owner));  // its next expiry was set
        EXPECT_FALSE(self->set(-1000, 0));
        EXPECT_FALSE(self->cancel());
        EXPECT_EQ(owner.deletes, 0);
    };
    timer->set(-1000, 1000);
    yield_until([&] { return owner.deletes == 1; });
    EXPECT_EQ(owner.calls, 1);
}

TEST(ExTimer, WithoutCancelExpiresFirst) {
    World world;
    Owner owner{world};
    PEX_TIMER timer = owner.create();
    timer->set(-20'000, 0);
    EXPECT_FALSE(timer->remove(false, false, Owner::deleted, &owner));
    yield_until([&] { return owner.deletes == 1; });
    EXPECT_EQ(owner.calls, 1);
    // One that is not set goes at once.
    timer = owner.create();
    EXPECT_FALSE(timer->remove(false, false, Owner::deleted, &owner));
    yield_until([&] { return owner.deletes == 2; });
    EXPECT_EQ(owner.calls, 1);
}

// Moves the system clock for one test.
struct ClockShift {
    explicit ClockShift(World& world) : world_(world) {}
    ~ClockShift() { to(0); }
    void to(std::int64_t shift_100ns) {
        shift_system_time_for_test(shift_100ns);
        world_.dispatcher.system_time_changed();
    }
    World& world_;
};

constexpr std::int64_t hour = 36'000'000'000;

TEST(AbsoluteTimer, FollowsTheSystemClockForwards) {
    World world;
    ClockShift clock(world);
    KTIMER timer;
    Dispatcher::initialize_timer(timer, NotificationTimer);
    EXPECT_FALSE(world.dispatcher.set_timer(timer, ticks(system_time() + hour), 0, nullptr));
    EXPECT_EQ(world.wait(timer.Header, &poll), STATUS_TIMEOUT);
    clock.to(2 * hour);
    EXPECT_EQ(world.wait(timer.Header), STATUS_WAIT_0);
}

TEST(AbsoluteTimer, FollowsTheSystemClockBackwardsWhereARelativeOneDoesNot) {
    World world;
    ClockShift clock(world);
    KTIMER absolute, relative;
    Dispatcher::initialize_timer(absolute, NotificationTimer);
    Dispatcher::initialize_timer(relative, NotificationTimer);
    world.dispatcher.set_timer(absolute, ticks(system_time() + hour / 2), 0, nullptr);
    world.dispatcher.set_timer(relative, ticks(-200'000), 0, nullptr);
    clock.to(-hour);
    EXPECT_EQ(world.wait(relative.Header), STATUS_WAIT_0);
    EXPECT_EQ(world.wait(absolute.Header, &poll), STATUS_TIMEOUT);
    EXPECT_TRUE(world.dispatcher.is_timer_set(absolute));
    clock.to(hour);
    EXPECT_EQ(world.wait(absolute.Header), STATUS_WAIT_0);
}

TEST(AbsoluteTimer, GoesOnWithItsPeriodWhateverTheClockSays) {
    World world;
    ClockShift clock(world);
    KTIMER timer;
    Dispatcher::initialize_timer(timer, SynchronizationTimer);
    world.dispatcher.set_timer(timer, ticks(system_time() + hour), 1, nullptr);
    clock.to(2 * hour);
    EXPECT_EQ(world.wait(timer.Header), STATUS_WAIT_0);
    clock.to(-hour);
    EXPECT_EQ(world.wait(timer.Header), STATUS_WAIT_0);
    EXPECT_EQ(world.wait(timer.Header), STATUS_WAIT_0);
    EXPECT_TRUE(world.dispatcher.cancel_timer(timer));
    // The past: at once.
    world.dispatcher.set_timer(timer, ticks(1), 0, nullptr);
    EXPECT_EQ(world.wait(timer.Header, &poll), STATUS_WAIT_0);
}

TEST(TimerResolution, IsTheFinestThatSomebodyAskedFor) {
    EXPECT_EQ(TimerResolution::current(), time_increment);
    EXPECT_EQ(TimerResolution::change(10'000, true), 10'000u);
    EXPECT_EQ(TimerResolution::change(1, true), finest_resolution);
    EXPECT_EQ(TimerResolution::change(0, false), finest_resolution);
    EXPECT_EQ(TimerResolution::change(0, false), time_increment);
    EXPECT_EQ(TimerResolution::change(0, false), time_increment);
}

}  // namespace
}  // namespace pw::ke::test
