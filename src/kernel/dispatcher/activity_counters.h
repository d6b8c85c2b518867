// SPDX-License-Identifier: Apache-2.0
// ActivityCounters: what a thread has done so far, for the tools (partywall stats): counted by the thread itself without a
// locked instruction, read by others at any time.
#pragma once

#include <atomic>
#include <cstdint>

namespace pw::ke {

// Sums of counters at some moment.
struct Activity {
    std::uint64_t system_calls = 0;
    std::uint64_t requests = 0;  // IRPs that the I/O manager sent to a driver for a system call
    std::uint64_t waits = 0;     // waits that began
    std::uint64_t sleeps = 0;    // of those, the ones that found nothing signalled and slept

    Activity& operator+=(const Activity& other) {
        system_calls += other.system_calls;
        requests += other.requests;
        waits += other.waits;
        sleeps += other.sleeps;
        return *this;
    }
};

class ActivityCounters {
public:
    // On the thread itself only.
    void count_system_call() { count(system_calls_); }
    void count_request() { count(requests_); }
    void count_wait() { count(waits_); }
    void count_sleep() { count(sleeps_); }

    // Any thread; each number is right, together they are of about the same moment.
    [[nodiscard]] Activity read() const {
        return {system_calls_.load(std::memory_order_relaxed), requests_.load(std::memory_order_relaxed),
                waits_.load(std::memory_order_relaxed), sleeps_.load(std::memory_order_relaxed)};
    }

private:
    // One writer: an ordinary increment, and no torn reads elsewhere.
    static void count(std::atomic<std::uint64_t>& counter) {
        counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    std::atomic<std::uint64_t> system_calls_{0};
    std::atomic<std::uint64_t> requests_{0};
    std::atomic<std::uint64_t> waits_{0};
    std::atomic<std::uint64_t> sleeps_{0};
};

}  // namespace pw::ke
