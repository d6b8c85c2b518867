// SPDX-License-Identifier: Apache-2.0
// Thread: the kernel half of a thread: its IRQL, the processor it holds, what it waits for, its critical regions.
#pragma once

#include <nt/ke_types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/lock.h"
#include "kernel/dispatcher/activity_counters.h"
#include "kernel/dispatcher/thread_body.h"
#include "kernel/dispatcher/waiter.h"

namespace pw::ke {

class Dispatcher;
class Processor;

class Thread {
public:
    explicit Thread(Dispatcher& dispatcher);
    virtual ~Thread();
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;

    // The thread that the calling OS thread runs as; null if it never entered a kernel.
    [[nodiscard]] static Thread* current() { return current_; }
    // The same, asking the attach hook when there is none. For façades: always inlined, so that the hook is given the
    // façade's return address, which lies in the calling driver's image (design D12). Ends the process without a hook.
    [[nodiscard]] __attribute__((always_inline)) static inline Thread& current_or_attach() {
        if (Thread* thread = current_) [[likely]] return *thread;
        return attach_foreign(__builtin_return_address(0));
    }
    // Makes a Thread for an OS thread that no kernel made. Set once by the composition root; null to take it away. The
    // hook binds the thread that it returns (Thread::bind) and unbinds it when the OS thread ends.
    using AttachHook = Thread* (*)(const void* return_address);
    static void set_attach_hook(AttachHook hook);

    // Makes a Thread current on this OS thread while it lives, and restores the previous one.
    class Binding {
    public:
        explicit Binding(Thread& thread) : previous_(bind(&thread)) {}
        ~Binding() { bind(previous_); }
        Binding(const Binding&) = delete;
        Binding& operator=(const Binding&) = delete;

    private:
        Thread* previous_;
    };
    // Returns what was current before. Prefer Binding.
    static Thread* bind(Thread* thread) {
        Thread* previous = current_;
        if (thread) thread->note_os_thread();
        current_ = thread;
        return previous;
    }

    [[nodiscard]] Dispatcher& dispatcher() const { return dispatcher_; }

    // What the thread works on is a copy of memory that others see: the copy is written back before others may go on, and
    // thrown away after a wait. On the thread itself only; null for almost every thread.
    class MemoryHook {
    public:
        virtual ~MemoryHook() = default;
        virtual void before_release() = 0;
        virtual void after_wait() = 0;
    };
    [[nodiscard]] MemoryHook* memory_hook() const { return memory_hook_.get(); }
    void set_memory_hook(std::unique_ptr<MemoryHook> hook) { memory_hook_ = std::move(hook); }
    // To be called before anything that lets another thread go on.
    static void before_release() {
        if (current_ && current_->memory_hook_) [[unlikely]] current_->memory_hook_->before_release();
    }

    // --- IRQL and processor. On the thread itself only. ---
    [[nodiscard]] KIRQL irql() const { return irql_; }
    // The processor that the thread holds (it does from DISPATCH_LEVEL upwards); else null.
    [[nodiscard]] Processor* processor() const { return processor_; }
    // Returns the old IRQL. Raising to DISPATCH_LEVEL waits for a processor. Bug check IRQL_NOT_GREATER_OR_EQUAL when
    // new_irql is lower than the current one.
    KIRQL raise_irql(KIRQL new_irql);
    // Going below DISPATCH_LEVEL runs the processor's queued DPCs and gives the processor up. Bug check
    // IRQL_NOT_LESS_OR_EQUAL when new_irql is higher than the current one.
    void lower_irql(KIRQL new_irql);
    [[nodiscard]] bool in_dpc() const;

    // --- Interrupts (interrupt.h). On the thread itself only. ---
    // What enter_interrupt() changed, for leave_interrupt().
    struct Interrupted {
        KIRQL irql;
        Processor* processor;
        bool owns_processor;
    };
    // Goes to the interrupt's IRQL on a processor of `affinity`: the one that is held, a free one, or one that another
    // thread holds, which goes on beside the interrupt as code on another processor would.
    [[nodiscard]] Interrupted enter_interrupt(KIRQL irql, KAFFINITY affinity);
    void leave_interrupt(const Interrupted& before);
    // Interrupts that were raised at or above their IRQL; lower_irql() delivers them.
    void hold_back_interrupt(ULONG vector) {
        held_back_[vector / 64] |= std::uint64_t{1} << (vector % 64);
        has_held_back_ = true;
    }
    [[nodiscard]] bool is_interrupt_held_back(ULONG vector) const { return (held_back_[vector / 64] >> (vector % 64) & 1) != 0; }
    void take_interrupt(ULONG vector) { held_back_[vector / 64] &= ~(std::uint64_t{1} << (vector % 64)); }
    // For a bug check, which takes no processor any more. Returns the old IRQL.
    KIRQL pretend_irql(KIRQL irql) { return std::exchange(irql_, irql); }
    void forget_interrupts() { has_held_back_ = false; }

    // Processors that the thread may run on; 0 bits beyond the configured count are ignored. Takes effect at the next
    // raise. Returns the previous set.
    KAFFINITY set_affinity(KAFFINITY affinity);
    [[nodiscard]] KAFFINITY affinity() const { return affinity_; }
    // KeSetSystemAffinityThreadEx and KeRevertToUserAffinityThreadEx: 0 is "none", and reverting to it gives the thread
    // all processors. Returns the previous system affinity, 0 if none was set. A mask without a processor changes nothing.
    KAFFINITY set_system_affinity(KAFFINITY affinity);
    void revert_affinity(KAFFINITY previous);
    // The processor held, else the one that the thread ran on last.
    [[nodiscard]] ULONG processor_number() const;

    // --- Critical and guarded regions, previous mode. On the thread itself only. ---
    void enter_critical_region() { ++kernel_apc_disable_; }
    // Leaving the last region delivers the kernel APCs that it kept back.
    void leave_critical_region();
    void enter_guarded_region() { ++special_apc_disable_; }
    void leave_guarded_region();
    // Normal kernel APCs are off.
    [[nodiscard]] bool apcs_disabled() const { return kernel_apc_disable_ != 0 || special_apc_disable_ != 0; }
    // Special kernel APCs, too: in a guarded region or from APC_LEVEL upwards.
    [[nodiscard]] bool all_apcs_disabled() const { return special_apc_disable_ != 0 || irql_ >= APC_LEVEL; }
    [[nodiscard]] KPROCESSOR_MODE previous_mode() const { return previous_mode_; }
    KPROCESSOR_MODE set_previous_mode(KPROCESSOR_MODE mode) {
        const KPROCESSOR_MODE old = previous_mode_;
        previous_mode_ = mode;
        return old;
    }

    // How many regions keep normal kernel APCs back: what APC_INDEX_MISMATCH reports. On the thread itself.
    [[nodiscard]] std::int32_t apc_disable_count() const { return kernel_apc_disable_ + special_apc_disable_; }

    // --- Kernel APCs (kernel_apc.h): delivered where the thread passes one of the points that look here. ---
    [[nodiscard]] bool has_kernel_apcs() const { return kernel_apc_pending_.load(std::memory_order_acquire); }
    // Runs what the IRQL and the regions allow at this moment, oldest first, special ones before normal ones. On the thread
    // itself, at any IRQL.
    void deliver_kernel_apcs();
    // The thread has been attached to another process, or is back in its own: APCs of the other state wait. On the thread.
    void set_attached_apc_state(bool attached) {
        apc_state_index_.store(attached ? 1 : 0, std::memory_order_relaxed);
    }
    [[nodiscard]] CCHAR apc_state_index() const { return apc_state_index_.load(std::memory_order_relaxed); }
    // What makes a thread that runs no kernel code look; called at IRQL <= DISPATCH_LEVEL, on any thread. Null: none. After
    // a call of set_apc_doorbell() the previous one is not called any more.
    void set_apc_doorbell(void (*ring)(void*), void* context);

    // --- What ends waits from outside. Any thread, IRQL <= DISPATCH_LEVEL. ---
    // From now on waits with mode UserMode end with STATUS_USER_APC (a pending one at once); KernelMode waits go on.
    void request_termination();
    [[nodiscard]] bool termination_requested() const { return terminating_.load(std::memory_order_acquire); }
    // KeAlertThread: ends an alertable wait of that mode (KernelMode alerts end both) with STATUS_ALERTED. Returns
    // whether the thread was already alerted.
    bool alert(KPROCESSOR_MODE mode);
    // KeTestAlertThread: takes the alert of that mode.
    bool test_alert(KPROCESSOR_MODE mode);
    // While set, alertable waits with mode UserMode end with STATUS_USER_APC. The owner of the APC queue keeps it true.
    void set_user_apc_pending(bool pending);
    // A wait has ended with STATUS_USER_APC: on the way back to user mode the thread is to run its user APCs (or to end).
    // Takes the mark. On the thread itself.
    [[nodiscard]] bool take_user_apc_due() {
        return user_apc_due_.load(std::memory_order_relaxed) && user_apc_due_.exchange(false, std::memory_order_relaxed);
    }

    // The thread is blocked in a wait at this moment. Takes the dispatcher lock.
    [[nodiscard]] bool is_waiting();

    // NT priority 0..31. Informative: the OS schedules.
    [[nodiscard]] KPRIORITY priority() const { return priority_.load(std::memory_order_relaxed); }
    KPRIORITY set_priority(KPRIORITY priority) { return priority_.exchange(priority, std::memory_order_relaxed); }
    // KeSetBasePriorityThread: relative to the priority of the process. Returns the previous increment.
    LONG set_base_priority(LONG increment);
    // Processor time that the thread has used, in 100 ns units. Any thread.
    [[nodiscard]] std::uint64_t run_time_100ns() const;

    // What the thread has done; counted by the thread itself.
    [[nodiscard]] ActivityCounters& activity() { return activity_; }

    // The header at the start of the thread's NT body, for those that wait on the thread; null when it has none.
    [[nodiscard]] virtual DISPATCHER_HEADER* waitable_header() { return nullptr; }
    // What drivers know the thread by; a thread that no object manager knows has a body of its own.
    [[nodiscard]] PKTHREAD nt_body() { return body_; }
    [[nodiscard]] void* nt_identity() { return body_; }
    // Once, before anybody sees the thread; the body lives as long.
    void set_nt_body(_KTHREAD& body) {
        body.thread = this;
        body_ = &body;
    }

private:
    friend class Dispatcher;
    friend class ProcessorSet;
    friend class QueuedLockTracker;

    [[nodiscard]] static Thread& of_queue_entry(LIST_ENTRY& entry) {
        return *reinterpret_cast<Thread*>(reinterpret_cast<char*>(&entry) - offsetof(Thread, queue_list_entry_));
    }
    void note_os_thread();
    static Thread& attach_foreign(const void* return_address);
    void acquire_processor();
    void release_processor();
    void deliver_held_back(KIRQL new_irql);
    void ring_apc_doorbell();
    // At a point where the thread may take kernel APCs.
    void look_for_kernel_apcs() {
        if (has_kernel_apcs()) [[unlikely]] deliver_kernel_apcs();
    }

    // Plain __thread: no lazy initialisation, no call. initial-exec: one load, also from a shared library.
    __attribute__((tls_model("initial-exec"))) static __thread Thread* current_;

    Dispatcher& dispatcher_;
    std::unique_ptr<MemoryHook> memory_hook_;
    KIRQL irql_ = PASSIVE_LEVEL;
    KPROCESSOR_MODE previous_mode_ = KernelMode;
    Processor* processor_ = nullptr;
    Processor* preferred_processor_;
    KAFFINITY affinity_ = ~KAFFINITY{0};
    KAFFINITY system_affinity_ = 0;
    bool has_held_back_ = false;
    std::uint64_t held_back_[4] = {};
    _KTHREAD own_body_{.Header = {}, .thread = this};
    PKTHREAD body_ = &own_body_;
    std::int32_t kernel_apc_disable_ = 0;
    std::int32_t special_apc_disable_ = 0;
    bool normal_apc_in_progress_ = false;
    std::atomic<CCHAR> apc_state_index_{0};
    std::atomic<bool> kernel_apc_pending_{false};  // written under the dispatcher lock
    std::atomic<bool> user_apc_due_{false};
    std::atomic<KPRIORITY> priority_{8};
    ActivityCounters activity_;
    std::atomic<LONG> base_increment_{0};
    std::atomic<std::uint32_t> os_thread_{0};  // the OS thread that runs as this one

    // Guarded by the dispatcher lock.
    Waiter waiter_;
    KWAIT_BLOCK wait_blocks_[THREAD_WAIT_OBJECTS + 1];
    LIST_ENTRY owned_mutants_;
    KQUEUE* queue_ = nullptr;  // the kernel queue that the thread works for
    LIST_ENTRY queue_list_entry_;
    bool alerted_[MaximumMode] = {};
    bool user_apc_pending_ = false;
    LIST_ENTRY kernel_apcs_;  // KAPC.ApcListEntry; the special ones first
    bool kernel_apcs_closed_ = false;
    std::atomic<bool> terminating_{false};  // written under the lock

    Mutex doorbell_lock_{LockRank::leaf};
    void (*ring_doorbell_)(void*) PW_GUARDED_BY(doorbell_lock_) = nullptr;
    void* doorbell_context_ PW_GUARDED_BY(doorbell_lock_) = nullptr;

    // The in-stack queued spin locks that the thread holds, so that a second acquire is diagnosed. Thread only.
    static constexpr unsigned max_tracked_queued_locks = 8;
    KSPIN_LOCK* queued_locks_[max_tracked_queued_locks];
    unsigned queued_lock_count_ = 0;
};

// The IRQL of the calling OS thread; PASSIVE_LEVEL outside any kernel.
[[nodiscard]] inline KIRQL current_irql() {
    const Thread* thread = Thread::current();
    return thread ? thread->irql() : static_cast<KIRQL>(PASSIVE_LEVEL);
}

}  // namespace pw::ke
