// SPDX-License-Identifier: Apache-2.0
#include "kernel/objects/timer_object.h"

#include <utility>

#include "kernel/dispatcher/kernel_time.h"

namespace pw::ob {

TimerObject::TimerObject(ObjectManager& manager, ke::Dispatcher& dispatcher, TIMER_TYPE type)
    : Object(manager, timer_type, &nt_.body), nt_(this), dispatcher_(dispatcher) {
    ke::Dispatcher::initialize_timer(nt_.body, type);
    ke::initialize_dpc(dpc_, expired, this);
}

TimerObject::~TimerObject() = default;

void TimerObject::on_delete() {
    dispatcher_.cancel_timer(nt_.body);
    // A DPC of ours may be under way.
    if (has_listened_.load(std::memory_order_relaxed) && !ke::remove_dpc(dpc_)) ke::flush_dpcs();
}

std::shared_ptr<TimerListener> TimerObject::exchange(std::shared_ptr<TimerListener> listener) {
    MutexLock lock(lock_);
    set_at_ = ke::system_time();
    return std::exchange(listener_, std::move(listener));
}

bool TimerObject::set(LARGE_INTEGER due_time, ULONG period_ms, std::shared_ptr<TimerListener> listener,
                      std::shared_ptr<TimerListener>* previous) {
    const bool listens = listener != nullptr;
    // Stopped first: an expiry of the old setting must not reach the new listener.
    const bool was_set = dispatcher_.cancel_timer(nt_.body);
    if (listens) has_listened_.store(true, std::memory_order_relaxed);
    if (has_listened_.load(std::memory_order_relaxed)) ke::remove_dpc(dpc_);
    *previous = exchange(std::move(listener));
    return dispatcher_.set_timer(nt_.body, due_time, period_ms, listens ? &dpc_ : nullptr) || was_set;
}

bool TimerObject::cancel(std::shared_ptr<TimerListener>* previous) {
    const bool was_set = dispatcher_.cancel_timer(nt_.body);
    *previous = exchange(nullptr);
    return was_set;
}

void TimerObject::expired(PKDPC, PVOID context, PVOID time_low, PVOID time_high) {
    auto& timer = *static_cast<TimerObject*>(context);
    const auto time = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(time_high) << 32 |
                                                reinterpret_cast<std::uintptr_t>(time_low));
    MutexLock lock(timer.lock_);
    if (timer.listener_ && time >= timer.set_at_) timer.listener_->timer_expired(time);
}

}  // namespace pw::ob
