// SPDX-License-Identifier: Apache-2.0
#include "win32_api/pool_object.h"

#include <algorithm>
#include <utility>

namespace pw::win32 {
namespace {

struct Registry {
    std::mutex lock;
    std::set<std::shared_ptr<PoolObject>> objects;
};
// Never destroyed: callbacks run until the process is gone.
Registry& registry() {
    static Registry* const instance = new Registry;
    return *instance;
}

auto find_locked(Registry& all, const PoolObject* object) {
    return std::find_if(all.objects.begin(), all.objects.end(), [&](const auto& entry) { return entry.get() == object; });
}

}  // namespace

bool PoolEnvironment::take(const TP_CALLBACK_ENVIRON* source) {
    if (source == nullptr) return true;
    if (source->Version != 1 && source->Version != 3) return false;
    if (source->Pool != nullptr) own_pool = source->Pool->pool;
    group = source->CleanupGroup;
    cancel = source->CleanupGroupCancelCallback;
    runs_long = source->u.s.LongFunction != 0;
    if (source->Version != 3) return true;
    switch (source->CallbackPriority) {
        case TP_CALLBACK_PRIORITY_HIGH: priority = PoolPriority::high; return true;
        case TP_CALLBACK_PRIORITY_NORMAL: priority = PoolPriority::normal; return true;
        case TP_CALLBACK_PRIORITY_LOW: priority = PoolPriority::low; return true;
        default: return false;
    }
}

bool PoolObject::queue(Body body) {
    unsigned generation = 0;
    {
        const std::lock_guard<std::mutex> lock(lock_);
        ++pending_;
        generation = generation_;
    }
    const bool queued = environment_.pool().submit(
        [self = shared_from_this(), body = std::move(body), generation] { self->run(body, generation); }, environment_.priority);
    if (!queued) {
        const std::lock_guard<std::mutex> lock(lock_);
        if (generation == generation_) --pending_;
        changed_.notify_all();
    }
    return queued;
}

void PoolObject::run(const Body& body, unsigned generation) {
    {
        const std::lock_guard<std::mutex> lock(lock_);
        if (generation != generation_) return;
        --pending_;
        ++running_;
    }
    _TP_CALLBACK_INSTANCE instance(*this);
    if (environment_.runs_long) static_cast<void>(environment_.pool().expect_long_callback());
    body(&instance);
    instance.finish();
    if (!instance.is_disassociated) ended();
}

void PoolObject::ended() {
    const std::lock_guard<std::mutex> lock(lock_);
    --running_;
    changed_.notify_all();
}

void PoolObject::wait_for_callbacks(bool cancel_pending) {
    std::unique_lock<std::mutex> lock(lock_);
    if (cancel_pending) {
        ++generation_;
        pending_ = 0;
        changed_.notify_all();
    }
    changed_.wait(lock, [this] { return pending_ == 0 && running_ == 0; });
}

void PoolObjects::add(const std::shared_ptr<PoolObject>& object) {
    {
        const std::lock_guard<std::mutex> lock(registry().lock);
        registry().objects.insert(object);
    }
    if (_TP_CLEANUP_GROUP* const group = object->environment().group) {
        const std::lock_guard<std::mutex> lock(group->lock);
        group->members.push_back(object);
    }
}

std::shared_ptr<PoolObject> PoolObjects::close(PoolObject* object) {
    const std::lock_guard<std::mutex> lock(registry().lock);
    const auto found = find_locked(registry(), object);
    if (found == registry().objects.end()) return nullptr;
    std::shared_ptr<PoolObject> closed = *found;
    registry().objects.erase(found);
    return closed;
}

std::shared_ptr<PoolObject> PoolObjects::find(PoolObject* object) {
    const std::lock_guard<std::mutex> lock(registry().lock);
    const auto found = find_locked(registry(), object);
    return found == registry().objects.end() ? nullptr : *found;
}

void close_pool_object(PoolObject& object) {
    const std::shared_ptr<PoolObject> closed = PoolObjects::close(&object);
    if (!closed) return;
    closed->stop();
    if (_TP_CLEANUP_GROUP* const group = closed->environment().group) {
        const std::lock_guard<std::mutex> lock(group->lock);
        std::erase(group->members, closed);
    }
}

}  // namespace pw::win32

void _TP_CALLBACK_INSTANCE::finish() {
    if (critical_section != nullptr) LeaveCriticalSection(critical_section);
    if (mutex != nullptr) ReleaseMutex(mutex);
    if (semaphore != nullptr) ReleaseSemaphore(semaphore, static_cast<LONG>(semaphore_count), nullptr);
    if (event != nullptr) SetEvent(event);
    if (library != nullptr) FreeLibrary(library);
}

void _TP_CALLBACK_INSTANCE::disassociate() {
    if (std::exchange(is_disassociated, true)) return;
    object.ended();
}
