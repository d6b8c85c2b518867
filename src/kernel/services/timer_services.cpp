// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/timer_services.h"

#include "kernel/objects/timer_object.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK timer_modify_state = 0x0002;

// Stands in the queue of the thread that set the timer, at most once at a time: a thread that does not look misses expiries.
class TimerApc final : public ob::TimerListener,
                       public ps::QueuedUserApc,
                       public std::enable_shared_from_this<TimerApc> {
public:
    TimerApc(ps::Thread& thread, const TimerRoutine& routine) : thread_(&thread), routine_(routine) {}

    void timer_expired(std::int64_t time) override {
        std::shared_ptr<TimerApc> self = shared_from_this();
        {
            MutexLock lock(lock_);
            if (queued_) return;
            queued_ = self;
        }
        const auto bits = static_cast<std::uint64_t>(time);
        apc = {.kind = ps::UserApcKind::timer,
               .routine = routine_.routine,
               .arguments = {routine_.context, bits & 0xFFFFFFFF, bits >> 32}};
        if (!thread_->user_apcs.insert(*this)) left_queue();
    }
    void withdraw() { static_cast<void>(thread_->user_apcs.remove(*this)); }

private:
    void left_queue() override {
        std::shared_ptr<TimerApc> last;  // may be the last reference: released without the lock
        MutexLock lock(lock_);
        last = std::move(queued_);
    }

    Ref<ps::Thread> thread_;
    const TimerRoutine routine_;
    Mutex lock_{LockRank::cancel};
    std::shared_ptr<TimerApc> queued_ PW_GUARDED_BY(lock_);
};

void withdraw(const std::shared_ptr<ob::TimerListener>& listener) {
    if (listener) static_cast<TimerApc*>(listener.get())->withdraw();
}

}  // namespace

NamedHandle create_timer(const Caller& caller, const ObjectName& name, ACCESS_MASK access, TIMER_TYPE type) {
    if (type != NotificationTimer && type != SynchronizationTimer) return {.status = STATUS_INVALID_PARAMETER_4};
    auto timer = ob::TimerObject::create(caller.kernel.objects(), caller.kernel.dispatcher(), type);
    if (!timer) return {.status = STATUS_INSUFFICIENT_RESOURCES};
    return insert_and_open(caller, std::move(timer), name, access);
}

Status set_timer(const Caller& caller, std::uint64_t handle, LARGE_INTEGER due_time, LONG period_ms, bool* was_set,
                 const TimerRoutine& routine) {
    if (period_ms < 0) return STATUS_INVALID_PARAMETER_6;
    PW_TRY_ASSIGN(auto timer, caller.reference_as<ob::TimerObject>(handle, timer_modify_state));
    std::shared_ptr<ob::TimerListener> listener;
    if (routine.routine != 0) listener = std::make_shared<TimerApc>(caller.thread, routine);
    std::shared_ptr<ob::TimerListener> previous;
    *was_set = timer->set(due_time, static_cast<ULONG>(period_ms), std::move(listener), &previous);
    withdraw(previous);
    return STATUS_SUCCESS;
}

Status cancel_timer(const Caller& caller, std::uint64_t handle, bool* is_signalled) {
    PW_TRY_ASSIGN(auto timer, caller.reference_as<ob::TimerObject>(handle, timer_modify_state));
    std::shared_ptr<ob::TimerListener> previous;
    timer->cancel(&previous);
    withdraw(previous);
    *is_signalled = ke::Dispatcher::read_state(timer->nt().Header) != 0;
    return STATUS_SUCCESS;
}

}  // namespace pw::nt
