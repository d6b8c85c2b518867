// SPDX-License-Identifier: Apache-2.0
#include "platform/futex.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string_view>
#include <thread>
#include <vector>

#include <pthread.h>

#include "platform/backtrace.h"
#include "platform/clock.h"
#include "platform/threads.h"

namespace pw::platform {
namespace {

TEST(Futex, DoesNotSleepWhenTheWordDiffers) {
    std::atomic<std::uint32_t> word{1};
    EXPECT_TRUE(futex_wait(&word, 0));
}

TEST(Futex, ReturnsFalseAfterEitherClocksDeadline) {
    std::atomic<std::uint32_t> word{0};
    for (const bool realtime : {false, true}) {
        bool in_time = true;
        if (realtime) {
            const auto deadline = SleepDeadline::at_realtime(realtime_ns() + 1'000'000);
            while (in_time) in_time = futex_wait(&word, 0, deadline);
            EXPECT_GE(realtime_ns(), deadline.time_ns);
        } else {
            const auto deadline = SleepDeadline::at_monotonic(monotonic_time_ns() + 1'000'000);
            while (in_time) in_time = futex_wait(&word, 0, deadline);
            EXPECT_GE(monotonic_time_ns(), deadline.time_ns);
        }
    }
    EXPECT_FALSE(futex_wait(&word, 0, SleepDeadline::at_realtime(-5)));
}

TEST(Futex, AWakeOfAnAddressThatIsNoMemoryIsHarmless) { futex_wake(reinterpret_cast<const void*>(8)); }

TEST(Threads, ADetachedThreadRunsAndWakesWhoWaitsForItsWord) {
    static std::atomic<std::uint32_t> word;
    word = 0;
    ASSERT_TRUE(start_detached_thread("pw-test", [](void* argument) {
        auto& target = *static_cast<std::atomic<std::uint32_t>*>(argument);
        target = 7;
        wake_waiters(target);
    }, &word));
    EXPECT_TRUE(wait_while_equal(word, 0));
    EXPECT_EQ(word.load(), 7u);
    EXPECT_FALSE(wait_while_equal(word, 7, 100'000));
}

// Threads that end before their start has returned, more at once than the C library keeps stacks for: nothing may touch
// what is gone. Each has its name from its first step.
TEST(Threads, ADetachedThreadMayEndBeforeItsStartReturns) {
    static std::atomic<std::uint32_t> named;
    static std::atomic<std::uint32_t> done;
    named = done = 0;
    constexpr std::uint32_t starters = 8;
    constexpr std::uint32_t each = 200;
    const auto routine = [](void*) {
        char name[16];
        if (::pthread_getname_np(::pthread_self(), name, sizeof name) == 0 && std::string_view(name) == "pw-brief") ++named;
        ++done;
        wake_waiters(done);
    };
    std::vector<std::thread> threads;
    for (std::uint32_t s = 0; s < starters; ++s) {
        threads.emplace_back([&] {
            for (std::uint32_t i = 0; i < each; ++i) ASSERT_TRUE(start_detached_thread("pw-brief", routine, nullptr));
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::uint32_t seen = done; seen != starters * each; seen = done) static_cast<void>(wait_while_equal(done, seen));
    EXPECT_EQ(named.load(), starters * each);
}

[[gnu::noinline]] int capture_here(const void** addresses, int capacity) {
    const int count = capture_backtrace(addresses, capacity);
    asm volatile("" ::: "memory");
    return count;
}

TEST(Backtrace, FindsFunctionFileAndLine) {
    const void* addresses[8];
    const int count = capture_here(addresses, 8);
    ASSERT_GE(count, 2);
    Symbolizer symbolizer;
    const SourcePlace place = symbolizer.find(addresses[0], true);
    EXPECT_NE(place.function.find("capture_here"), std::string::npos) << place.function;
    EXPECT_NE(place.file.find("futex_test.cpp"), std::string::npos) << place.file;
    EXPECT_GT(place.line, 0);
}

TEST(Backtrace, AFrameChainIntoNothingEnds) {
    const void* addresses[8] = {};
    EXPECT_EQ(capture_backtrace_from(addresses, reinterpret_cast<const void*>(16), addresses, 8), 1);
}

}  // namespace
}  // namespace pw::platform
