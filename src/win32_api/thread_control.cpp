// SPDX-License-Identifier: Apache-2.0
#include "win32_api/thread_control.h"

#include <unordered_map>
#include <vector>

#include "base/lock.h"
#include "platform/process_end.h"
#include "platform/thread_signal.h"
#include "platform/threads.h"
#include "win32_api/runtime/internal_threads.h"

namespace pw::win32 {

thread_local constinit ThreadAttention t_attention;

namespace {

struct Registry {
    Mutex lock{LockRank::leaf};
    std::unordered_map<std::uint32_t, std::shared_ptr<ThreadControl>> controls PW_GUARDED_BY(lock);
};
// Never destroyed: threads may ask until the process is gone.
Registry& registry() {
    static Registry* const instance = new Registry;
    return *instance;
}

// The thread's own, for its signal handler; kept alive by the registry until delist().
thread_local constinit ThreadControl* t_control __attribute__((tls_model("initial-exec"))) = nullptr;
thread_local constinit std::uint32_t t_id = 0;

void on_thread_signal() {
    if (t_attention.is_in_call.load(std::memory_order_relaxed)) {
        t_attention.is_asked.store(true, std::memory_order_relaxed);
        return;
    }
    ThreadControl::obey();
}

struct Reaping {
    std::shared_ptr<ThreadControl> control;
    void (*ended)(std::uint32_t);
    std::uint32_t exit_code;
};

}  // namespace

void ThreadControl::enlist(std::uint32_t thread_id, ThreadPort* port) {
    if (t_control != nullptr || thread_id == 0) return;
    platform::install_thread_signal(on_thread_signal);
    auto control = std::make_shared<ThreadControl>(platform::os_thread_id(), port);
    t_control = control.get();
    t_id = thread_id;
    MutexLock lock(registry().lock);
    registry().controls[thread_id] = std::move(control);
}

void ThreadControl::delist() {
    if (t_control == nullptr) return;
    t_control = nullptr;
    std::shared_ptr<ThreadControl> last;  // released without the lock
    MutexLock lock(registry().lock);
    const auto found = registry().controls.find(t_id);
    if (found == registry().controls.end()) return;
    last = std::move(found->second);
    registry().controls.erase(found);
}

std::shared_ptr<ThreadControl> ThreadControl::find(std::uint32_t thread_id) {
    MutexLock lock(registry().lock);
    const auto found = registry().controls.find(thread_id);
    return found == registry().controls.end() ? nullptr : found->second;
}

void ThreadControl::suspend() {
    std::uint32_t expected = running;
    if (!state_.compare_exchange_strong(expected, suspended)) return;
    if (this == t_control) {
        obey();
    } else {
        platform::send_thread_signal(os_thread_id_);
    }
}

void ThreadControl::resume() {
    std::uint32_t expected = suspended;
    if (state_.compare_exchange_strong(expected, running)) platform::wake_waiters(state_);
}

bool ThreadControl::terminate(void (*ended)(std::uint32_t), std::uint32_t exit_code) {
    std::shared_ptr<ThreadControl> self;
    {
        MutexLock lock(registry().lock);
        for (auto it = registry().controls.begin(); it != registry().controls.end(); ++it) {
            if (it->second.get() != this) continue;
            self = std::move(it->second);
            registry().controls.erase(it);
            break;
        }
    }
    if (!self) return true;  // it ends already
    const InternalThreadScope internal;
    auto* reaping = new Reaping{self, ended, exit_code};
    if (!platform::start_detached_thread("pw-reaper", reap, reaping)) {
        delete reaping;
        return false;
    }
    state_.store(terminated);
    platform::wake_waiters(state_);
    platform::send_thread_signal(os_thread_id_);
    return true;
}

void ThreadControl::reap(void* raw) {
    const std::unique_ptr<Reaping> reaping(static_cast<Reaping*>(raw));
    ThreadControl& control = *reaping->control;
    while (control.is_parked_.load() == 0) platform::wait_while_equal(control.is_parked_, 0);
    delete control.port_;
    // The parked thread still looks at its control, for as long as the process lives.
    static Mutex lock(LockRank::leaf);
    static auto& parked = *new std::vector<std::shared_ptr<ThreadControl>>();
    {
        MutexLock guard(lock);
        parked.push_back(reaping->control);
    }
    if (reaping->ended) reaping->ended(reaping->exit_code);
}

void ThreadControl::obey() {
    t_attention.is_asked.store(false, std::memory_order_relaxed);
    ThreadControl* const control = t_control;
    if (control == nullptr) return;
    while (true) {
        const std::uint32_t state = control->state_.load();
        if (state == running) return;
        if (state == terminated) {
            control->is_parked_.store(1);
            platform::wake_waiters(control->is_parked_);
            platform::park_for_ever();
        }
        platform::wait_while_equal(control->state_, state);
    }
}

void ThreadControl::await_end() {
    ThreadControl* const control = t_control;
    while (control != nullptr) {
        const std::uint32_t state = control->state_.load();
        if (state == terminated) obey();
        platform::wait_while_equal(control->state_, state);
    }
    platform::park_for_ever();
}

}  // namespace pw::win32
