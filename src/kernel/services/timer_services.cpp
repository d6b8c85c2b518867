// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/timer_services.h"

#include "kernel/dispatcher/kernel_apc.h"
#include "kernel/objects/timer_object.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK timer_modify_state = 0x0002;

// What a timer with a completion routine tells: an APC in the queue of the thread that set the timer, at most once at a time:
// a thread that does not look misses expiries.
class TimerApc : public ob::TimerListener, public std::enable_shared_from_this<TimerApc> {
public:
    TimerApc(ps::Thread& thread, const TimerRoutine& routine) : thread_(&thread), routine_(routine) {}

    void timer_expired(std::int64_t time) final {
        {
            MutexLock lock(lock_);
            if (queued_) return;
            queued_ = shared_from_this();
        }
        const auto bits = static_cast<std::uint64_t>(time);
        if (!queue(bits & 0xFFFFFFFF, bits >> 32)) let_go();
    }
    virtual void withdraw() = 0;

protected:
    virtual bool queue(std::uint64_t time_low, std::uint64_t time_high) = 0;
    // Out of the queue: it may be queued again, or go.
    void let_go() {
        std::shared_ptr<TimerApc> last;  // may be the last reference: released without the lock
        MutexLock lock(lock_);
        last = std::move(queued_);
    }

    const Ref<ps::Thread> thread_;
    const TimerRoutine routine_;

private:
    Mutex lock_{LockRank::cancel};
    std::shared_ptr<TimerApc> queued_ PW_GUARDED_BY(lock_);
};

// An application's: a user APC, which waits for an alertable wait.
class UserTimerApc final : public TimerApc, public ps::QueuedUserApc {
public:
    using TimerApc::TimerApc;
    void withdraw() override { static_cast<void>(thread_->user_apcs.remove(*this)); }

private:
    bool queue(std::uint64_t time_low, std::uint64_t time_high) override {
        apc = {.kind = ps::UserApcKind::timer, .routine = routine_.routine, .arguments = {routine_.context, time_low, time_high}};
        return thread_->user_apcs.insert(*this);
    }
    void left_queue() override { let_go(); }
};

// A driver's: a normal kernel APC, which runs in its thread as soon as that takes APCs.
class KernelTimerApc final : public TimerApc {
public:
    KernelTimerApc(ps::Thread& thread, const TimerRoutine& routine) : TimerApc(thread, routine) {
        ke::initialize_apc(apc_, thread.nt(), thread.apc_state_index(),
                           {.kernel = [](KAPC* apc, PKNORMAL_ROUTINE*, PVOID*, PVOID*, PVOID*) { of(apc).let_go(); },
                            .rundown = [](KAPC* apc) { of(apc).let_go(); },
                            .normal = reinterpret_cast<PKNORMAL_ROUTINE>(routine.routine)},
                           KernelMode, reinterpret_cast<PVOID>(routine.context));
    }
    void withdraw() override {
        if (dispatcher().remove_kernel_apc(apc_, *thread_)) let_go();
    }

private:
    static KernelTimerApc& of(KAPC* apc) { return *CONTAINING_RECORD(apc, KernelTimerApc, apc_); }
    [[nodiscard]] ke::Dispatcher& dispatcher() const { return thread_->ke::Thread::dispatcher(); }
    bool queue(std::uint64_t time_low, std::uint64_t time_high) override {
        return dispatcher().insert_kernel_apc(apc_, *thread_, reinterpret_cast<PVOID>(time_low),
                                              reinterpret_cast<PVOID>(time_high));
    }

    KAPC apc_;
};

std::shared_ptr<ob::TimerListener> listener_for(const Caller& caller, const TimerRoutine& routine) {
    if (routine.routine == 0) return nullptr;
    if (caller.mode == KernelMode) return std::make_shared<KernelTimerApc>(caller.thread, routine);
    return std::make_shared<UserTimerApc>(caller.thread, routine);
}

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
    std::shared_ptr<ob::TimerListener> listener = listener_for(caller, routine);
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
