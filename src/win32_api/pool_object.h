// SPDX-License-Identifier: Apache-2.0
// PoolObject: what work, timer, wait, I/O and simple callbacks of the thread pool have in common: their environment, their
// callbacks that are pending or run, their cleanup group.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "win32/windows.h"
#include "win32_api/thread_pool.h"

// The opaque pool of a program.
struct _TP_POOL {
    std::shared_ptr<pw::win32::ThreadPool> pool;
    std::mutex lock;
    TP_POOL_STACK_INFORMATION stack{};  // guarded by lock
};

namespace pw::win32 {

class PoolObject;

// The memory of environments is the caller's: what is needed of one is taken at creation.
struct PoolEnvironment {
    std::shared_ptr<ThreadPool> own_pool;  // null: the process's
    PTP_CLEANUP_GROUP group = nullptr;
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK cancel = nullptr;
    PoolPriority priority = PoolPriority::normal;
    bool runs_long = false;

    // Null: the default. False: no environment of a version that is known.
    [[nodiscard]] bool take(const TP_CALLBACK_ENVIRON* source);
    [[nodiscard]] ThreadPool& pool() const { return own_pool ? *own_pool : ThreadPool::instance(); }
};

class PoolObject : public std::enable_shared_from_this<PoolObject> {
public:
    PoolObject(PoolEnvironment environment, void* context) : environment_(std::move(environment)), context_(context) {}
    virtual ~PoolObject() = default;
    PoolObject(const PoolObject&) = delete;
    PoolObject& operator=(const PoolObject&) = delete;

    [[nodiscard]] void* context() const { return context_; }
    [[nodiscard]] const PoolEnvironment& environment() const { return environment_; }

    // Queues one callback: `body` runs on a thread of the pool, unless it is cancelled before. False: no thread can be had.
    using Body = std::function<void(PTP_CALLBACK_INSTANCE)>;
    bool queue(Body body);
    // Until no callback is pending or running; with cancel_pending those that have not started are dropped.
    void wait_for_callbacks(bool cancel_pending);

    // No further callback comes from what the object waits for (a time, a handle); those that are queued stay.
    virtual void stop() {}

private:
    friend struct ::_TP_CALLBACK_INSTANCE;
    void run(const Body& body, unsigned generation);
    void ended();  // one callback that ran, or said that it is none any more

    const PoolEnvironment environment_;
    void* const context_;
    std::mutex lock_;
    std::condition_variable changed_;
    unsigned pending_ = 0;     // guarded by lock_, like the next
    unsigned running_ = 0;
    unsigned generation_ = 0;  // callbacks of an earlier one were cancelled
};

// The opaque handles of a program are addresses of these objects; whoever closes one lets go of it here.
class PoolObjects {
public:
    // Also into the cleanup group of its environment.
    static void add(const std::shared_ptr<PoolObject>& object);
    // Null: it was closed before.
    [[nodiscard]] static std::shared_ptr<PoolObject> close(PoolObject* object);
    // A reference for a callback; null when it was closed.
    [[nodiscard]] static std::shared_ptr<PoolObject> find(PoolObject* object);
};

// What a Create… function ends with.
template <typename Handle, typename T>
[[nodiscard]] Handle pool_handle(const std::shared_ptr<T>& object) {
    PoolObjects::add(object);
    return reinterpret_cast<Handle>(static_cast<PoolObject*>(object.get()));
}
template <typename T, typename Handle>
[[nodiscard]] T& pool_object(Handle handle) {
    return static_cast<T&>(*reinterpret_cast<PoolObject*>(handle));
}
// What a Close… function does.
void close_pool_object(PoolObject& object);

}  // namespace pw::win32

// One callback under way: what it asked for to be done when it returns.
struct _TP_CALLBACK_INSTANCE {
    explicit _TP_CALLBACK_INSTANCE(pw::win32::PoolObject& of) : object(of) {}
    // In the order that is documented: lock, mutex, semaphore, event, library.
    void finish();
    // The callback counts as returned for those that wait for it.
    void disassociate();

    pw::win32::PoolObject& object;
    PRTL_CRITICAL_SECTION critical_section = nullptr;
    HANDLE mutex = nullptr;
    HANDLE semaphore = nullptr;
    DWORD semaphore_count = 0;
    HANDLE event = nullptr;
    HMODULE library = nullptr;
    bool is_disassociated = false;
};

struct _TP_CLEANUP_GROUP {
    std::mutex lock;
    std::vector<std::shared_ptr<pw::win32::PoolObject>> members;  // guarded by lock
};
