// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/thread.h"

#include <utility>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/processor.h"
#include "platform/clock.h"
#include "platform/threads.h"

namespace pw::ke {
namespace {

std::atomic<Thread::AttachHook> attach_hook{nullptr};

}  // namespace

__thread Thread* Thread::current_ = nullptr;

Thread::Thread(Dispatcher& dispatcher) : dispatcher_(dispatcher), preferred_processor_(&dispatcher.processors().assign()) {
    waiter_.thread = this;
    InitializeListHead(&owned_mutants_);
    InitializeListHead(&kernel_apcs_);
}

Thread::~Thread() {
    dispatcher_.leave_queue(*this);
    PW_CHECK(!waiter_.queued);
    PW_CHECK(processor_ == nullptr);
    PW_CHECK(IsListEmpty(&owned_mutants_));
    PW_CHECK(IsListEmpty(&kernel_apcs_));
}

void Thread::set_attach_hook(AttachHook hook) { attach_hook.store(hook, std::memory_order_release); }

Thread& Thread::attach_foreign(const void* return_address) {
    const AttachHook hook = attach_hook.load(std::memory_order_acquire);
    Thread* thread = hook ? hook(return_address) : nullptr;
    // Neither bound nor attachable: a kernel routine was called in a process that runs no kernel.
    PW_CHECK(thread != nullptr);
    return *thread;
}

KIRQL Thread::raise_irql(KIRQL new_irql) {
    const KIRQL old_irql = irql_;
    if (new_irql < old_irql || new_irql > HIGH_LEVEL) [[unlikely]] {
        bug_check(irql_not_greater_or_equal, 0, old_irql, new_irql, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
    }
    if (new_irql >= DISPATCH_LEVEL && !processor_) acquire_processor();
    irql_ = new_irql;
    return old_irql;
}

void Thread::lower_irql(KIRQL new_irql) {
    if (new_irql > irql_) [[unlikely]] {
        bug_check(irql_not_less_or_equal, 0, irql_, new_irql, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
    }
    if (has_held_back_) [[unlikely]] deliver_held_back(new_irql);
    // A DPC that lowers the IRQL keeps its processor: what it did shows when it returns.
    if (new_irql < DISPATCH_LEVEL && processor_ && !processor_->in_dpc()) release_processor();
    irql_ = new_irql;
    if (new_irql < APC_LEVEL) look_for_kernel_apcs();
}

void Thread::acquire_processor() {
    processor_ = &dispatcher_.processors().acquire(*preferred_processor_, affinity_);
    preferred_processor_ = processor_;
}

void Thread::release_processor() {
    dispatcher_.processors().release(*this, *processor_);
    processor_ = nullptr;
}

void Thread::deliver_held_back(KIRQL new_irql) {
    // Not below DISPATCH_LEVEL yet: what the interrupts queue runs when the processor is given up.
    irql_ = processor_ && new_irql < DISPATCH_LEVEL ? static_cast<KIRQL>(DISPATCH_LEVEL) : new_irql;
    dispatcher_.interrupts().deliver_pending(*this, new_irql);
}

Thread::Interrupted Thread::enter_interrupt(KIRQL irql, KAFFINITY affinity) {
    Interrupted before{irql_, processor_, false};
    if (!processor_ || (affinity >> processor_->number() & 1) == 0) {
        processor_ = &dispatcher_.processors().take_for_interrupt(*preferred_processor_, affinity, &before.owns_processor);
    }
    irql_ = irql;
    return before;
}

void Thread::leave_interrupt(const Interrupted& before) {
    if (processor_ != before.processor && before.owns_processor) {
        if (before.processor) {
            // The thread is in the middle of something at DISPATCH_LEVEL: the other processor's DPCs are not for it.
            dispatcher_.processors().release_undrained(*processor_);
        } else {
            dispatcher_.processors().release(*this, *processor_);
        }
    }
    processor_ = before.processor;
    irql_ = before.irql;
}

bool Thread::in_dpc() const { return processor_ && processor_->in_dpc(); }

KAFFINITY Thread::set_affinity(KAFFINITY affinity) {
    ProcessorSet& processors = dispatcher_.processors();
    const KAFFINITY usable = affinity & processors.active_mask();
    if (usable == 0) return affinity_;
    if ((usable >> preferred_processor_->number() & 1) == 0) {
        preferred_processor_ = &processors.at(static_cast<unsigned>(__builtin_ctzl(usable)));
    }
    return std::exchange(affinity_, usable);
}

KAFFINITY Thread::set_system_affinity(KAFFINITY affinity) {
    if ((affinity & dispatcher_.processors().active_mask()) == 0) return system_affinity_;
    set_affinity(affinity);
    return std::exchange(system_affinity_, affinity_);
}

void Thread::revert_affinity(KAFFINITY previous) {
    system_affinity_ = previous & dispatcher_.processors().active_mask();
    set_affinity(system_affinity_ != 0 ? system_affinity_ : ~KAFFINITY{0});
}

LONG Thread::set_base_priority(LONG increment) {
    constexpr LONG saturation = (HIGH_PRIORITY + 1) / 2;
    constexpr LONG process_base = 8;
    const LONG before = base_increment_.exchange(increment, std::memory_order_relaxed);
    // The threads of a process of normal class stay between 1 and 15, also when saturated.
    LONG priority = process_base + increment;
    if (increment >= saturation || priority > LOW_REALTIME_PRIORITY - 1) priority = LOW_REALTIME_PRIORITY - 1;
    if (increment <= -saturation || priority < LOW_PRIORITY + 1) priority = LOW_PRIORITY + 1;
    set_priority(priority);
    return before;
}

void Thread::note_os_thread() {
    static thread_local const std::uint32_t id = platform::os_thread_id();
    os_thread_.store(id, std::memory_order_relaxed);
}

std::uint64_t Thread::run_time_100ns() const {
    const std::int64_t time_ns = platform::thread_time_ns(os_thread_.load(std::memory_order_relaxed));
    return time_ns > 0 ? static_cast<std::uint64_t>(time_ns) / 100 : 0;
}

ULONG Thread::processor_number() const { return processor_ ? processor_->number() : preferred_processor_->number(); }

void Thread::leave_critical_region() {
    if (kernel_apc_disable_ <= 0) [[unlikely]] {
        bug_check(driver_verifier_detected_violation, verifier_leave_critical_region, 0, 0, 0);
    }
    if (--kernel_apc_disable_ == 0) look_for_kernel_apcs();
}

void Thread::leave_guarded_region() {
    if (special_apc_disable_ <= 0) [[unlikely]] {
        bug_check(driver_verifier_detected_violation, verifier_leave_critical_region, 0, 0, 0);
    }
    if (--special_apc_disable_ == 0) look_for_kernel_apcs();
}

void Thread::request_termination() {
    terminating_.store(true, std::memory_order_release);
    dispatcher_.interrupt_wait(*this);
}

bool Thread::is_waiting() { return dispatcher_.is_waiting(*this); }

bool Thread::alert(KPROCESSOR_MODE mode) { return dispatcher_.alert_thread(*this, mode); }

bool Thread::test_alert(KPROCESSOR_MODE mode) { return dispatcher_.test_alert(*this, mode); }

void Thread::set_user_apc_pending(bool pending) { dispatcher_.set_user_apc_pending(*this, pending); }

KIRQL raise_irql(KIRQL new_irql) {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    return thread->raise_irql(new_irql);
}

void lower_irql(KIRQL new_irql) {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    thread->lower_irql(new_irql);
}

ULONG current_processor_number() {
    const Thread* thread = Thread::current();
    return thread ? thread->processor_number() : 0;
}

}  // namespace pw::ke
