// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <atomic>
#include <random>
#include <vector>

#include "kernel/dispatcher/dispatcher_test_support.h"
#include "kernel/dispatcher/kernel_time.h"

namespace pw::ke {
namespace {

using namespace test;

TEST(Event, ANotificationEventStaysSignalledAndASynchronizationEventIsConsumed) {
    World world;
    Event notification(NotificationEvent, true);
    Event synchronization(SynchronizationEvent, true);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(world.wait(notification.Header, &poll), STATUS_SUCCESS);
    EXPECT_EQ(world.wait(synchronization.Header, &poll), STATUS_SUCCESS);
    EXPECT_EQ(world.wait(synchronization.Header, &poll), STATUS_TIMEOUT);
}

TEST(Event, SetResetAndPulseReturnThePreviousState) {
    World world;
    Event event(NotificationEvent, false);
    EXPECT_EQ(world.dispatcher.set_event(event), 0);
    EXPECT_EQ(world.dispatcher.set_event(event), 1);
    EXPECT_EQ(Dispatcher::read_state(event.Header), 1);
    EXPECT_EQ(world.dispatcher.reset_event(event), 1);
    EXPECT_EQ(world.dispatcher.reset_event(event), 0);
    EXPECT_EQ(world.dispatcher.pulse_event(event), 0);
    EXPECT_EQ(Dispatcher::read_state(event.Header), 0);
}

TEST(Event, SettingASynchronizationEventReleasesOneWaiterInOrderOfArrival) {
    World world;
    Event event(SynchronizationEvent, false);
    Event released(SynchronizationEvent, false);
    std::vector<int> order;
    const auto waiter = [&](int number) {
        EXPECT_EQ(world.wait(event.Header), STATUS_SUCCESS);
        order.push_back(number);
        world.dispatcher.set_event(released);
    };
    std::vector<std::unique_ptr<KernelThread>> threads;
    const auto queued = [&] {
        std::size_t count = 0;
        for (const auto& thread : threads) count += thread->thread().is_waiting();
        return count;
    };
    for (int i = 0; i < 3; ++i) {
        threads.push_back(std::make_unique<KernelThread>(world, [&, i] { waiter(i); }));
        yield_until([&] { return queued() == threads.size(); });
    }
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(world.dispatcher.set_event(event), 0);
        EXPECT_EQ(Dispatcher::read_state(event.Header), 0);  // handed over
        EXPECT_EQ(world.wait(released.Header), STATUS_SUCCESS);
    }
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(Event, PulseReleasesThoseWhoWaitAndLeavesNothingBehind) {
    World world;
    Event event(NotificationEvent, false);
    KernelThread first(world, [&] { EXPECT_EQ(world.wait(event.Header), STATUS_SUCCESS); });
    KernelThread second(world, [&] { EXPECT_EQ(world.wait(event.Header), STATUS_SUCCESS); });
    yield_until([&] { return first.thread().is_waiting() && second.thread().is_waiting(); });
    world.dispatcher.pulse_event(event);
    first.join();
    second.join();
    EXPECT_EQ(world.wait(event.Header, &poll), STATUS_TIMEOUT);
}

TEST(Semaphore, CountsAndRefusesToExceedItsLimit) {
    World world;
    Semaphore semaphore(1, 3);
    LONG before = -1;
    EXPECT_EQ(world.dispatcher.release_semaphore(semaphore, 2, &before).code(), STATUS_SUCCESS);
    EXPECT_EQ(before, 1);
    EXPECT_EQ(world.dispatcher.release_semaphore(semaphore, 1, &before).code(), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    EXPECT_EQ(world.dispatcher.release_semaphore(semaphore, 0, &before).code(), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    EXPECT_EQ(world.dispatcher.release_semaphore(semaphore, 0x7fffffff, &before).code(), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(world.wait(semaphore.Header, &poll), STATUS_SUCCESS);
    EXPECT_EQ(world.wait(semaphore.Header, &poll), STATUS_TIMEOUT);
}

TEST(Semaphore, ReleasesAsManyWaitersAsItIsGiven) {
    World world;
    Semaphore semaphore(0, 10);
    std::atomic<int> through{0};
    std::vector<std::unique_ptr<KernelThread>> threads;
    for (int i = 0; i < 4; ++i) {
        threads.push_back(std::make_unique<KernelThread>(world, [&] {
            EXPECT_EQ(world.wait(semaphore.Header), STATUS_SUCCESS);
            ++through;
        }));
    }
    for (auto& thread : threads) yield_until([&] { return thread->thread().is_waiting(); });
    EXPECT_EQ(world.dispatcher.release_semaphore(semaphore, 3, nullptr).code(), STATUS_SUCCESS);
    yield_until([&] { return through.load() == 3; });
    EXPECT_EQ(Dispatcher::read_state(semaphore.Header), 0);
    EXPECT_EQ(world.dispatcher.release_semaphore(semaphore, 1, nullptr).code(), STATUS_SUCCESS);
    for (auto& thread : threads) thread->join();
    EXPECT_EQ(through.load(), 4);
}

TEST(Wait, AnyReturnsTheFirstSignalledIndex) {
    World world;
    Event a(SynchronizationEvent, false);
    Event b(SynchronizationEvent, true);
    Event c(SynchronizationEvent, true);
    DISPATCHER_HEADER* objects[] = {&a.Header, &b.Header, &c.Header};
    const auto wait_any = [&] { return world.dispatcher.wait_multiple(3, objects, WaitAny, KernelMode, false, &poll, nullptr).code(); };
    EXPECT_EQ(wait_any(), STATUS_WAIT_1);
    EXPECT_EQ(wait_any(), STATUS_WAIT_2);
    EXPECT_EQ(wait_any(), STATUS_TIMEOUT);
}

TEST(Wait, AllTakesNothingUntilItCanTakeEverything) {
    World world;
    Event a(SynchronizationEvent, true);
    Semaphore b(0, 1);
    DISPATCHER_HEADER* objects[] = {&a.Header, &b.Header};
    const auto wait_all = [&](const LARGE_INTEGER* timeout) {
        return world.dispatcher.wait_multiple(2, objects, WaitAll, KernelMode, false, timeout, nullptr).code();
    };
    EXPECT_EQ(wait_all(&poll), STATUS_TIMEOUT);
    EXPECT_EQ(Dispatcher::read_state(a.Header), 1);
    KernelThread waiter(world, [&] { EXPECT_EQ(wait_all(nullptr), STATUS_SUCCESS); });
    yield_until([&] { return waiter.thread().is_waiting(); });
    EXPECT_EQ(Dispatcher::read_state(a.Header), 1);
    EXPECT_EQ(world.dispatcher.release_semaphore(b, 1, nullptr).code(), STATUS_SUCCESS);
    waiter.join();
    EXPECT_EQ(Dispatcher::read_state(a.Header), 0);
    EXPECT_EQ(Dispatcher::read_state(b.Header), 0);
}

TEST(Wait, TakesSixtyFourObjectsWithTheCallersBlocks) {
    World world;
    std::vector<Event> events(MAXIMUM_WAIT_OBJECTS, Event(SynchronizationEvent, false));
    std::vector<DISPATCHER_HEADER*> objects;
    for (Event& event : events) {
        Dispatcher::initialize_event(event, SynchronizationEvent, false);
        objects.push_back(&event.Header);
    }
    std::vector<KWAIT_BLOCK> blocks(MAXIMUM_WAIT_OBJECTS);
    KernelThread waiter(world, [&] {
        EXPECT_EQ(world.dispatcher.wait_multiple(64, objects.data(), WaitAny, KernelMode, false, nullptr, blocks.data()).code(), 63);
    });
    yield_until([&] { return waiter.thread().is_waiting(); });
    world.dispatcher.set_event(events[63]);
    waiter.join();
    for (Event& event : events) EXPECT_FALSE(world.dispatcher.has_waiters(event.Header));
}

TEST(Wait, TimesOutRelativeAndAbsolute) {
    World world;
    Event event(NotificationEvent, false);
    const LARGE_INTEGER relative = relative_ms(2);
    const std::uint64_t start = interrupt_time();
    EXPECT_EQ(world.wait(event.Header, &relative), STATUS_TIMEOUT);
    EXPECT_GE(interrupt_time() - start, 20'000u);
    const LARGE_INTEGER absolute = ticks(system_time() + 20'000);
    EXPECT_EQ(world.wait(event.Header, &absolute), STATUS_TIMEOUT);
    EXPECT_GE(system_time(), absolute.QuadPart);
    const LARGE_INTEGER past = ticks(1);
    EXPECT_EQ(world.wait(event.Header, &past), STATUS_TIMEOUT);
    EXPECT_FALSE(world.dispatcher.has_waiters(event.Header));
}

TEST(Wait, TheLongestTimeoutsAreForEver) {
    World world;
    Event event(SynchronizationEvent, false);
    for (const std::int64_t time : {std::int64_t{1} << 63, INT64_MAX}) {
        const LARGE_INTEGER timeout = ticks(time);
        KernelThread waiter(world, [&] { EXPECT_EQ(world.wait(event.Header, &timeout), STATUS_SUCCESS); });
        yield_until([&] { return waiter.thread().is_waiting(); });
        world.dispatcher.set_event(event);
    }
}

TEST(Wait, ASignalledObjectWinsOverAnAlert) {
    World world;
    Event event(SynchronizationEvent, true);
    world.self.alert(KernelMode);
    EXPECT_EQ(world.dispatcher.wait(event.Header, KernelMode, true, &poll).code(), STATUS_SUCCESS);
    EXPECT_EQ(world.dispatcher.wait(event.Header, KernelMode, false, &poll).code(), STATUS_TIMEOUT);
    EXPECT_EQ(world.dispatcher.wait(event.Header, KernelMode, true, &poll).code(), STATUS_ALERTED);
    EXPECT_EQ(world.dispatcher.wait(event.Header, KernelMode, true, &poll).code(), STATUS_TIMEOUT);
}

TEST(Wait, AnAlertEndsAnAlertableWaitOnly) {
    World world;
    Event event(SynchronizationEvent, false);
    KernelThread alertable(world, [&] {
        EXPECT_EQ(world.dispatcher.wait(event.Header, UserMode, true, nullptr).code(), STATUS_ALERTED);
    });
    yield_until([&] { return alertable.thread().is_waiting(); });
    EXPECT_FALSE(alertable.thread().alert(KernelMode));
    alertable.join();
    KernelThread deaf(world, [&] {
        EXPECT_EQ(world.dispatcher.wait(event.Header, KernelMode, false, nullptr).code(), STATUS_SUCCESS);
    });
    yield_until([&] { return deaf.thread().is_waiting(); });
    EXPECT_FALSE(deaf.thread().alert(KernelMode));
    EXPECT_TRUE(deaf.thread().is_waiting());
    EXPECT_TRUE(deaf.thread().test_alert(KernelMode));
    EXPECT_FALSE(deaf.thread().test_alert(KernelMode));
    world.dispatcher.set_event(event);
}

TEST(Wait, TerminationEndsUserModeWaitsAndLeavesKernelModeWaitsAlone) {
    World world;
    Event event(SynchronizationEvent, false);
    KernelThread user(world, [&] {
        EXPECT_EQ(world.dispatcher.wait(event.Header, UserMode, false, nullptr).code(), STATUS_USER_APC);
        EXPECT_EQ(world.dispatcher.wait(event.Header, UserMode, false, nullptr).code(), STATUS_USER_APC);
    });
    KernelThread kernel(world, [&] {
        EXPECT_EQ(world.dispatcher.wait(event.Header, KernelMode, true, nullptr).code(), STATUS_SUCCESS);
    });
    yield_until([&] { return user.thread().is_waiting() && kernel.thread().is_waiting(); });
    user.thread().request_termination();
    kernel.thread().request_termination();
    user.join();
    EXPECT_TRUE(kernel.thread().is_waiting());
    world.dispatcher.set_event(event);
}

TEST(Wait, APendingUserApcEndsAlertableUserModeWaits) {
    World world;
    Event event(SynchronizationEvent, false);
    world.self.set_user_apc_pending(true);
    EXPECT_EQ(world.dispatcher.wait(event.Header, UserMode, true, nullptr).code(), STATUS_USER_APC);
    EXPECT_EQ(world.dispatcher.wait(event.Header, UserMode, false, &poll).code(), STATUS_TIMEOUT);
    EXPECT_EQ(world.dispatcher.wait(event.Header, KernelMode, true, &poll).code(), STATUS_TIMEOUT);
    world.self.set_user_apc_pending(false);
    EXPECT_EQ(world.dispatcher.wait(event.Header, UserMode, true, &poll).code(), STATUS_TIMEOUT);
}

TEST(Wait, AThreadObjectIsSignalledForGood) {
    World world;
    DISPATCHER_HEADER header;
    Dispatcher::initialize_notification_header(header);
    EXPECT_EQ(world.wait(header, &poll), STATUS_TIMEOUT);
    KernelThread waiter(world, [&] { EXPECT_EQ(world.wait(header), STATUS_SUCCESS); });
    yield_until([&] { return waiter.thread().is_waiting(); });
    world.dispatcher.signal_notification(header);
    waiter.join();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(world.wait(header, &poll), STATUS_SUCCESS);
}

TEST(Wait, ADelayEndsWithSuccessAndAnAlertableOneWithTheAlert) {
    World world;
    EXPECT_EQ(world.dispatcher.delay(KernelMode, false, relative_ms(1)).code(), STATUS_SUCCESS);
    EXPECT_EQ(world.dispatcher.delay(KernelMode, false, poll).code(), STATUS_SUCCESS);
    KernelThread sleeper(world, [&] { EXPECT_EQ(world.dispatcher.delay(KernelMode, true, long_time()).code(), STATUS_ALERTED); });
    yield_until([&] { return sleeper.thread().is_waiting(); });
    sleeper.thread().alert(KernelMode);
}

TEST(WaitDeathTest, ABlockingWaitAtDispatchLevelIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            Event event(NotificationEvent, true);
            world.self.raise_irql(DISPATCH_LEVEL);
            world.wait(event.Header);
        },
        "IRQL_NOT_LESS_OR_EQUAL");
}

TEST(Wait, APollAtDispatchLevelIsAllowed) {
    World world;
    Event event(SynchronizationEvent, true);
    const KIRQL old_irql = world.self.raise_irql(DISPATCH_LEVEL);
    EXPECT_EQ(world.wait(event.Header, &poll), STATUS_SUCCESS);
    EXPECT_EQ(world.wait(event.Header, &poll), STATUS_TIMEOUT);
    world.self.lower_irql(old_irql);
}

TEST(WaitDeathTest, MoreThanThreeObjectsNeedTheCallersBlocks) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            Event event(NotificationEvent, true);
            DISPATCHER_HEADER* objects[4];
            for (DISPATCHER_HEADER*& object : objects) object = &event.Header;
            world.dispatcher.wait_multiple(4, objects, WaitAny, KernelMode, false, &poll, nullptr).ignore();
        },
        "MAXIMUM_WAIT_OBJECTS_EXCEEDED");
}

TEST(WaitDeathTest, AZeroedEventIsDiagnosed) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            KEVENT event{};
            world.dispatcher.set_event(event);
        },
        "never initialised");
}

TEST(WaitDeathTest, SettingAnEventAboveDispatchLevelIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            Event event(NotificationEvent, false);
            world.self.raise_irql(DISPATCH_LEVEL + 1);
            world.dispatcher.set_event(event);
        },
        "IRQL_NOT_LESS_OR_EQUAL");
}

// --- Observers ---

struct CountingObserver : WaitObserver {
    void satisfied_locked(NTSTATUS status) override {
        last_status = status;
        ++calls;
    }
    NTSTATUS last_status = -1;
    int calls = 0;
};

TEST(Observer, IsCalledOnceWithTheStatusOfItsWait) {
    World world;
    Event a(SynchronizationEvent, false);
    Event b(SynchronizationEvent, false);
    DISPATCHER_HEADER* objects[] = {&a.Header, &b.Header};
    KWAIT_BLOCK blocks[2];
    CountingObserver observer;
    EXPECT_EQ(world.dispatcher.start_observing(observer, 2, objects, WaitAny, blocks, nullptr).code(), STATUS_PENDING);
    world.dispatcher.set_event(b);
    EXPECT_EQ(observer.calls, 1);
    EXPECT_EQ(observer.last_status, STATUS_WAIT_1);
    EXPECT_EQ(Dispatcher::read_state(b.Header), 0);
    world.dispatcher.set_event(a);
    EXPECT_EQ(observer.calls, 1);
    EXPECT_FALSE(world.dispatcher.stop_observing(observer));
}

TEST(Observer, ASignalledObjectSatisfiesTheStartWithoutACall) {
    World world;
    Event event(SynchronizationEvent, true);
    DISPATCHER_HEADER* object = &event.Header;
    KWAIT_BLOCK block;
    CountingObserver observer;
    EXPECT_EQ(world.dispatcher.start_observing(observer, 1, &object, WaitAny, &block, nullptr).code(), STATUS_WAIT_0);
    EXPECT_EQ(observer.calls, 0);
}

TEST(Observer, IsNotCalledAfterItWasStopped) {
    World world;
    Event event(SynchronizationEvent, false);
    DISPATCHER_HEADER* object = &event.Header;
    KWAIT_BLOCK block;
    CountingObserver observer;
    EXPECT_EQ(world.dispatcher.start_observing(observer, 1, &object, WaitAny, &block, nullptr).code(), STATUS_PENDING);
    EXPECT_TRUE(world.dispatcher.stop_observing(observer));
    world.dispatcher.set_event(event);
    EXPECT_EQ(observer.calls, 0);
    EXPECT_EQ(Dispatcher::read_state(event.Header), 1);
}

TEST(Observer, GetsAMutantForTheThreadThatItActsFor) {
    World world;
    KMUTANT mutant;
    world.dispatcher.initialize_mutant(mutant, &world.self);
    Thread other(world.dispatcher);
    DISPATCHER_HEADER* object = &mutant.Header;
    KWAIT_BLOCK block;
    CountingObserver observer;
    EXPECT_EQ(world.dispatcher.start_observing(observer, 1, &object, WaitAny, &block, &other).code(), STATUS_PENDING);
    EXPECT_EQ(world.dispatcher.release_mutant(mutant, world.self, nullptr).code(), STATUS_SUCCESS);
    EXPECT_EQ(observer.last_status, STATUS_WAIT_0);
    EXPECT_EQ(world.dispatcher.mutant_owner(mutant), &other);
    EXPECT_EQ(world.dispatcher.release_mutant(mutant, other, nullptr).code(), STATUS_SUCCESS);
}

}  // namespace
}  // namespace pw::ke
