// SPDX-License-Identifier: Apache-2.0
#include "win32_api/wait_threads.h"

#include <algorithm>
#include <chrono>

#include "win32/windows.h"
#include "win32_api/application_threads.h"

namespace pw::win32 {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_waits = MAXIMUM_WAIT_OBJECTS - 1;  // one is for the changes

}  // namespace

class WaitThreads::WaitThread {
public:
    [[nodiscard]] bool run() {
        changed_ = CreateEventW(nullptr, FALSE, FALSE, nullptr);
        if (changed_ == nullptr) return false;
        const HANDLE thread = start_thread({.routine = main, .parameter = this, .stack_bytes = 0, .flags = 0}, nullptr);
        if (thread == nullptr) {
            CloseHandle(changed_);
            return false;
        }
        CloseHandle(thread);
        return true;
    }

    [[nodiscard]] bool add(const std::shared_ptr<Wait>& wait, Clock::time_point end) {
        {
            const std::lock_guard<std::mutex> lock(lock_);
            if (entries_.size() >= most_waits) return false;
            entries_.push_back({wait, end});
        }
        SetEvent(changed_);
        return true;
    }

    [[nodiscard]] bool remove(const std::shared_ptr<Wait>& wait) {
        std::unique_lock<std::mutex> lock(lock_);
        // The thread leaves its wait first: what it has taken of the object by then is the wait's, and nothing is lost.
        if (is_waiting_ && holds_locked(wait)) {
            ++stoppers_;
            SetEvent(changed_);
            round_over_.wait(lock, [this] { return !is_waiting_; });
            if (--stoppers_ == 0) round_over_.notify_all();
        }
        return std::erase_if(entries_, [&](const Entry& entry) { return entry.wait == wait; }) != 0;
    }

private:
    struct Entry {
        std::shared_ptr<Wait> wait;
        Clock::time_point end;
    };
    struct Ended {
        std::shared_ptr<Wait> wait;
        DWORD result;
    };

    static DWORD WINAPI main(LPVOID raw) {
        auto& self = *static_cast<WaitThread*>(raw);
        while (true) self.wait_once();
    }

    void wait_once() {
        std::vector<Entry> entries;
        {
            std::unique_lock<std::mutex> lock(lock_);
            round_over_.wait(lock, [this] { return stoppers_ == 0; });
            entries = entries_;
            is_waiting_ = true;
        }
        std::vector<HANDLE> handles{changed_};
        Clock::time_point first_end = Clock::time_point::max();
        for (const Entry& entry : entries) {
            handles.push_back(entry.wait->object);
            first_end = std::min(first_end, entry.end);
        }
        DWORD timeout = INFINITE;
        if (first_end != Clock::time_point::max()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(first_end - Clock::now()).count();
            timeout = static_cast<DWORD>(std::clamp<std::int64_t>(left, 0, INFINITE - 1));
        }
        const DWORD result = WaitForMultipleObjects(static_cast<DWORD>(handles.size()), handles.data(), FALSE, timeout);
        std::vector<Ended> ended;
        judge(entries, result, ended);
        {
            const std::lock_guard<std::mutex> lock(lock_);
            for (const Ended& one : ended) {
                std::erase_if(entries_, [&](const Entry& entry) { return entry.wait == one.wait; });
            }
            is_waiting_ = false;
            round_over_.notify_all();
        }
        for (const Ended& one : ended) one.wait->done(one.result);
    }

    static void judge(const std::vector<Entry>& entries, DWORD result, std::vector<Ended>& ended) {
        if (result == WAIT_OBJECT_0) return;
        if (result == WAIT_FAILED) {
            // One of them is no handle any more: find it by itself.
            for (const Entry& entry : entries) {
                if (WaitForSingleObject(entry.wait->object, 0) == WAIT_FAILED) ended.push_back({entry.wait, WAIT_FAILED});
            }
            return;
        }
        if (result == WAIT_TIMEOUT) {
            const Clock::time_point now = Clock::now();
            for (const Entry& entry : entries) {
                if (entry.end <= now) ended.push_back({entry.wait, WAIT_TIMEOUT});
            }
            return;
        }
        const bool is_abandoned = result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + MAXIMUM_WAIT_OBJECTS;
        const DWORD index = is_abandoned ? result - WAIT_ABANDONED_0 : result - WAIT_OBJECT_0;
        ended.push_back({entries[index - 1].wait, is_abandoned ? DWORD{WAIT_ABANDONED_0} : DWORD{WAIT_OBJECT_0}});
    }

    [[nodiscard]] bool holds_locked(const std::shared_ptr<Wait>& wait) const {
        return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.wait == wait; });
    }

    HANDLE changed_ = nullptr;
    std::mutex lock_;
    std::condition_variable round_over_;
    std::vector<Entry> entries_;  // guarded by lock_, like the rest
    bool is_waiting_ = false;     // with a copy of the entries
    unsigned stoppers_ = 0;       // those that wait for the end of this round; no new one starts meanwhile
};

WaitThreads& WaitThreads::instance() {
    static WaitThreads* const threads = new WaitThreads;
    return *threads;
}

std::shared_ptr<WaitThreads::Wait> WaitThreads::start(HANDLE object, const std::uint64_t* timeout_ms,
                                                      std::function<void(DWORD)> done) {
    auto wait = std::make_shared<Wait>(Wait{object, std::move(done)});
    const Clock::time_point end =
        timeout_ms == nullptr ? Clock::time_point::max() : Clock::now() + std::chrono::milliseconds(*timeout_ms);
    const std::lock_guard<std::mutex> lock(lock_);
    for (WaitThread* thread : threads_) {
        if (thread->add(wait, end)) return wait;
    }
    auto thread = std::make_unique<WaitThread>();
    if (!thread->run() || !thread->add(wait, end)) return nullptr;
    threads_.push_back(thread.release());
    return wait;
}

bool WaitThreads::stop(const std::shared_ptr<Wait>& wait) {
    const std::lock_guard<std::mutex> lock(lock_);
    return std::any_of(threads_.begin(), threads_.end(), [&](WaitThread* thread) { return thread->remove(wait); });
}

}  // namespace pw::win32
