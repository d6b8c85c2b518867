// SPDX-License-Identifier: Apache-2.0
// TimerObject: a timer with a name and handles; taken out of the dispatcher's queue before it dies.
#pragma once

#include "kernel/dispatcher/dispatcher.h"
#include "kernel/objects/object.h"

namespace pw::ob {

class TimerObject final : public Object {
public:
    static const ObjectType& static_type() { return timer_type; }
    // Null when memory is short.
    static Ref<TimerObject> create(ObjectManager& manager, ke::Dispatcher& dispatcher, TIMER_TYPE type) {
        return Ref<TimerObject>::adopt(new (std::nothrow) TimerObject(manager, dispatcher, type));
    }
    [[nodiscard]] KTIMER& nt() { return nt_.body; }

private:
    TimerObject(ObjectManager& manager, ke::Dispatcher& dispatcher, TIMER_TYPE type)
        : Object(manager, timer_type, &nt_.body), nt_(this), dispatcher_(dispatcher) {
        ke::Dispatcher::initialize_timer(nt_.body, type);
    }
    void on_delete() override { dispatcher_.cancel_timer(nt_.body); }

    Body<KTIMER> nt_;
    ke::Dispatcher& dispatcher_;
};

}  // namespace pw::ob
