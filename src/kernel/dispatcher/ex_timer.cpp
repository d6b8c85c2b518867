// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/ex_timer.h"

using namespace pw;

_EX_TIMER* _EX_TIMER::create(ke::Dispatcher& dispatcher, PEXT_CALLBACK callback, void* context, ULONG attributes) {
    constexpr ULONG known = EX_TIMER_HIGH_RESOLUTION | EX_TIMER_NO_WAKE | EX_TIMER_NOTIFICATION;
    if ((attributes & ~known) != 0) return nullptr;
    // "High-resolution and no-wake exclude each other."
    if ((attributes & EX_TIMER_HIGH_RESOLUTION) != 0 && (attributes & EX_TIMER_NO_WAKE) != 0) return nullptr;
    const TIMER_TYPE type = (attributes & EX_TIMER_NOTIFICATION) != 0 ? NotificationTimer : SynchronizationTimer;
    return new _EX_TIMER(dispatcher, callback, context, type);
}

_EX_TIMER::_EX_TIMER(ke::Dispatcher& dispatcher, PEXT_CALLBACK callback, void* context, TIMER_TYPE type)
    : dispatcher_(dispatcher), callback_(callback), context_(context) {
    ke::Dispatcher::initialize_timer(timer, type);
    ke::initialize_dpc(dpc_, expired, this);
    ke::initialize_threaded_dpc(finish_dpc_, finish, this);
}

bool _EX_TIMER::set(LONGLONG due_time, LONGLONG period_100ns) {
    if (deleting_.load()) return false;
    LARGE_INTEGER due;
    due.QuadPart = due_time;
    return dispatcher_.set_timer_100ns(timer, due, static_cast<std::uint64_t>(period_100ns), &dpc_);
}

bool _EX_TIMER::cancel() { return !deleting_.load() && dispatcher_.cancel_timer(timer); }

bool _EX_TIMER::remove(bool cancel, bool wait, PEXT_DELETE_CALLBACK deleted, void* context) {
    deleted_ = deleted;
    deleted_context_ = context;
    deleting_.store(true);
    // Who sets the timer at this moment has found it alive; what it set is cancelled or expires like anything before.
    if (cancel || timer.Period != 0) {
        const bool was_set = dispatcher_.cancel_timer(timer);
        ke::remove_dpc(dpc_);
        if (wait) {
            ke::flush_dpcs();
            release();
        } else {
            finish_soon();
        }
        return cancel && was_set;
    }
    owners_.fetch_add(1, std::memory_order_relaxed);
    finish_on_expiry_.store(true);
    if (!dispatcher_.is_timer_set(timer)) finish_soon();
    release();
    return false;
}

void _EX_TIMER::expired(KDPC*, void* context, void*, void*) {
    auto* self = static_cast<_EX_TIMER*>(context);
    if (self->callback_) self->callback_(self, self->context_);
    if (self->finish_on_expiry_.load()) self->finish_soon();
}

void _EX_TIMER::finish_soon() {
    if (!finishing_.exchange(true)) ke::insert_dpc(finish_dpc_, nullptr, nullptr);
}

void _EX_TIMER::finish(KDPC*, void* context, void*, void*) {
    ke::flush_dpcs();
    static_cast<_EX_TIMER*>(context)->release();
}

void _EX_TIMER::release() {
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    const PEXT_DELETE_CALLBACK deleted = deleted_;
    void* const context = deleted_context_;
    delete this;
    if (deleted) deleted(context);
}
