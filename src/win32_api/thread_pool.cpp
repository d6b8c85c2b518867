// SPDX-License-Identifier: Apache-2.0
#include "win32_api/thread_pool.h"

#include <chrono>

#include "win32_api/application_threads.h"
#include "win32_api/win32_result.h"

namespace pw::win32 {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned max_workers = 64;
// A worker that has had nothing to do for so long ends.
constexpr std::chrono::seconds idle_patience{10};

}  // namespace

bool CallbackGate::enter() {
    const std::lock_guard<std::mutex> lock(lock_);
    if (is_closed_) return false;
    ++running_;
    return true;
}

void CallbackGate::leave() {
    HANDLE event = nullptr;
    {
        const std::lock_guard<std::mutex> lock(lock_);
        if (--running_ != 0) return;
        if (is_closed_) std::swap(event, event_);
        empty_.notify_all();
    }
    if (event != nullptr) SetEvent(event);
}

bool CallbackGate::close() {
    const std::lock_guard<std::mutex> lock(lock_);
    is_closed_ = true;
    return running_ == 0;
}

void CallbackGate::wait() {
    std::unique_lock<std::mutex> lock(lock_);
    empty_.wait(lock, [this] { return running_ == 0; });
}

void CallbackGate::set_event_when_empty(HANDLE event) {
    {
        const std::lock_guard<std::mutex> lock(lock_);
        if (running_ != 0) {
            event_ = event;
            return;
        }
    }
    SetEvent(event);
}

BOOL finish_deletion(CallbackGate& gate, HANDLE completion_event) {
    const bool is_idle = gate.close();
    if (completion_event == nullptr) return is_idle ? TRUE : fail(ERROR_IO_PENDING);
    if (completion_event == INVALID_HANDLE_VALUE) {
        gate.wait();
        return TRUE;
    }
    gate.set_event_when_empty(completion_event);
    return is_idle ? TRUE : fail(ERROR_IO_PENDING);
}

class ThreadPool::Timer {
public:
    Clock::time_point due;
    std::chrono::milliseconds period{0};
    std::function<void()> expire;
    bool is_set = false;
};

ThreadPool& ThreadPool::instance() {
    // Never destroyed: its threads run until the process is gone.
    static ThreadPool* const pool = new ThreadPool;
    return *pool;
}

bool ThreadPool::start_worker_locked() {
    const HANDLE thread = start_thread({.routine = worker_main, .parameter = this, .stack_bytes = 0, .flags = 0}, nullptr);
    if (thread == nullptr) return false;
    NtClose(thread);
    ++workers_;
    return true;
}

bool ThreadPool::submit(std::function<void()> work) {
    const std::lock_guard<std::mutex> lock(lock_);
    // One thread for each piece that waits: a callback may block for as long as it likes.
    if (work_.size() >= idle_ && workers_ < max_workers && !start_worker_locked() && workers_ == 0) return false;
    work_.push_back(std::move(work));
    work_came_.notify_one();
    return true;
}

DWORD WINAPI ThreadPool::worker_main(LPVOID raw) {
    auto& pool = *static_cast<ThreadPool*>(raw);
    std::unique_lock<std::mutex> lock(pool.lock_);
    while (true) {
        ++pool.idle_;
        const bool has_work = pool.work_came_.wait_for(lock, idle_patience, [&] { return !pool.work_.empty(); });
        --pool.idle_;
        if (!has_work) {
            --pool.workers_;
            return 0;
        }
        const std::function<void()> work = std::move(pool.work_.front());
        pool.work_.pop_front();
        lock.unlock();
        work();
        lock.lock();
    }
}

std::shared_ptr<ThreadPool::Timer> ThreadPool::start_timer(DWORD due_ms, DWORD period_ms, std::function<void()> expire) {
    auto timer = std::make_shared<Timer>();
    timer->expire = std::move(expire);
    {
        const std::lock_guard<std::mutex> lock(timer_lock_);
        if (!has_timer_thread_) {
            const HANDLE thread =
                start_thread({.routine = timer_main, .parameter = this, .stack_bytes = 0, .flags = 0}, nullptr);
            if (thread == nullptr) return nullptr;
            NtClose(thread);
            has_timer_thread_ = true;
        }
    }
    change_timer(timer, due_ms, period_ms);
    return timer;
}

void ThreadPool::change_timer(const std::shared_ptr<Timer>& timer, DWORD due_ms, DWORD period_ms) {
    const std::lock_guard<std::mutex> lock(timer_lock_);
    timers_.remove(timer);
    timer->period = std::chrono::milliseconds(period_ms);
    timer->is_set = due_ms != INFINITE;
    if (!timer->is_set) return;
    timer->due = Clock::now() + std::chrono::milliseconds(due_ms);
    timers_.push_back(timer);
    timers_changed_.notify_one();
}

void ThreadPool::cancel_timer(const std::shared_ptr<Timer>& timer) {
    const std::lock_guard<std::mutex> lock(timer_lock_);
    timer->is_set = false;
    timers_.remove(timer);
}

DWORD WINAPI ThreadPool::timer_main(LPVOID raw) {
    auto& pool = *static_cast<ThreadPool*>(raw);
    std::unique_lock<std::mutex> lock(pool.timer_lock_);
    while (true) {
        std::shared_ptr<Timer> next;
        for (const auto& timer : pool.timers_) {
            if (!next || timer->due < next->due) next = timer;
        }
        if (!next) {
            pool.timers_changed_.wait(lock);
            continue;
        }
        const Clock::time_point now = Clock::now();
        if (next->due > now) {
            pool.timers_changed_.wait_until(lock, next->due);
            continue;
        }
        if (next->period.count() == 0) {
            pool.timers_.remove(next);
        } else {
            next->due += next->period * ((now - next->due) / next->period + 1);
        }
        lock.unlock();
        next->expire();
        lock.lock();
    }
}

}  // namespace pw::win32
