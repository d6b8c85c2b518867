// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <random>
#include <vector>

#include "kernel/dispatcher/dispatcher_test_support.h"

namespace pw::ke {
namespace {

using namespace test;

// Tokens circulate through synchronization events and semaphores; timeouts race with the sets. None may get lost.
TEST(WaitStress, NoWakeIsLostBetweenTimeoutsAndSets) {
    World world(2);
    constexpr int thread_count = 4;
    constexpr int rounds = 2'000;
    Semaphore tokens(0, 0x7fffffff);
    std::atomic<long> taken{0};
    {
        std::vector<std::unique_ptr<KernelThread>> takers;
        for (int i = 0; i < thread_count; ++i) {
            takers.push_back(std::make_unique<KernelThread>(world, [&, i] {
                std::mt19937 random(1234u + static_cast<unsigned>(i));
                while (taken.load() < rounds * 2) {
                    const LARGE_INTEGER timeout = ticks(-static_cast<std::int64_t>(random() % 300));
                    if (world.wait(tokens.Header, &timeout) == STATUS_SUCCESS) ++taken;
                }
            }));
        }
        std::vector<std::unique_ptr<KernelThread>> givers;
        for (int i = 0; i < 2; ++i) {
            givers.push_back(std::make_unique<KernelThread>(world, [&] {
                for (int n = 0; n < rounds; ++n) EXPECT_TRUE(world.dispatcher.release_semaphore(tokens, 1, nullptr).is_success());
            }));
        }
    }
    EXPECT_EQ(taken.load(), rounds * 2);
    EXPECT_EQ(Dispatcher::read_state(tokens.Header), 0);
}

TEST(WaitStress, ThreadsPassABatonAroundWithoutALostWake) {
    World world(2);
    constexpr int thread_count = 5;
    constexpr int laps = 300;
    std::vector<Event> batons(thread_count, Event(SynchronizationEvent, false));
    for (Event& baton : batons) Dispatcher::initialize_event(baton, SynchronizationEvent, false);
    int value = 0;
    {
        std::vector<std::unique_ptr<KernelThread>> threads;
        for (int i = 0; i < thread_count; ++i) {
            threads.push_back(std::make_unique<KernelThread>(world, [&, i] {
                for (int lap = 0; lap < laps; ++lap) {
                    EXPECT_EQ(world.wait(batons[static_cast<std::size_t>(i)].Header), STATUS_SUCCESS);
                    ++value;  // TSan watches that the baton orders this
                    world.dispatcher.set_event(batons[static_cast<std::size_t>((i + 1) % thread_count)]);
                }
            }));
        }
        world.dispatcher.set_event(batons[0]);
    }
    EXPECT_EQ(value, thread_count * laps);
}

TEST(WaitStress, WaitAllAndWaitAnyCompeteForTheSameObjects) {
    World world(2);
    Semaphore left(0, 1'000'000);
    Semaphore right(0, 1'000'000);
    constexpr int rounds = 1'500;
    std::atomic<int> pairs{0};
    std::atomic<int> singles{0};
    {
        DISPATCHER_HEADER* objects[] = {&left.Header, &right.Header};
        KernelThread all(world, [&] {
            while (pairs.load() < rounds) {
                const LARGE_INTEGER timeout = ticks(-500);
                if (world.dispatcher.wait_multiple(2, objects, WaitAll, KernelMode, false, &timeout, nullptr).code() == STATUS_SUCCESS) ++pairs;
            }
        });
        KernelThread any(world, [&] {
            while (singles.load() < rounds) {
                const NTSTATUS status = world.dispatcher.wait_multiple(2, objects, WaitAny, KernelMode, false, nullptr, nullptr).code();
                // Give back what the pairs need: this thread may only take, never starve the other.
                ASSERT_TRUE(status == STATUS_WAIT_0 || status == STATUS_WAIT_1);
                ++singles;
                EXPECT_TRUE(world.dispatcher.release_semaphore(status == STATUS_WAIT_0 ? left : right, 1, nullptr).is_success());
            }
        });
        KernelThread giver(world, [&] {
            for (int i = 0; i < rounds + 1; ++i) {
                EXPECT_TRUE(world.dispatcher.release_semaphore(left, 1, nullptr).is_success());
                EXPECT_TRUE(world.dispatcher.release_semaphore(right, 1, nullptr).is_success());
            }
        });
    }
    EXPECT_EQ(pairs.load(), rounds);
    EXPECT_EQ(Dispatcher::read_state(left.Header), 1);
    EXPECT_EQ(Dispatcher::read_state(right.Header), 1);
}

}  // namespace
}  // namespace pw::ke
