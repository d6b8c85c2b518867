// SPDX-License-Identifier: Apache-2.0
// Dispatcher: one kernel's events, semaphores, mutants and timers, the waits on them, and its virtual processors.
#pragma once

#include <nt/ke_types.h>

#include <optional>
#include <span>

#include "base/lock.h"
#include "base/status.h"
#include "kernel/dispatcher/dpc.h"
#include "kernel/dispatcher/interrupt.h"
#include "kernel/dispatcher/numbered_locks.h"
#include "kernel/dispatcher/processor_call.h"
#include "kernel/dispatcher/processor_set.h"
#include "kernel/dispatcher/thread.h"
#include "kernel/dispatcher/timer_queue.h"
#include "kernel/dispatcher/waiter.h"
#include "platform/futex.h"

namespace pw::ke {

struct DispatcherConfig {
    // Virtual processors, 1..64; 0: as many as are online.
    unsigned processor_count = 0;
};

// DISPATCHER_HEADER.Type.
enum class ObjectKind : UCHAR {
    notification_event = 0,
    synchronization_event = 1,
    mutant = 2,
    process = 3,
    queue = 4,
    semaphore = 5,
    thread = 6,
    gate = 7,
    notification_timer = 8,
    synchronization_timer = 9,
};

class Dispatcher {
public:
    explicit Dispatcher(DispatcherConfig config = {});
    // No thread may wait and no timer may be set by then; the timer and DPC threads end here.
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    [[nodiscard]] ProcessorSet& processors() { return processors_; }
    [[nodiscard]] InterruptTable& interrupts() { return interrupts_; }
    [[nodiscard]] ProcessorCalls& processor_calls() { return processor_calls_; }
    [[nodiscard]] NumberedLocks& numbered_locks() { return numbered_locks_; }
    // How the dispatcher's own OS threads (timer, DPC) become kernel threads. Without it they run as plain ke::Threads.
    // Before the first timer or targeted DPC; `host` outlives the dispatcher.
    void set_worker_host(WorkerHost* host) { processors_.set_worker_host(host); }
    // Ends those threads, before the worker host goes. Nothing may set a timer or target a DPC afterwards.
    void stop_workers() {
        timers_.stop();
        absolute_timers_.stop();
        processors_.stop_workers();
    }

    // --- Objects that stay signalled: processes, threads. ---
    static void initialize_notification_header(DISPATCHER_HEADER& header, ObjectKind kind = ObjectKind::thread);
    void signal_notification(DISPATCHER_HEADER& header);

    // --- Events. IRQL <= DISPATCH_LEVEL. Setters return the previous state. ---
    static void initialize_event(KEVENT& event, EVENT_TYPE type, bool signalled);
    LONG set_event(KEVENT& event);
    LONG reset_event(KEVENT& event);
    void clear_event(KEVENT& event);
    // Satisfies who waits now and leaves the event not signalled.
    LONG pulse_event(KEVENT& event);
    // The signal state of any object. Any IRQL.
    [[nodiscard]] static LONG read_state(const DISPATCHER_HEADER& header);

    // --- Semaphores. IRQL <= DISPATCH_LEVEL. ---
    static void initialize_semaphore(KSEMAPHORE& semaphore, LONG count, LONG limit);
    // STATUS_SEMAPHORE_LIMIT_EXCEEDED (nothing changed) when the limit would be exceeded or adjustment is not positive.
    Status release_semaphore(KSEMAPHORE& semaphore, LONG adjustment, LONG* previous_count);

    // --- Mutants and mutexes. A mutex (NT's KMUTEX) also disables kernel APCs of its owner. ---
    static void initialize_mutex(KMUTANT& mutex);
    void initialize_mutant(KMUTANT& mutant, Thread* initial_owner);
    // STATUS_MUTANT_NOT_OWNED, or STATUS_ABANDONED when it was abandoned meanwhile. *previous_state: 0 or negative while
    // owned recursively, as NT returns it; the mutant becomes free when it was 0.
    Status release_mutant(KMUTANT& mutant, Thread& thread, LONG* previous_state);
    // At the exit of a thread: frees its mutants; their next owners get STATUS_ABANDONED_WAIT_0 + index.
    void abandon_mutants(Thread& thread);
    // The same for one mutant, whoever owns it (KeReleaseMutant with Abandoned). Returns the previous state.
    LONG abandon_mutant(KMUTANT& mutant);
    // The thread that owns the mutant now, or null. A snapshot.
    [[nodiscard]] Thread* mutant_owner(KMUTANT& mutant);
    // A mutant is about to be freed or reinitialised: leaves its owner's list.
    void forget_mutant(KMUTANT& mutant);

    // --- Timers. IRQL <= DISPATCH_LEVEL. ---
    static void initialize_timer(KTIMER& timer, TIMER_TYPE type);
    // due_time: 100 ns units, negative = relative to now, else absolute system time: such a timer follows changes of the
    // system clock. period_ms 0: once. `dpc` may be null. Returns whether the timer was set already.
    bool set_timer(KTIMER& timer, LARGE_INTEGER due_time, ULONG period_ms, KDPC* dpc) {
        return set_timer_100ns(timer, due_time, std::uint64_t{period_ms} * 10'000, dpc);
    }
    // The same with a period in 100 ns units; above 429 s it is rounded to milliseconds.
    bool set_timer_100ns(KTIMER& timer, LARGE_INTEGER due_time, std::uint64_t period_100ns, KDPC* dpc);
    [[nodiscard]] bool is_timer_set(const KTIMER& timer);
    // The system clock was set: absolute timers are looked at again. (The OS tells the sleeping timer thread by itself.)
    void system_time_changed() { absolute_timers_.rearm(); }
    // Returns whether the timer was set. Its DPC may still be queued.
    bool cancel_timer(KTIMER& timer);
    // A timer that is set and lies in a range of memory, or whose DPC or DPC routine does: what a driver left behind whose
    // image or memory goes. Null if there is none.
    [[nodiscard]] KTIMER* find_timer_in(std::uint64_t base, std::uint64_t length_bytes);

    // --- Waits, on the current thread. timeout: null = for ever, 0 = do not wait, negative = relative, positive =
    // absolute system time, in 100 ns units. At DISPATCH_LEVEL only with timeout 0 (else a bug check).
    // STATUS_WAIT_0 (+ index), STATUS_ABANDONED_WAIT_0 (+ index), STATUS_TIMEOUT, STATUS_ALERTED, STATUS_USER_APC,
    // STATUS_MUTANT_LIMIT_EXCEEDED (which the façade raises). A satisfied wait makes no system call. ---
    Status wait(DISPATCHER_HEADER& object, KPROCESSOR_MODE mode, bool alertable, const LARGE_INTEGER* timeout);
    // 1..64 objects. blocks: count elements, needed from 4 objects on (bug check MAXIMUM_WAIT_OBJECTS_EXCEEDED without).
    Status wait_multiple(ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type, KPROCESSOR_MODE mode,
                         bool alertable, const LARGE_INTEGER* timeout, KWAIT_BLOCK* blocks);
    // KeDelayExecutionThread: STATUS_SUCCESS when the interval is over. A zero interval yields.
    Status delay(KPROCESSOR_MODE mode, bool alertable, const LARGE_INTEGER& interval);

    // --- Kernel queues. IRQL <= DISPATCH_LEVEL, removing with a timeout other than 0 below it. ---
    // maximum_count: how many threads work on entries at a time; 0: as many as there are processors.
    void initialize_queue(KQUEUE& queue, ULONG maximum_count);
    // Returns how many entries there were; -1 when the queue is closed, and then takes nothing.
    LONG insert_queue(KQUEUE& queue, LIST_ENTRY& entry, bool at_head);
    // The next entry; or STATUS_TIMEOUT, STATUS_USER_APC, STATUS_ALERTED, STATUS_ABANDONED in the pointer, as NT does. From
    // now on the thread counts as one of the queue's.
    LIST_ENTRY* remove_queue(KQUEUE& queue, KPROCESSOR_MODE mode, const LARGE_INTEGER* timeout) {
        return remove_queue(queue, mode, false, timeout);
    }
    LIST_ENTRY* remove_queue(KQUEUE& queue, KPROCESSOR_MODE mode, bool alertable, const LARGE_INTEGER* timeout);
    // A further entry for a thread that has one already, or null. Never waits.
    LIST_ENTRY* remove_more(KQUEUE& queue);
    // Empties the queue and lets go of its threads; who waits gets STATUS_ABANDONED. The entries as a ring, or null.
    LIST_ENTRY* rundown_queue(KQUEUE& queue);
    // The same, for good: who comes later gets STATUS_ABANDONED, too.
    LIST_ENTRY* close_queue(KQUEUE& queue);
    // At the exit of a thread.
    void leave_queue(Thread& thread);

    // --- Kernel APCs. IRQL <= DISPATCH_LEVEL. ---
    // Queues an initialised KAPC of kernel mode to `thread`; a wait of the thread that may be interrupted for it goes on
    // afterwards. To the calling thread: it has run when this returns, unless IRQL or a region keeps it back. False: it is
    // queued already, or the thread ends.
    bool insert_kernel_apc(KAPC& apc, Thread& thread, PVOID argument1, PVOID argument2);
    // Takes it out again. False: it was not there.
    bool remove_kernel_apc(KAPC& apc, Thread& thread);
    // The thread ends: refuses what comes; the first one left over, or null (call again). PASSIVE_LEVEL.
    [[nodiscard]] KAPC* close_kernel_apcs(Thread& thread);

    // Somebody waits on the object at this moment.
    [[nodiscard]] bool has_waiters(const DISPATCHER_HEADER& object);

    // --- Observers: a wait that ends in a call instead of a wake. ---
    // Satisfied at once: the wait's status, and the observer is not called. Else STATUS_PENDING: it will be called.
    // blocks: count elements that live until the call or stop_observing(). owner: who gets mutants, may be null.
    Status start_observing(WaitObserver& observer, ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type,
                           KWAIT_BLOCK* blocks, Thread* owner);
    // True: removed, the observer will not be called. False: it has been called (or never started).
    bool stop_observing(WaitObserver& observer);

private:
    friend class Thread;
    friend class TimerQueue;
    class WakeList;

    // thread.h's calls, which need the lock.
    [[nodiscard]] bool is_waiting(const Thread& thread);
    void interrupt_wait(Thread& thread);
    bool alert_thread(Thread& thread, KPROCESSOR_MODE mode);
    bool test_alert(Thread& thread, KPROCESSOR_MODE mode);
    void set_user_apc_pending(Thread& thread, bool pending);
    [[nodiscard]] KAPC* take_kernel_apc(Thread& thread);

    Status wait_for(Thread& thread, ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type, KPROCESSOR_MODE mode,
                    bool alertable, const LARGE_INTEGER* timeout, KWAIT_BLOCK* blocks);
    // STATUS_KERNEL_APC: kernel APCs are to be delivered, then the wait goes on.
    [[nodiscard]] Status wait_once(Thread& thread, ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type,
                                   KPROCESSOR_MODE mode, bool alertable, const LARGE_INTEGER* timeout,
                                   std::optional<platform::SleepDeadline>& deadline, KWAIT_BLOCK* blocks);
    // deadline: of the timeout, set by the first sleep of a wait.
    [[nodiscard]] Status sleep(Waiter& waiter, const LARGE_INTEGER* timeout, std::optional<platform::SleepDeadline>& deadline);

    // What an attempt to take the objects gives: STATUS_PENDING when they are not (all) signalled.
    [[nodiscard]] NTSTATUS try_satisfy_locked(Thread* thread, ULONG count, DISPATCHER_HEADER* const* objects, WAIT_TYPE type)
        PW_REQUIRES(lock_);
    void enqueue_locked(Waiter& waiter, DISPATCHER_HEADER* const* objects) PW_REQUIRES(lock_);
    static void dequeue_locked(Waiter& waiter);
    void end_wait_locked(Waiter& waiter, NTSTATUS status, WakeList& wakes) PW_REQUIRES(lock_);
    // The object has become signalled: satisfies who waits, in order, while it stays so.
    void test_waiters_locked(DISPATCHER_HEADER& object, WakeList& wakes) PW_REQUIRES(lock_);
    void interrupt_locked(Thread& thread, WakeList& wakes) PW_REQUIRES(lock_);
    [[nodiscard]] NTSTATUS interruption_locked(Thread& thread, KPROCESSOR_MODE mode, bool alertable) PW_REQUIRES(lock_);
    // The first kernel APC that the thread may take, or null. On the thread, or while it waits.
    [[nodiscard]] static KAPC* next_kernel_apc_locked(Thread& thread);
    void free_mutant_locked(KMUTANT& mutant, WakeList& wakes) PW_REQUIRES(lock_);
    // Returns the processor whose queue needs service(), or null. *rearm: timers_.rearm() must follow.
    Processor* expire_timer_locked(KTIMER& timer, Processor* own, WakeList& wakes, bool* rearm) PW_REQUIRES(lock_);
    // For the timer threads, at DISPATCH_LEVEL. Returns when to look again, by the queue's clock.
    std::uint64_t expire_due_timers(TimerQueue& queue);

    // Entries go to waiting threads while fewer than the maximum run.
    void serve_queue_locked(KQUEUE& queue, WakeList& wakes) PW_REQUIRES(lock_);
    // A thread of a queue blocks in another wait, and comes back.
    void thread_blocks_locked(Thread& thread, WakeList& wakes) PW_REQUIRES(lock_);
    void thread_runs_again(Thread& thread);
    [[nodiscard]] LIST_ENTRY* remove_queue_once(Thread& thread, KQUEUE& queue, KPROCESSOR_MODE mode, bool alertable,
                                                const LARGE_INTEGER* timeout,
                                                std::optional<platform::SleepDeadline>& deadline);
    LIST_ENTRY* rundown_queue(KQUEUE& queue, ULONG maximum_count);
    void leave_queue_locked(Thread& thread, WakeList& wakes) PW_REQUIRES(lock_);

    Mutex lock_{LockRank::dispatcher};
    ProcessorSet processors_;
    TimerQueue timers_;
    TimerQueue absolute_timers_;
    ProcessorCalls processor_calls_;
    NumberedLocks numbered_locks_;
    InterruptTable interrupts_;
};

}  // namespace pw::ke
