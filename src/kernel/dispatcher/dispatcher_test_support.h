// SPDX-License-Identifier: Apache-2.0
// For tests: a dispatcher with the test's own thread bound to it, and further kernel threads.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "kernel/dispatcher/dispatcher.h"
#include "platform/threads.h"

namespace pw::ke::test {

inline LARGE_INTEGER ticks(std::int64_t value) {
    LARGE_INTEGER time;
    time.QuadPart = value;
    return time;
}
inline LARGE_INTEGER relative_ms(std::int64_t milliseconds) { return ticks(-milliseconds * 10'000); }
inline constexpr LARGE_INTEGER poll = {};
// So long that a test that waits for it has failed.
inline LARGE_INTEGER long_time() { return relative_ms(60'000); }

inline void yield_until(const std::function<bool()>& condition) {
    while (!condition()) platform::yield_thread();
}

class World {
public:
    explicit World(unsigned processor_count = 2) : dispatcher(DispatcherConfig{processor_count}), self(dispatcher), binding_(self) {}

    NTSTATUS wait(DISPATCHER_HEADER& object, const LARGE_INTEGER* timeout = nullptr) {
        return dispatcher.wait(object, KernelMode, false, timeout).code();
    }
    void yield_until_waited_for(const DISPATCHER_HEADER& object) {
        yield_until([&] { return dispatcher.has_waiters(object); });
    }

    Dispatcher dispatcher;
    Thread self;

private:
    Thread::Binding binding_;
};

// A std::thread that runs as a kernel thread; joined at its end.
class KernelThread {
public:
    KernelThread(World& world, std::function<void()> body)
        : thread_(std::make_unique<Thread>(world.dispatcher)), os_thread_([this, run = std::move(body)] {
              Thread::Binding binding(*thread_);
              run();
          }) {}
    ~KernelThread() { join(); }
    void join() {
        if (os_thread_.joinable()) os_thread_.join();
    }
    [[nodiscard]] Thread& thread() { return *thread_; }

private:
    std::unique_ptr<Thread> thread_;
    std::thread os_thread_;
};

struct Event : KEVENT {
    Event(EVENT_TYPE type, bool signalled) { Dispatcher::initialize_event(*this, type, signalled); }
};
struct Semaphore : KSEMAPHORE {
    Semaphore(LONG count, LONG limit) { Dispatcher::initialize_semaphore(*this, count, limit); }
};

// `thread_count` kernel threads call section(random) `rounds` times each, then are joined. Random choices are seeded.
template <typename Section>
void run_threads(World& world, int thread_count, int rounds, unsigned seed, Section section) {
    std::vector<std::unique_ptr<KernelThread>> threads;
    for (int i = 0; i < thread_count; ++i) {
        threads.push_back(std::make_unique<KernelThread>(world, [&section, rounds, seed, i] {
            std::mt19937 random(seed + static_cast<unsigned>(i));
            for (int n = 0; n < rounds; ++n) section(random);
        }));
    }
}

// The process ends in a bug check with this text in its report.
#define PW_EXPECT_BUG_CHECK(statement, text)                              \
    do {                                                                  \
        GTEST_FLAG_SET(death_test_style, "threadsafe");                   \
        EXPECT_EXIT(statement, ::testing::ExitedWithCode(3), text);       \
    } while (false)

}  // namespace pw::ke::test
