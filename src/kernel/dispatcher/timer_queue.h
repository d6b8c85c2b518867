// SPDX-License-Identifier: Apache-2.0
// TimerQueue: the set timers of one kernel, and the thread that sleeps exactly until the next one is due.
#pragma once

#include <nt/ke_types.h>

#include <atomic>
#include <cstdint>

#include "base/lock.h"
#include "platform/joined_thread.h"

namespace pw::ke {

class Dispatcher;

// Timers hang in their own list entries, in buckets by due time, each sorted. The dispatcher lock guards all but `word_`.
class TimerQueue {
public:
    explicit TimerQueue(Dispatcher& dispatcher);
    ~TimerQueue();
    TimerQueue(const TimerQueue&) = delete;
    TimerQueue& operator=(const TimerQueue&) = delete;

    // due: interrupt time in 100 ns units, in timer.DueTime.
    void insert_locked(KTIMER& timer);
    void remove_locked(KTIMER& timer);
    // The first timer that is due at `now`, taken out; null if none is.
    [[nodiscard]] KTIMER* take_due_locked(std::uint64_t now);

    // After the lock has been released: starts the thread or wakes it when the next due time has become earlier.
    void rearm(bool earlier);
    [[nodiscard]] bool is_earliest_locked(const KTIMER& timer) const;

private:
    static constexpr unsigned bucket_count = 64;
    static constexpr std::uint64_t never = ~std::uint64_t{0};

    [[nodiscard]] LIST_ENTRY& bucket_of(std::uint64_t due) { return buckets_[(due >> 18) % bucket_count]; }
    [[nodiscard]] std::uint64_t next_due_locked() const;
    void run();

    Dispatcher& dispatcher_;
    LIST_ENTRY buckets_[bucket_count];
    std::uint64_t sleeping_until_ = 0;  // what the thread has been told
    std::atomic<std::uint32_t> word_{0};  // bumped to wake the thread
    std::atomic<bool> stop_{false};
    std::atomic<bool> started_{false};
    Mutex start_lock_{LockRank::leaf};
    platform::JoinedThread thread_;
};

}  // namespace pw::ke
