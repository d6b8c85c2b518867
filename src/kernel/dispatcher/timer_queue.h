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
    // Due times are interrupt time, or system time for timers that follow changes of the clock.
    enum class Clock { interrupt, system };

    TimerQueue(Dispatcher& dispatcher, Clock clock);
    ~TimerQueue() { stop(); }
    // Ends the thread; no timer fires any more.
    void stop();
    TimerQueue(const TimerQueue&) = delete;
    TimerQueue& operator=(const TimerQueue&) = delete;

    [[nodiscard]] std::uint64_t now() const;

    // timer.DueTime holds the due time by this queue's clock (kernel_time.h). True when the thread sleeps too long for it: rearm() must follow
    // once the lock has been released.
    [[nodiscard]] bool insert_locked(KTIMER& timer);
    static void remove_locked(KTIMER& timer);
    [[nodiscard]] static bool is_inserted(const KTIMER& timer);
    // The first timer that is due at `now`, taken out; null if none is.
    [[nodiscard]] KTIMER* take_due_locked(std::uint64_t now);

    // An inserted timer that lies in a range of memory, or whose DPC or DPC routine does; null if none does.
    [[nodiscard]] KTIMER* find_in_locked(std::uint64_t base, std::uint64_t length_bytes);

    // When the thread has to look again, which it is then taken to do.
    std::uint64_t plan_next_locked();
    // Starts the thread or wakes it.
    void rearm();

private:
    static constexpr unsigned bucket_count = 64;
    static constexpr std::uint64_t never = ~std::uint64_t{0};

    [[nodiscard]] LIST_ENTRY& bucket_of(std::uint64_t due) { return buckets_[(due >> 18) % bucket_count]; }
    [[nodiscard]] std::uint64_t next_due_locked() const;
    void run();

    Dispatcher& dispatcher_;
    const Clock clock_;
    LIST_ENTRY buckets_[bucket_count];
    std::uint64_t sleeping_until_ = never;  // when the thread looks next by itself
    std::atomic<std::uint32_t> word_{0};  // bumped to wake the thread
    std::atomic<bool> stop_{false};
    Mutex start_lock_{LockRank::leaf};
    bool started_ PW_GUARDED_BY(start_lock_) = false;
    platform::JoinedThread thread_;
};

}  // namespace pw::ke
