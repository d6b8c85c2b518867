// SPDX-License-Identifier: Apache-2.0
// ThreadPool: threads that run callbacks: what work items, timers, waits and I/O of both interfaces end in.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "win32/minwindef.h"

namespace pw::win32 {

// How many callbacks of one object are under way, and whether more may start: what a deletion waits for.
class CallbackGate {
public:
    // False: closed; the callback must not run.
    [[nodiscard]] bool enter();
    void leave();
    // No callback starts any more. True when none is under way.
    bool close();
    void wait();
    // Set when the last callback has left after close(); at once if none is under way.
    void set_event_when_empty(HANDLE event);

private:
    std::mutex lock_;
    std::condition_variable empty_;
    unsigned running_ = 0;
    bool is_closed_ = false;
    HANDLE event_ = nullptr;
};

// The documented three ways to delete an object with callbacks: null: FALSE with ERROR_IO_PENDING while one runs;
// INVALID_HANDLE_VALUE: waits; else the event is set later.
BOOL finish_deletion(CallbackGate& gate, HANDLE completion_event);

// The lower, the sooner.
enum class PoolPriority : unsigned { high = 0, normal = 1, low = 2 };

class ThreadPool : public std::enable_shared_from_this<ThreadPool> {
public:
    // The process's own pool; never destroyed. Others live while somebody holds them or a callback runs.
    [[nodiscard]] static ThreadPool& instance();
    [[nodiscard]] static std::shared_ptr<ThreadPool> create() { return std::make_shared<ThreadPool>(); }

    // Runs soon on a thread of the pool. False when no thread can be had.
    bool submit(std::function<void()> work, PoolPriority priority = PoolPriority::normal);

    // How many threads there may be, and how many stay when there is nothing to do. set_minimum: false when they cannot be
    // started. A maximum below the minimum lowers it, and the other way round.
    void set_maximum(unsigned threads);
    [[nodiscard]] bool set_minimum(unsigned threads);
    // The stack of threads that start from now on; 0: the default.
    void set_stack_bytes(std::size_t reserve_bytes);

    // From within a callback: it may take long. False: no other thread is left, nor can one be started.
    [[nodiscard]] bool expect_long_callback();

    static constexpr unsigned default_maximum = 500;  // documented

private:
    static DWORD WINAPI worker_main(LPVOID);
    [[nodiscard]] bool start_worker_locked();
    [[nodiscard]] bool has_work_locked() const;
    [[nodiscard]] std::function<void()> take_locked();
    [[nodiscard]] std::size_t waiting_locked() const;
    void run(std::unique_lock<std::mutex>& lock);

    std::mutex lock_;
    std::condition_variable work_came_;
    std::deque<std::function<void()>> work_[3];  // by priority
    unsigned workers_ = 0;
    unsigned idle_ = 0;
    unsigned minimum_ = 0;
    unsigned maximum_ = default_maximum;
    std::size_t stack_bytes_ = 0;
};

// Timers whose callbacks are handed to a pool: one thread of the process waits for the next due time.
class PoolTimers {
public:
    [[nodiscard]] static PoolTimers& instance();

    // Calls `expire` on the timers' thread at its due time and then each period, until it is stopped. It must be short.
    class Timer;
    // Not set yet. Null when the thread cannot be started.
    [[nodiscard]] std::shared_ptr<Timer> create(std::function<void()> expire);
    // Sets it anew. Times in milliseconds; period 0: once. Returns whether it was set.
    bool set(const std::shared_ptr<Timer>& timer, std::uint64_t due_ms, DWORD period_ms);
    bool stop(const std::shared_ptr<Timer>& timer);
    [[nodiscard]] bool is_set(const std::shared_ptr<Timer>& timer);

private:
    static DWORD WINAPI timer_main(LPVOID);

    std::mutex lock_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Timer>> timers_;
    bool has_thread_ = false;
};

}  // namespace pw::win32
