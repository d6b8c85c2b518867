// SPDX-License-Identifier: Apache-2.0
// The thread pool of the old interface: work items, timer queues, registered waits, callbacks of completions.
#include <memory>
#include <mutex>
#include <set>

#include "win32_api/application_threads.h"
#include "win32_api/thread_pool.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// Handles of the pool are addresses of these; a handle that names nothing of ours is refused.
template <typename T>
class Registry {
public:
    HANDLE add(std::shared_ptr<T> object) {
        const std::lock_guard<std::mutex> lock(lock_);
        const HANDLE handle = object.get();
        objects_.insert(std::move(object));
        return handle;
    }
    std::shared_ptr<T> find(HANDLE handle) {
        const std::lock_guard<std::mutex> lock(lock_);
        for (const auto& object : objects_) {
            if (object.get() == handle) return object;
        }
        return nullptr;
    }
    std::shared_ptr<T> take(HANDLE handle) {
        const std::lock_guard<std::mutex> lock(lock_);
        for (auto it = objects_.begin(); it != objects_.end(); ++it) {
            if (it->get() != handle) continue;
            std::shared_ptr<T> object = *it;
            objects_.erase(it);
            return object;
        }
        return nullptr;
    }

private:
    std::mutex lock_;
    std::set<std::shared_ptr<T>> objects_;
};

struct QueueTimer {
    HANDLE queue;
    WAITORTIMERCALLBACKFUNC callback;
    PVOID parameter;
    ULONG flags;
    CallbackGate gate;
    std::shared_ptr<PoolTimers::Timer> timer;
};

struct TimerQueue {
    std::mutex lock;
    std::set<HANDLE> timers;
};

struct RegisteredWait {
    HANDLE object;
    HANDLE stop;  // an event
    WAITORTIMERCALLBACKFUNC callback;
    PVOID context;
    DWORD milliseconds;
    bool only_once;
    CallbackGate gate;
    ~RegisteredWait() { NtClose(stop); }
};

template <typename T>
Registry<T>& registry() {
    static Registry<T>* const instance = new Registry<T>;
    return *instance;
}

void run_timer_callback(const std::shared_ptr<QueueTimer>& timer) {
    if (!timer->gate.enter()) return;
    timer->callback(timer->parameter, TRUE);
    timer->gate.leave();
}

void timer_expired(const std::weak_ptr<QueueTimer>& weak) {
    const std::shared_ptr<QueueTimer> timer = weak.lock();
    if (!timer) return;
    if ((timer->flags & WT_EXECUTEINTIMERTHREAD) != 0) {
        run_timer_callback(timer);
    } else {
        ThreadPool::instance().submit([timer] { run_timer_callback(timer); });
    }
}

// INFINITE: never.
void set_timer(const QueueTimer& timer, DWORD due_ms, DWORD period_ms) {
    if (due_ms == INFINITE) {
        PoolTimers::instance().stop(timer.timer);
    } else {
        PoolTimers::instance().set(timer.timer, due_ms, period_ms);
    }
}

DWORD WINAPI wait_main(LPVOID raw) {
    const std::unique_ptr<std::shared_ptr<RegisteredWait>> holder(static_cast<std::shared_ptr<RegisteredWait>*>(raw));
    RegisteredWait& wait = **holder;
    const HANDLE handles[] = {wait.stop, wait.object};
    while (true) {
        const DWORD result = WaitForMultipleObjects(2, handles, FALSE, wait.milliseconds);
        const bool is_signalled = result == WAIT_OBJECT_0 + 1 || result == WAIT_ABANDONED_0 + 1;
        if (!is_signalled && result != WAIT_TIMEOUT) return 0;
        if (!wait.gate.enter()) return 0;
        wait.callback(wait.context, is_signalled ? FALSE : TRUE);
        wait.gate.leave();
        if (wait.only_once) return 0;
    }
}

BOOL unregister(HANDLE handle, HANDLE completion_event) {
    const std::shared_ptr<RegisteredWait> wait = registry<RegisteredWait>().take(handle);
    if (!wait) return fail(ERROR_INVALID_HANDLE);
    SetEvent(wait->stop);
    return finish_deletion(wait->gate, completion_event);
}

BOOL delete_timer(HANDLE handle, HANDLE completion_event) {
    const std::shared_ptr<QueueTimer> timer = registry<QueueTimer>().take(handle);
    if (!timer) return fail(ERROR_INVALID_HANDLE);
    if (timer->timer) PoolTimers::instance().stop(timer->timer);
    return finish_deletion(timer->gate, completion_event);
}

}  // namespace

BOOL WINAPI QueueUserWorkItem(LPTHREAD_START_ROUTINE routine, PVOID context, ULONG) {
    if (routine == nullptr) return fail(ERROR_INVALID_PARAMETER);
    return ThreadPool::instance().submit([routine, context] { routine(context); }) ? TRUE : fail(ERROR_NOT_ENOUGH_MEMORY);
}

HANDLE WINAPI CreateTimerQueue(void) { return registry<TimerQueue>().add(std::make_shared<TimerQueue>()); }

BOOL WINAPI CreateTimerQueueTimer(PHANDLE new_timer, HANDLE queue, WAITORTIMERCALLBACKFUNC callback, PVOID parameter,
                                  DWORD due_ms, DWORD period_ms, ULONG flags) {
    if (new_timer == nullptr || callback == nullptr) return fail(ERROR_INVALID_PARAMETER);
    const std::shared_ptr<TimerQueue> of = queue == nullptr ? nullptr : registry<TimerQueue>().find(queue);
    if (queue != nullptr && !of) return fail(ERROR_INVALID_HANDLE);
    auto timer = std::make_shared<QueueTimer>();
    timer->queue = queue;
    timer->callback = callback;
    timer->parameter = parameter;
    timer->flags = flags;
    const DWORD period = (flags & WT_EXECUTEONLYONCE) != 0 ? 0 : period_ms;
    // The handle stands before the first callback can use it.
    const HANDLE handle = registry<QueueTimer>().add(timer);
    *new_timer = handle;
    timer->timer = PoolTimers::instance().create([weak = std::weak_ptr(timer)] { timer_expired(weak); });
    if (!timer->timer) {
        registry<QueueTimer>().take(handle);
        *new_timer = nullptr;
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    }
    if (of) {
        const std::lock_guard<std::mutex> lock(of->lock);
        of->timers.insert(handle);
    }
    set_timer(*timer, due_ms, period);
    return TRUE;
}

BOOL WINAPI ChangeTimerQueueTimer(HANDLE, HANDLE handle, ULONG due_ms, ULONG period_ms) {
    const std::shared_ptr<QueueTimer> timer = registry<QueueTimer>().find(handle);
    if (!timer) return fail(ERROR_INVALID_HANDLE);
    set_timer(*timer, due_ms, period_ms);
    return TRUE;
}

BOOL WINAPI DeleteTimerQueueTimer(HANDLE queue, HANDLE handle, HANDLE completion_event) {
    if (const auto of = queue == nullptr ? nullptr : registry<TimerQueue>().find(queue)) {
        const std::lock_guard<std::mutex> lock(of->lock);
        of->timers.erase(handle);
    }
    return delete_timer(handle, completion_event);
}

BOOL WINAPI DeleteTimerQueueEx(HANDLE queue, HANDLE completion_event) {
    const std::shared_ptr<TimerQueue> of = registry<TimerQueue>().take(queue);
    if (!of) return fail(ERROR_INVALID_HANDLE);
    std::set<HANDLE> timers;
    {
        const std::lock_guard<std::mutex> lock(of->lock);
        timers.swap(of->timers);
    }
    // An event is set when all are through: they are waited for here, which is later than documented, never earlier.
    const HANDLE how = completion_event == nullptr ? nullptr : INVALID_HANDLE_VALUE;
    BOOL done = TRUE;
    for (const HANDLE timer : timers) done = delete_timer(timer, how) && done;
    if (how != nullptr && completion_event != INVALID_HANDLE_VALUE) SetEvent(completion_event);
    return done;
}

BOOL WINAPI DeleteTimerQueue(HANDLE queue) { return DeleteTimerQueueEx(queue, nullptr); }

BOOL WINAPI RegisterWaitForSingleObject(PHANDLE new_wait, HANDLE object, WAITORTIMERCALLBACKFUNC callback, PVOID context,
                                        ULONG milliseconds, ULONG flags) {
    if (new_wait == nullptr || callback == nullptr) return fail(ERROR_INVALID_PARAMETER);
    auto wait = std::make_shared<RegisteredWait>();
    wait->object = object;
    wait->stop = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    wait->callback = callback;
    wait->context = context;
    wait->milliseconds = milliseconds;
    wait->only_once = (flags & WT_EXECUTEONLYONCE) != 0;
    if (wait->stop == nullptr) return FALSE;
    // A handle that cannot be waited on is refused here, not in the thread.
    if (WaitForSingleObject(wait->stop, 0) == WAIT_FAILED) return FALSE;
    DWORD ignored = 0;
    if (!GetHandleInformation(object, &ignored)) return fail(ERROR_INVALID_HANDLE);
    auto holder = std::make_unique<std::shared_ptr<RegisteredWait>>(wait);
    *new_wait = registry<RegisteredWait>().add(wait);
    // A thread for each wait: it waits for the object and for its own end.
    const HANDLE thread =
        start_thread({.routine = wait_main, .parameter = holder.get(), .stack_bytes = 0, .flags = 0}, nullptr);
    if (thread == nullptr) {
        registry<RegisteredWait>().take(*new_wait);
        *new_wait = nullptr;
        return FALSE;
    }
    holder.release();
    NtClose(thread);
    return TRUE;
}

BOOL WINAPI UnregisterWait(HANDLE wait) { return unregister(wait, nullptr); }
BOOL WINAPI UnregisterWaitEx(HANDLE wait, HANDLE completion_event) { return unregister(wait, completion_event); }

namespace {

// One port and one thread for all files that were bound to callbacks; the key is the callback.
DWORD WINAPI completion_main(LPVOID port) {
    while (true) {
        DWORD bytes = 0;
        ULONG_PTR key = 0;
        LPOVERLAPPED overlapped = nullptr;
        const BOOL done = GetQueuedCompletionStatus(static_cast<HANDLE>(port), &bytes, &key, &overlapped, INFINITE);
        if (!done && overlapped == nullptr) return 0;
        const DWORD error = done ? static_cast<DWORD>(ERROR_SUCCESS) : GetLastError();
        const auto routine = reinterpret_cast<LPOVERLAPPED_COMPLETION_ROUTINE>(key);
        ThreadPool::instance().submit([=] { routine(error, bytes, overlapped); });
    }
}

HANDLE completion_port() {
    static const HANDLE port = [] {
        const HANDLE made = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
        const HANDLE thread = made == nullptr ? nullptr
                                              : start_thread({.routine = completion_main, .parameter = made, .stack_bytes = 0,
                                                              .flags = 0}, nullptr);
        if (thread != nullptr) NtClose(thread);
        return made;
    }();
    return port;
}

}  // namespace

BOOL WINAPI BindIoCompletionCallback(HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE routine, ULONG flags) {
    if (routine == nullptr || flags != 0) return fail(ERROR_INVALID_PARAMETER);
    return CreateIoCompletionPort(file, completion_port(), reinterpret_cast<ULONG_PTR>(routine), 0) != nullptr;
}
