// SPDX-License-Identifier: Apache-2.0
// ThreadPool: threads that run callbacks, and one that waits for the next due time: what timer queues, registered waits and
// work items are made of.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
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

class ThreadPool {
public:
    [[nodiscard]] static ThreadPool& instance();

    // Runs soon on a thread of the pool. False when no thread can be had.
    bool submit(std::function<void()> work);

    // A timer: calls `expire` on the timer's thread at its due time and then each period, until it is cancelled. It must be
    // short. Times in milliseconds; period 0: once.
    class Timer;
    [[nodiscard]] std::shared_ptr<Timer> start_timer(DWORD due_ms, DWORD period_ms, std::function<void()> expire);
    void change_timer(const std::shared_ptr<Timer>& timer, DWORD due_ms, DWORD period_ms);
    void cancel_timer(const std::shared_ptr<Timer>& timer);

private:
    static DWORD WINAPI worker_main(LPVOID);
    static DWORD WINAPI timer_main(LPVOID);
    bool start_worker_locked();

    std::mutex lock_;
    std::condition_variable work_came_;
    std::deque<std::function<void()>> work_;
    unsigned workers_ = 0;
    unsigned idle_ = 0;

    std::mutex timer_lock_;
    std::condition_variable timers_changed_;
    std::list<std::shared_ptr<Timer>> timers_;
    bool has_timer_thread_ = false;
};

}  // namespace pw::win32
