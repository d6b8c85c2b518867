// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/interrupt.h"

#include <gtest/gtest.h>

#include "kernel/dispatcher/dispatcher_test_support.h"
#include "kernel/dispatcher/dpc_test_support.h"
#include "kernel/dispatcher/spin_lock.h"

namespace pw::ke::test {
namespace {

constexpr KIRQL device_irql = 6;
constexpr ULONG line = 0x61;

struct Device {
    std::atomic<int> interrupts{0};
    bool claims = true;
    KIRQL irql = 0;
    ULONG processor = 99;
    KDPC dpc{};
    Calls dpc_calls;
    std::function<void()> in_routine;

    Device() { initialize_dpc(dpc, record, &dpc_calls); }
    static BOOLEAN serve(PKINTERRUPT, PVOID context) {
        auto& device = *static_cast<Device*>(context);
        device.irql = Thread::current()->irql();
        device.processor = Thread::current()->processor_number();
        ++device.interrupts;
        if (device.in_routine) device.in_routine();
        if (device.claims) insert_dpc(device.dpc, nullptr, nullptr);
        return device.claims;
    }
    [[nodiscard]] InterruptRequest request() {
        InterruptRequest out;
        out.routine = serve;
        out.context = this;
        out.vector = line;
        out.irql = out.synchronize_irql = device_irql;
        out.mode = Latched;
        out.affinity = ~KAFFINITY{0};
        return out;
    }
};

struct InterruptWorld : World {
    using World::World;
    PKINTERRUPT connect(const InterruptRequest& request) {
        auto result = dispatcher.interrupts().connect(request);
        EXPECT_TRUE(result.is_ok());
        return result.is_ok() ? *result : nullptr;
    }
    NTSTATUS try_connect(const InterruptRequest& request) {
        auto result = dispatcher.interrupts().connect(request);
        return result.is_ok() ? STATUS_SUCCESS : result.status().code();
    }
    bool raise(ULONG vector = line) { return dispatcher.interrupts().raise(*Thread::current(), vector); }
};

TEST(Interrupt, RunsItsRoutineAtItsIrqlAndTheDpcAfterwards) {
    InterruptWorld world;
    Device device;
    PKINTERRUPT interrupt = world.connect(device.request());
    device.in_routine = [&] { EXPECT_EQ(device.dpc_calls.count, 0); };
    EXPECT_TRUE(world.raise());
    EXPECT_EQ(device.interrupts, 1);
    EXPECT_EQ(device.irql, device_irql);
    EXPECT_EQ(device.dpc_calls.count, 1);
    EXPECT_EQ(device.dpc_calls.irql, DISPATCH_LEVEL);
    EXPECT_EQ(device.dpc_calls.processor, device.processor);
    EXPECT_EQ(world.self.irql(), PASSIVE_LEVEL);
    EXPECT_EQ(world.self.processor(), nullptr);
    world.dispatcher.interrupts().disconnect(*interrupt);
    EXPECT_FALSE(world.raise());
    EXPECT_EQ(device.interrupts, 1);
}

TEST(Interrupt, ComesInBetweenAtDispatchLevelButItsDpcWaits) {
    InterruptWorld world;
    Device device;
    PKINTERRUPT interrupt = world.connect(device.request());
    const KIRQL old_irql = world.self.raise_irql(DISPATCH_LEVEL);
    EXPECT_TRUE(world.raise());
    EXPECT_EQ(device.interrupts, 1);
    EXPECT_EQ(device.dpc_calls.count, 0);
    world.self.lower_irql(old_irql);
    EXPECT_EQ(device.dpc_calls.count, 1);
    world.dispatcher.interrupts().disconnect(*interrupt);
}

TEST(Interrupt, IsHeldBackAtItsIrqlAndComesInWhenTheThreadGoesBelow) {
    InterruptWorld world;
    Device device;
    PKINTERRUPT interrupt = world.connect(device.request());
    const KIRQL old_irql = world.self.raise_irql(HIGH_LEVEL);
    EXPECT_TRUE(world.raise());
    EXPECT_TRUE(world.raise());  // an edge that is pending stays one
    EXPECT_EQ(device.interrupts, 0);
    world.self.lower_irql(device_irql);
    EXPECT_EQ(device.interrupts, 0);
    world.self.lower_irql(device_irql - 1);
    EXPECT_EQ(device.interrupts, 1);
    EXPECT_EQ(world.self.irql(), device_irql - 1);
    EXPECT_EQ(device.dpc_calls.count, 0);
    world.self.lower_irql(old_irql);
    EXPECT_EQ(device.interrupts, 1);
    EXPECT_EQ(device.dpc_calls.count, 1);
    world.dispatcher.interrupts().disconnect(*interrupt);
}

TEST(Interrupt, TheHigherOneComesFirst) {
    InterruptWorld world;
    Device low, high;
    std::vector<int> order;
    low.in_routine = [&] { order.push_back(1); };
    high.in_routine = [&] { order.push_back(2); };
    auto request = high.request();
    request.vector = 0x91;
    request.irql = request.synchronize_irql = 9;
    PKINTERRUPT low_interrupt = world.connect(low.request());
    PKINTERRUPT high_interrupt = world.connect(request);
    const KIRQL old_irql = world.self.raise_irql(HIGH_LEVEL);
    world.raise(line);
    world.raise(0x91);
    world.self.lower_irql(old_irql);
    EXPECT_EQ(order, (std::vector<int>{2, 1}));
    world.dispatcher.interrupts().disconnect(*low_interrupt);
    world.dispatcher.interrupts().disconnect(*high_interrupt);
}

TEST(Interrupt, ADeviceThatInterruptsInItsOwnRoutineIsServedAgain) {
    InterruptWorld world;
    Device device;
    PKINTERRUPT interrupt = world.connect(device.request());
    device.in_routine = [&] {
        if (device.interrupts < 3) world.raise();
    };
    world.raise();
    // Held back in the routine; delivered when the thread next goes below the device's IRQL.
    world.self.lower_irql(world.self.raise_irql(DISPATCH_LEVEL));
    EXPECT_EQ(device.interrupts, 3);
    world.dispatcher.interrupts().disconnect(*interrupt);
}

TEST(Interrupt, SynchronizeExecutionKeepsTheRoutineOut) {
    InterruptWorld world;
    Device device;
    PKINTERRUPT interrupt = world.connect(device.request());
    struct Context {
        InterruptWorld& world;
        Device& device;
    } context{world, device};
    const auto routine = [](PVOID argument) -> BOOLEAN {
        auto& both = *static_cast<Context*>(argument);
        EXPECT_EQ(both.world.self.irql(), device_irql);
        both.world.raise();
        EXPECT_EQ(both.device.interrupts, 0);
        return TRUE;
    };
    EXPECT_TRUE(interrupt->synchronize(routine, &context));
    EXPECT_EQ(device.interrupts, 1);
    const KIRQL old_irql = interrupt->acquire();
    EXPECT_EQ(old_irql, PASSIVE_LEVEL);
    world.raise();
    EXPECT_EQ(device.interrupts, 1);
    interrupt->release(old_irql);
    EXPECT_EQ(device.interrupts, 2);
    world.dispatcher.interrupts().disconnect(*interrupt);
}

// A counter that only KeSynchronizeExecution and the routine protect: no increment may be lost.
TEST(Interrupt, RoutineAndSynchronizedCodeNeverRunTogether) {
    InterruptWorld world(3);
    struct State {
        long value = 0;
        std::atomic<long> increments{0};
    } state;
    Device device;
    device.claims = false;
    device.in_routine = [&] {
        ++state.value;
        ++state.increments;
    };
    PKINTERRUPT interrupt = world.connect(device.request());
    run_threads(world, 4, 3000, 11, [&](std::mt19937& random) {
        if (random() % 2 == 0) {
            world.raise();
            return;
        }
        interrupt->synchronize(
            [](PVOID context) -> BOOLEAN {
                auto& both = *static_cast<State*>(context);
                ++both.value;
                ++both.increments;
                return TRUE;
            },
            &state);
    });
    EXPECT_EQ(state.value, state.increments.load());
    EXPECT_EQ(state.increments.load(), 12'000);
    world.dispatcher.interrupts().disconnect(*interrupt);
}

TEST(Interrupt, SharedLineAsksUntilOneClaimsIt) {
    InterruptWorld world;
    Device first, second, third;
    first.claims = false;
    auto request = [](Device& device) {
        auto out = device.request();
        out.mode = LevelSensitive;
        out.shared = true;
        return out;
    };
    PKINTERRUPT interrupts[] = {world.connect(request(first)), world.connect(request(second)), world.connect(request(third))};
    EXPECT_TRUE(world.raise());
    EXPECT_EQ(first.interrupts, 1);
    EXPECT_EQ(second.interrupts, 1);
    EXPECT_EQ(third.interrupts, 0);
    second.claims = third.claims = false;
    EXPECT_FALSE(world.raise());
    EXPECT_EQ(third.interrupts, 1);
    // Inactive: as if it were not there.
    InterruptTable::set_active(*interrupts[0], false);
    EXPECT_FALSE(world.raise());
    EXPECT_EQ(first.interrupts, 2);
    EXPECT_EQ(second.interrupts, 3);
    // Nobody joins who does not share, or wants another mode.
    EXPECT_EQ(world.try_connect(third.request()), STATUS_INVALID_PARAMETER);
    auto other_mode = request(third);
    other_mode.mode = Latched;
    EXPECT_EQ(world.try_connect(other_mode), STATUS_INVALID_PARAMETER);
    for (PKINTERRUPT interrupt : interrupts) world.dispatcher.interrupts().disconnect(*interrupt);
}

TEST(Interrupt, RefusesWhatCannotBe) {
    InterruptWorld world(2);
    Device device;
    const auto refused = [&](auto change) {
        InterruptRequest request = device.request();
        change(request);
        EXPECT_EQ(world.try_connect(request), STATUS_INVALID_PARAMETER);
    };
    refused([](InterruptRequest& request) { request.vector = 256; });
    refused([](InterruptRequest& request) { request.irql = DISPATCH_LEVEL; });
    refused([](InterruptRequest& request) { request.irql = request.synchronize_irql = CLOCK_LEVEL; });
    refused([](InterruptRequest& request) { request.synchronize_irql = device_irql - 1; });
    refused([](InterruptRequest& request) { request.affinity = 0; });
    refused([](InterruptRequest& request) { request.affinity = KAFFINITY{1} << 2; });
    refused([](InterruptRequest& request) { request.routine = nullptr; });
}

TEST(Interrupt, RunsOnAProcessorOfItsAffinityAlsoWhenAnotherThreadHoldsIt) {
    InterruptWorld world(2);
    Device device;
    auto request = device.request();
    request.affinity = 0b10;
    PKINTERRUPT interrupt = world.connect(request);
    std::atomic<int> step{0};
    KernelThread holder(world, [&] {
        Thread::current()->set_affinity(0b10);
        const KIRQL old_irql = Thread::current()->raise_irql(DISPATCH_LEVEL);
        step = 1;
        yield_until([&] { return step == 2; });
        Thread::current()->lower_irql(old_irql);
    });
    yield_until([&] { return step == 1; });
    world.self.set_affinity(0b01);
    const KIRQL old_irql = world.self.raise_irql(DISPATCH_LEVEL);
    EXPECT_TRUE(world.raise());
    EXPECT_EQ(device.processor, 1u);
    EXPECT_EQ(world.self.processor_number(), 0u);
    EXPECT_EQ(device.dpc_calls.count, 0);  // it waits for the processor that the interrupt came in on
    world.self.lower_irql(old_irql);
    EXPECT_EQ(device.dpc_calls.count, 0);
    step = 2;
    holder.join();
    EXPECT_EQ(device.dpc_calls.count, 1);
    EXPECT_EQ(device.dpc_calls.processor, 1u);
    // Free: taken for the interrupt, given back at once, its DPCs are another thread's.
    const KIRQL again = world.self.raise_irql(DISPATCH_LEVEL);
    EXPECT_TRUE(world.raise());
    EXPECT_EQ(device.processor, 1u);
    yield_until([&] { return device.dpc_calls.count == 2; });
    EXPECT_NE(device.dpc_calls.thread, &world.self);
    world.self.lower_irql(again);
    world.dispatcher.interrupts().disconnect(*interrupt);
}

TEST(Interrupt, AtPassiveLevelRunsOnAThreadThatMayWait) {
    InterruptWorld world;
    Device device;
    device.claims = false;
    KEVENT event;
    Dispatcher::initialize_event(event, NotificationEvent, false);
    std::atomic<bool> done{false};
    device.in_routine = [&] {
        LARGE_INTEGER time = relative_ms(1);
        EXPECT_EQ(world.dispatcher.wait(event.Header, KernelMode, false, &time).code(), STATUS_TIMEOUT);
        done = true;
    };
    auto request = device.request();
    request.irql = request.synchronize_irql = PASSIVE_LEVEL;
    PKINTERRUPT interrupt = world.connect(request);
    const KIRQL old_irql = world.self.raise_irql(HIGH_LEVEL);
    EXPECT_TRUE(world.raise());
    world.self.lower_irql(old_irql);
    yield_until([&] { return done.load(); });
    EXPECT_EQ(device.irql, PASSIVE_LEVEL);
    world.dispatcher.interrupts().disconnect(*interrupt);
    flush_dpcs();
}

TEST(Interrupt, GoesWithTheImageOfItsRoutine) {
    InterruptWorld world;
    Device device;
    world.connect(device.request());
    const auto base = reinterpret_cast<std::uint64_t>(&Device::serve);
    EXPECT_EQ(world.dispatcher.interrupts().disconnect_range(base + 1, 64), 0u);
    EXPECT_EQ(world.dispatcher.interrupts().disconnect_range(base, 64), 1u);
    EXPECT_FALSE(world.raise());
}

TEST(InterruptDeathTest, DiagnosesTwoDisconnectsAndARoutineThatLeavesItsIrql) {
    const auto twice = [] {
        InterruptWorld world;
        Device device;
        PKINTERRUPT interrupt = world.connect(device.request());
        world.dispatcher.interrupts().disconnect(*interrupt);
        world.dispatcher.interrupts().disconnect(*interrupt);
    };
    PW_EXPECT_BUG_CHECK(twice(), "0x000000C2 BAD_POOL_CALLER");
    const auto lowers = [] {
        InterruptWorld world;
        Device device;
        world.connect(device.request());
        device.in_routine = [] { Thread::current()->lower_irql(DISPATCH_LEVEL); };
        world.raise();
    };
    PW_EXPECT_BUG_CHECK(lowers(), "0x000000C8 IRQL_UNEXPECTED_VALUE");
    const auto waits = [] {
        InterruptWorld world;
        Device device;
        world.connect(device.request());
        KEVENT event;
        Dispatcher::initialize_event(event, NotificationEvent, false);
        device.in_routine = [&] { (void)world.dispatcher.set_event(event); };
        world.raise();
    };
    PW_EXPECT_BUG_CHECK(waits(), "0x0000000A IRQL_NOT_LESS_OR_EQUAL");
}

TEST(ThreadedDpc, RunsAtPassiveLevelOnItsProcessorInOrder) {
    World world(2);
    std::vector<int> order;
    run_order = &order;
    KDPC first, second;
    initialize_threaded_dpc(first, record_order, reinterpret_cast<void*>(1));
    initialize_threaded_dpc(second, record_order, reinterpret_cast<void*>(2));
    KDPC seen;
    Calls calls;
    initialize_threaded_dpc(seen, record, &calls);
    for (KDPC* dpc : {&first, &second, &seen}) set_dpc_target(*dpc, 1);
    EXPECT_TRUE(insert_dpc(first, nullptr, nullptr));
    EXPECT_TRUE(insert_dpc(second, nullptr, nullptr));
    EXPECT_TRUE(insert_dpc(seen, &order, nullptr));
    flush_dpcs();
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
    EXPECT_EQ(calls.count, 1);
    EXPECT_EQ(calls.irql, PASSIVE_LEVEL);
    EXPECT_FALSE(calls.in_dpc);
    EXPECT_EQ(calls.processor, 1u);
    EXPECT_EQ(calls.arguments[0], &order);
}

TEST(ThreadedDpc, MayWaitAndCanBeRemovedMeanwhile) {
    World world(1);
    struct Blocker {
        World& world;
        KEVENT go;
        KEVENT here;
    } blocker{world, {}, {}};
    Dispatcher::initialize_event(blocker.go, SynchronizationEvent, false);
    Dispatcher::initialize_event(blocker.here, SynchronizationEvent, false);
    KDPC blocking, removed;
    initialize_threaded_dpc(
        blocking,
        [](KDPC*, void* context, void*, void*) {
            auto& both = *static_cast<Blocker*>(context);
            both.world.dispatcher.set_event(both.here);
            EXPECT_EQ(both.world.wait(both.go.Header), STATUS_WAIT_0);
        },
        &blocker);
    Calls calls;
    initialize_threaded_dpc(removed, record, &calls);
    EXPECT_TRUE(insert_dpc(blocking, nullptr, nullptr));
    EXPECT_EQ(world.wait(blocker.here.Header), STATUS_WAIT_0);
    EXPECT_TRUE(insert_dpc(removed, nullptr, nullptr));
    EXPECT_FALSE(insert_dpc(removed, nullptr, nullptr));
    EXPECT_TRUE(remove_dpc(removed));
    EXPECT_FALSE(remove_dpc(removed));
    world.dispatcher.set_event(blocker.go);
    flush_dpcs();
    EXPECT_EQ(calls.count, 0);
}

}  // namespace
}  // namespace pw::ke::test
