// SPDX-License-Identifier: Apache-2.0
#include "win32_api/thread_pool.h"

#include <algorithm>
#include <chrono>

#include "win32_api/application_threads.h"
#include "win32_api/win32_result.h"

namespace pw::win32 {
namespace {

using Clock = std::chrono::steady_clock;

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

ThreadPool& ThreadPool::instance() {
    // Never destroyed: its threads run until the process is gone.
    static const auto* const pool = new std::shared_ptr<ThreadPool>(create());
    return **pool;
}

bool ThreadPool::start_worker_locked() {
    auto holder = std::make_unique<std::shared_ptr<ThreadPool>>(shared_from_this());
    const HANDLE thread = start_thread({.routine = worker_main,
                                        .parameter = holder.get(),
                                        .stack_bytes = stack_bytes_,
                                        .flags = stack_bytes_ == 0 ? 0u : DWORD{STACK_SIZE_PARAM_IS_A_RESERVATION}},
                                       nullptr);
    if (thread == nullptr) return false;
    holder.release();
    NtClose(thread);
    ++workers_;
    return true;
}

bool ThreadPool::has_work_locked() const { return waiting_locked() != 0; }

std::size_t ThreadPool::waiting_locked() const { return work_[0].size() + work_[1].size() + work_[2].size(); }

std::function<void()> ThreadPool::take_locked() {
    auto* queue = work_;
    while (queue->empty()) ++queue;
    std::function<void()> work = std::move(queue->front());
    queue->pop_front();
    return work;
}

bool ThreadPool::submit(std::function<void()> work, PoolPriority priority) {
    const std::lock_guard<std::mutex> lock(lock_);
    // One thread for each piece that waits: a callback may block for as long as it likes.
    if (waiting_locked() >= idle_ && workers_ < maximum_ && !start_worker_locked() && workers_ == 0) return false;
    work_[static_cast<unsigned>(priority)].push_back(std::move(work));
    work_came_.notify_one();
    return true;
}

void ThreadPool::set_maximum(unsigned threads) {
    const std::lock_guard<std::mutex> lock(lock_);
    maximum_ = threads == 0 ? 1 : threads;
    minimum_ = minimum_ < maximum_ ? minimum_ : maximum_;
    // Threads above it end when they have nothing to do; more may be wanted at once.
    while (waiting_locked() > idle_ && workers_ < maximum_ && start_worker_locked()) {
    }
    work_came_.notify_all();
}

bool ThreadPool::set_minimum(unsigned threads) {
    const std::lock_guard<std::mutex> lock(lock_);
    while (workers_ < threads) {
        if (!start_worker_locked()) return false;
    }
    minimum_ = threads;
    maximum_ = maximum_ < threads ? threads : maximum_;
    return true;
}

void ThreadPool::set_stack_bytes(std::size_t reserve_bytes) {
    const std::lock_guard<std::mutex> lock(lock_);
    stack_bytes_ = reserve_bytes;
}

bool ThreadPool::expect_long_callback() {
    const std::lock_guard<std::mutex> lock(lock_);
    return idle_ > waiting_locked() || (workers_ < maximum_ && start_worker_locked());
}

DWORD WINAPI ThreadPool::worker_main(LPVOID raw) {
    const std::unique_ptr<std::shared_ptr<ThreadPool>> pool(static_cast<std::shared_ptr<ThreadPool>*>(raw));
    std::unique_lock<std::mutex> lock((*pool)->lock_);
    (*pool)->run(lock);
    --(*pool)->workers_;
    lock.unlock();
    return 0;
}

void ThreadPool::run(std::unique_lock<std::mutex>& lock) {
    while (workers_ <= maximum_) {
        ++idle_;
        const bool has_work = work_came_.wait_for(lock, idle_patience, [this] { return has_work_locked() || workers_ > maximum_; });
        --idle_;
        if (!has_work_locked()) {
            // A pool that nobody holds any more (its threads do) needs no threads in stock.
            if (!has_work && (workers_ > minimum_ || weak_from_this().use_count() <= static_cast<long>(workers_))) return;
            continue;
        }
        std::function<void()> work = take_locked();
        lock.unlock();
        work();
        work = nullptr;  // what it holds goes without the lock
        lock.lock();
    }
}

class PoolTimers::Timer {
public:
    Clock::time_point due;
    std::chrono::milliseconds period{0};
    std::function<void()> expire;
};

PoolTimers& PoolTimers::instance() {
    static PoolTimers* const timers = new PoolTimers;
    return *timers;
}

std::shared_ptr<PoolTimers::Timer> PoolTimers::create(std::function<void()> expire) {
    auto timer = std::make_shared<Timer>();
    timer->expire = std::move(expire);
    const std::lock_guard<std::mutex> lock(lock_);
    if (!has_thread_) {
        const HANDLE thread = start_thread({.routine = timer_main, .parameter = this, .stack_bytes = 0, .flags = 0}, nullptr);
        if (thread == nullptr) return nullptr;
        NtClose(thread);
        has_thread_ = true;
    }
    return timer;
}

bool PoolTimers::set(const std::shared_ptr<Timer>& timer, std::uint64_t due_ms, DWORD period_ms) {
    const std::lock_guard<std::mutex> lock(lock_);
    const bool was_set = std::erase(timers_, timer) != 0;
    timer->period = std::chrono::milliseconds(period_ms);
    timer->due = Clock::now() + std::chrono::milliseconds(due_ms);
    timers_.push_back(timer);
    changed_.notify_one();
    return was_set;
}

bool PoolTimers::stop(const std::shared_ptr<Timer>& timer) {
    const std::lock_guard<std::mutex> lock(lock_);
    return std::erase(timers_, timer) != 0;
}

bool PoolTimers::is_set(const std::shared_ptr<Timer>& timer) {
    const std::lock_guard<std::mutex> lock(lock_);
    return std::find(timers_.begin(), timers_.end(), timer) != timers_.end();
}

DWORD WINAPI PoolTimers::timer_main(LPVOID raw) {
    auto& pool = *static_cast<PoolTimers*>(raw);
    std::unique_lock<std::mutex> lock(pool.lock_);
    while (true) {
        std::shared_ptr<Timer> next;
        for (const auto& timer : pool.timers_) {
            if (!next || timer->due < next->due) next = timer;
        }
        if (!next) {
            pool.changed_.wait(lock);
            continue;
        }
        const Clock::time_point now = Clock::now();
        if (next->due > now) {
            pool.changed_.wait_until(lock, next->due);
            continue;
        }
        if (next->period.count() == 0) {
            std::erase(pool.timers_, next);
        } else {
            next->due += next->period * ((now - next->due) / next->period + 1);
        }
        lock.unlock();
        next->expire();
        next.reset();
        lock.lock();
    }
}

}  // namespace pw::win32
