// SPDX-License-Identifier: Apache-2.0
// TimerObject: a timer with a name and handles; taken out of the dispatcher's queue before it dies.
#pragma once

#include <memory>

#include "base/lock.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/objects/object.h"

namespace pw::ob {

// Is told of each expiry, at DISPATCH_LEVEL: what a timer with a completion routine needs.
class TimerListener {
public:
    virtual ~TimerListener() = default;
    virtual void timer_expired(std::int64_t system_time_100ns) = 0;
};

class TimerObject final : public Object {
public:
    static const ObjectType& static_type() { return timer_type; }
    // Null when memory is short.
    static Ref<TimerObject> create(ObjectManager& manager, ke::Dispatcher& dispatcher, TIMER_TYPE type) {
        return Ref<TimerObject>::adopt(new (std::nothrow) TimerObject(manager, dispatcher, type));
    }
    [[nodiscard]] KTIMER& nt() { return nt_.body; }

    // Sets the timer anew, as Dispatcher::set_timer. `listener` may be null; *previous is the one before, which is not told any
    // more. Returns whether the timer was set. PASSIVE_LEVEL.
    bool set(LARGE_INTEGER due_time, ULONG period_ms, std::shared_ptr<TimerListener> listener,
             std::shared_ptr<TimerListener>* previous);
    // Returns whether the timer was set. PASSIVE_LEVEL.
    bool cancel(std::shared_ptr<TimerListener>* previous);

private:
    TimerObject(ObjectManager& manager, ke::Dispatcher& dispatcher, TIMER_TYPE type);
    ~TimerObject() override;
    void on_delete() override;
    std::shared_ptr<TimerListener> exchange(std::shared_ptr<TimerListener> listener);
    static void NTAPI expired(PKDPC dpc, PVOID context, PVOID time_low, PVOID time_high);

    Body<KTIMER> nt_;
    ke::Dispatcher& dispatcher_;
    KDPC dpc_;
    Mutex lock_{LockRank::io_file};  // a listener takes the lock of an APC queue
    std::shared_ptr<TimerListener> listener_ PW_GUARDED_BY(lock_);
    std::int64_t set_at_ PW_GUARDED_BY(lock_) = 0;  // system time; an earlier expiry is not the listener's
    std::atomic<bool> has_listened_{false};
};

}  // namespace pw::ob
