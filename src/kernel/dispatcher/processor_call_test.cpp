// SPDX-License-Identifier: Apache-2.0
// Routines on all processors, numbered locks, cache-aware rundown, stacks, base priorities, bug-check callbacks.
#include "kernel/dispatcher/processor_call.h"

#include <gtest/gtest.h>

#include <cstring>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_callbacks.h"
#include "kernel/dispatcher/dispatcher_test_support.h"
#include "kernel/dispatcher/extended_state.h"
#include "kernel/dispatcher/rundown_cache_aware.h"
#include "kernel/dispatcher/stack_expansion.h"

namespace pw::ke::test {
namespace {

struct Broadcast {
    std::atomic<int> in{0};
    std::atomic<int> last{0};
    std::atomic<unsigned> processors{0};
    KIRQL irql = 0;
};

TEST(GenericCallDpc, RunsOnEveryProcessorAtOnce) {
    World world(4);
    for (int round = 0; round < 50; ++round) {
        Broadcast state;
        world.dispatcher.processor_calls().call_dpc(
            [](KDPC*, void* context, void* argument1, void* argument2) {
                auto& all = *static_cast<Broadcast*>(context);
                EXPECT_EQ(Thread::current()->irql(), DISPATCH_LEVEL);
                EXPECT_TRUE(Thread::current()->in_dpc());
                all.processors |= 1u << current_processor_number();
                ++all.in;
                if (ProcessorCalls::synchronize(argument2)) ++all.last;
                EXPECT_EQ(all.in, 4);  // all were here
                ProcessorCalls::synchronize(argument2);
                ProcessorCalls::signal_done(argument1);
            },
            &state);
        EXPECT_EQ(state.processors, 0b1111u);
        EXPECT_EQ(state.last, 1);
    }
}

TEST(IpiGenericCall, RunsOnEveryProcessorAlsoWhenOthersAndTheCallerHoldTheirs) {
    World world(3);
    std::atomic<int> step{0};
    KernelThread holder(world, [&] {
        const KIRQL old_irql = Thread::current()->raise_irql(DISPATCH_LEVEL);
        step = 1;
        yield_until([&] { return step == 2; });  // at DISPATCH_LEVEL: an IPI comes through all the same
        Thread::current()->lower_irql(old_irql);
    });
    yield_until([&] { return step == 1; });
    static Broadcast state;
    state.in = 0;
    state.processors = 0;
    const KIRQL old_irql = world.self.raise_irql(DISPATCH_LEVEL);
    const ULONG own = current_processor_number();
    const ULONG_PTR result = world.dispatcher.processor_calls().broadcast(
        [](ULONG_PTR argument) -> ULONG_PTR {
            EXPECT_EQ(Thread::current()->irql(), IPI_LEVEL);
            state.processors |= 1u << current_processor_number();
            ++state.in;
            while (state.in != 3) platform::yield_thread();  // all at the same time
            return argument + current_processor_number();
        },
        100);
    EXPECT_EQ(world.self.irql(), DISPATCH_LEVEL);
    world.self.lower_irql(old_irql);
    EXPECT_EQ(result, 100 + own);
    EXPECT_EQ(state.processors, 0b111u);
    step = 2;
}

TEST(IpiGenericCall, ManyCallersTakeTurns) {
    World world(2);
    static std::atomic<int> running;
    static std::atomic<int> calls;
    running = calls = 0;
    run_threads(world, 3, 20, 5, [&](std::mt19937&) {
        world.dispatcher.processor_calls().broadcast(
            [](ULONG_PTR) -> ULONG_PTR {
                EXPECT_LE(++running, 2);
                ++calls;
                --running;
                return 0;
            },
            0);
    });
    EXPECT_EQ(calls, 3 * 20 * 2);
}

TEST(NumberedLocks, ExcludeAndRaise) {
    World world(4);
    NumberedLocks& locks = world.dispatcher.numbered_locks();
    const KIRQL old_irql = locks.acquire(LockQueueMasterLock, DISPATCH_LEVEL);
    EXPECT_EQ(world.self.irql(), DISPATCH_LEVEL);
    KIRQL other = 99;
    std::atomic<bool> done{false};
    KernelThread tries(world, [&] {
        EXPECT_FALSE(locks.try_acquire(LockQueueMasterLock, SYNCH_LEVEL, &other));
        EXPECT_EQ(Thread::current()->irql(), PASSIVE_LEVEL);
        EXPECT_TRUE(locks.try_acquire(LockQueueVacbLock, SYNCH_LEVEL, &other));
        EXPECT_EQ(Thread::current()->irql(), SYNCH_LEVEL);
        locks.release(LockQueueVacbLock, other);
        done = true;
    });
    yield_until([&] { return done.load(); });
    locks.release(LockQueueMasterLock, old_irql);
    EXPECT_EQ(world.self.irql(), PASSIVE_LEVEL);
    long value = 0;
    run_threads(world, 4, 5000, 3, [&](std::mt19937&) {
        const KIRQL irql = locks.acquire(LockQueueBcbLock, DISPATCH_LEVEL);
        ++value;
        locks.release(LockQueueBcbLock, irql);
    });
    EXPECT_EQ(value, 20'000);
}

TEST(NumberedLocksDeathTest, DiagnoseANumberThatThereIsNotAndASecondAcquire) {
    World world;
    PW_EXPECT_BUG_CHECK((void)world.dispatcher.numbered_locks().acquire(LockQueueMaximumLock, DISPATCH_LEVEL), "SPIN_LOCK_INIT_FAILURE");
    const auto twice = [&] {
        (void)world.dispatcher.numbered_locks().acquire(LockQueueMasterLock, DISPATCH_LEVEL);
        (void)world.dispatcher.numbered_locks().acquire(LockQueueMasterLock, DISPATCH_LEVEL);
    };
    PW_EXPECT_BUG_CHECK(twice(), "SPIN_LOCK_ALREADY_OWNED");
}

TEST(CacheAwareRundown, WaitsForUsersOfEveryProcessor) {
    World world(4);
    std::vector<unsigned char> memory(_EX_RUNDOWN_REF_CACHE_AWARE::size_bytes(4) + 1);
    auto* rundown = _EX_RUNDOWN_REF_CACHE_AWARE::create(memory.data(), 4);
    // Taken on one processor, given back on another.
    world.self.set_affinity(0b0001);
    ASSERT_TRUE(rundown->acquire());
    ASSERT_TRUE(rundown->acquire());
    world.self.set_affinity(0b1000);
    rundown->release();
    std::atomic<bool> down{false};
    KernelThread waiter(world, [&] {
        rundown->wait();
        down = true;
    });
    yield_until([&] { return waiter.thread().is_waiting(); });
    EXPECT_FALSE(rundown->acquire());
    EXPECT_FALSE(down);
    world.self.set_affinity(0b0100);
    rundown->release();
    waiter.join();
    EXPECT_TRUE(down);
    EXPECT_FALSE(rundown->acquire());
    rundown->wait();  // again: nothing to wait for
    rundown->reinitialize();
    EXPECT_TRUE(rundown->acquire());
    rundown->release();
}

TEST(CacheAwareRundownStress, NobodyUsesWhatHasBeenRunDown) {
    World world(4);
    std::vector<unsigned char> memory(_EX_RUNDOWN_REF_CACHE_AWARE::size_bytes(4));
    for (int round = 0; round < 50; ++round) {
        auto* rundown = _EX_RUNDOWN_REF_CACHE_AWARE::create(memory.data(), 4);
        std::atomic<bool> alive{true};
        std::atomic<int> started{0};
        std::vector<std::unique_ptr<KernelThread>> threads;
        for (int i = 0; i < 3; ++i) {
            threads.push_back(std::make_unique<KernelThread>(world, [&, i] {
                ++started;
                for (unsigned n = 0; rundown->acquire(); ++n) {
                    EXPECT_TRUE(alive);
                    Thread::current()->set_affinity(KAFFINITY{1} << ((n + static_cast<unsigned>(i)) % 4));
                    rundown->release();
                }
            }));
        }
        yield_until([&] { return started == 3; });
        rundown->wait();
        alive = false;
    }
}

TEST(StackExpansion, CallsOnAFreshStackOfThatSize) {
    World world;
    struct Seen {
        std::uintptr_t address = 0;
    } seen;
    const auto routine = [](void* parameter) {
        volatile char big[64 * 1024];
        std::memset(const_cast<char*>(big), 1, sizeof big);
        static_cast<Seen*>(parameter)->address = reinterpret_cast<std::uintptr_t>(&big);
    };
    int here;
    EXPECT_EQ(call_on_expanded_stack(world.self, routine, &seen, MAXIMUM_EXPANSION_SIZE).code(), STATUS_SUCCESS);
    const auto distance = static_cast<std::intptr_t>(seen.address - reinterpret_cast<std::uintptr_t>(&here));
    EXPECT_GT(distance < 0 ? -distance : distance, std::intptr_t{64 * 1024});
    seen.address = 0;
    EXPECT_EQ(call_on_expanded_stack(world.self, routine, &seen, MAXIMUM_EXPANSION_SIZE + 1).code(), STATUS_INVALID_PARAMETER_3);
    EXPECT_EQ(seen.address, 0u);
    const auto raises = [&] {
        (void)call_on_expanded_stack(
            world.self, [](void* thread) { static_cast<Thread*>(thread)->raise_irql(DISPATCH_LEVEL); }, &world.self, 100);
    };
    PW_EXPECT_BUG_CHECK(raises(), "IRQL_UNEXPECTED_VALUE");
}

TEST(ExtendedState, ComesInPairs) {
    World world;
    XSTATE_SAVE save = {};
    EXPECT_EQ(save_extended_state(3, save).code(), STATUS_SUCCESS);
    restore_extended_state(save);
    EXPECT_EQ(save_extended_state(ULONG64{1} << 62, save).code(), STATUS_NOT_SUPPORTED);
    PW_EXPECT_BUG_CHECK(restore_extended_state(save), "INVALID_FLOATING_POINT_STATE");
}

TEST(BasePriority, IsRelativeAndSaturates) {
    World world;
    EXPECT_EQ(world.self.priority(), 8);
    EXPECT_EQ(world.self.set_base_priority(2), 0);
    EXPECT_EQ(world.self.priority(), 10);
    EXPECT_EQ(world.self.set_base_priority(16), 2);
    EXPECT_EQ(world.self.priority(), 15);
    EXPECT_EQ(world.self.set_base_priority(-16), 16);
    EXPECT_EQ(world.self.priority(), 1);
    world.self.set_base_priority(100);
    EXPECT_EQ(world.self.priority(), 15);
}

TEST(SystemAffinity, RemembersWhatWasSetBefore) {
    World world(4);
    EXPECT_EQ(world.self.set_system_affinity(0b0011), 0u);
    EXPECT_EQ(world.self.set_system_affinity(0b0100), 0b0011u);
    EXPECT_EQ(world.self.processor_number(), 2u);
    EXPECT_EQ(world.self.set_system_affinity(0), 0b0100u);  // changes nothing
    EXPECT_EQ(world.self.affinity(), 0b0100u);
    world.self.revert_affinity(0b0011);
    EXPECT_EQ(world.self.affinity(), 0b0011u);
    world.self.revert_affinity(0);
    EXPECT_EQ(world.self.affinity(), 0b1111u);
    EXPECT_EQ(world.self.set_system_affinity(0b0001), 0u);
}

TEST(RunTime, GrowsWithWork) {
    World world;
    const std::uint64_t before = world.self.run_time_100ns();
    yield_until([&] { return world.self.run_time_100ns() > before; });
    KernelThread other(world, [] {});
    other.join();
}

TEST(BugCheckCallbackDeathTest, AreCalledWithTheirBufferAndForTheirReason) {
    static KBUGCHECK_CALLBACK_RECORD record;
    static KBUGCHECK_REASON_CALLBACK_RECORD reason;
    static unsigned char buffer[4];
    static unsigned char name[] = "test driver";
    const auto routine = [](PVOID data, ULONG length) {
        std::memset(data, 0xA5, length);
        std::fprintf(stderr, "callback at IRQL %u\n", unsigned{current_irql()});
    };
    const auto reason_routine = [](KBUGCHECK_CALLBACK_REASON, KBUGCHECK_REASON_CALLBACK_RECORD*, PVOID data, ULONG) {
        auto& dump = *static_cast<KBUGCHECK_SECONDARY_DUMP_DATA*>(data);
        std::memcpy(dump.InBuffer, "xyz", 3);
        dump.OutBuffer = dump.InBuffer;
        dump.OutBufferLength = 3;
    };
    record.State = BufferEmpty;
    EXPECT_TRUE(register_bug_check_callback(record, routine, buffer, sizeof buffer, name));
    EXPECT_FALSE(register_bug_check_callback(record, routine, buffer, sizeof buffer, name));
    EXPECT_TRUE(deregister_bug_check_callback(record));
    EXPECT_FALSE(deregister_bug_check_callback(record));
    EXPECT_FALSE(register_bug_check_reason_callback(reason, reason_routine, KbCallbackReserved1, name));
    World world;
    const auto crash = [&] {
        (void)register_bug_check_callback(record, routine, buffer, sizeof buffer, name);
        (void)register_bug_check_reason_callback(reason, reason_routine, KbCallbackSecondaryDumpData, name);
        bug_check(0xE2);
    };
    PW_EXPECT_BUG_CHECK(crash(), "callback at IRQL 15");
    PW_EXPECT_BUG_CHECK(crash(), "bug-check callback .buffer. of test driver: 4 bytes a5 a5 a5 a5");
    PW_EXPECT_BUG_CHECK(crash(), "bug-check callback .secondary dump data. of test driver: 3 bytes 78 79 7a");
    const auto overwritten = [&] {
        (void)register_bug_check_callback(record, routine, buffer, sizeof buffer, name);
        record.Length = 5;
        bug_check(0xE2);
    };
    PW_EXPECT_BUG_CHECK(overwritten(), "has been overwritten: not called");
}

}  // namespace
}  // namespace pw::ke::test
