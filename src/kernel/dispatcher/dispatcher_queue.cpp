// SPDX-License-Identifier: Apache-2.0
// Kernel queues (KQUEUE): entries for threads, of which only so many run at a time.
#include <utility>

#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/dispatcher_internal.h"

// KQUEUE.Header.SignalState is the number of entries; CurrentCount the threads that took their last entry from the queue and
// do not wait; ThreadListHead holds all threads that did, whether they wait or not. All guarded by the dispatcher lock.
namespace pw::ke {
namespace {

Thread& current_thread() {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    return *thread;
}

// KQUEUE.MaximumCount of a queue that takes and gives nothing any more.
constexpr ULONG closed_queue = 0;
bool is_closed(const KQUEUE& queue) { return queue.MaximumCount == closed_queue; }

LIST_ENTRY* status_as_entry(NTSTATUS status) { return reinterpret_cast<LIST_ENTRY*>(static_cast<LONG_PTR>(status)); }

}  // namespace

void Dispatcher::initialize_queue(KQUEUE& queue, ULONG maximum_count) {
    initialize_header(queue.Header, ObjectKind::queue, sizeof queue, 0);
    InitializeListHead(&queue.EntryListHead);
    InitializeListHead(&queue.ThreadListHead);
    queue.CurrentCount = 0;
    queue.MaximumCount = maximum_count != 0 ? maximum_count : processors_.count();
}

void Dispatcher::serve_queue_locked(KQUEUE& queue, WakeList& wakes) {
    // The thread that came last has the warmest caches: it goes first.
    while (load_state(queue.Header) > 0 && queue.CurrentCount < queue.MaximumCount && !IsListEmpty(&queue.Header.WaitListHead)) {
        KWAIT_BLOCK& block = *CONTAINING_RECORD(queue.Header.WaitListHead.Blink, KWAIT_BLOCK, WaitListEntry);
        Waiter& waiter = *reinterpret_cast<Waiter*>(block.Thread);
        store_state(queue.Header, load_state(queue.Header) - 1);
        queue.CurrentCount = queue.CurrentCount + 1;
        waiter.queue_entry = RemoveHeadList(&queue.EntryListHead);
        end_wait_locked(waiter, STATUS_WAIT_0, wakes);
    }
}

void Dispatcher::thread_blocks_locked(Thread& thread, WakeList& wakes) {
    KQUEUE& queue = *thread.queue_;
    queue.CurrentCount = queue.CurrentCount - 1;
    serve_queue_locked(queue, wakes);
}

void Dispatcher::thread_runs_again(Thread& thread) {
    MutexLock lock(lock_);
    // The queue may have been run down meanwhile.
    if (thread.queue_) thread.queue_->CurrentCount = thread.queue_->CurrentCount + 1;
}

void Dispatcher::leave_queue_locked(Thread& thread, WakeList& wakes) {
    KQUEUE* const queue = std::exchange(thread.queue_, nullptr);
    if (!queue) return;
    RemoveEntryList(&thread.queue_list_entry_);
    queue->CurrentCount = queue->CurrentCount - 1;
    serve_queue_locked(*queue, wakes);
}

void Dispatcher::leave_queue(Thread& thread) {
    WakeList wakes;
    {
        MutexLock lock(lock_);
        leave_queue_locked(thread, wakes);
    }
    wakes.wake_all();
}

LONG Dispatcher::insert_queue(KQUEUE& queue, LIST_ENTRY& entry, bool at_head) {
    check_object(queue.Header);
    WakeList wakes;
    LONG before;
    {
        MutexLock lock(lock_);
        if (is_closed(queue)) return -1;
        before = load_state(queue.Header);
        (at_head ? InsertHeadList : InsertTailList)(&queue.EntryListHead, &entry);
        store_state(queue.Header, before + 1);
        serve_queue_locked(queue, wakes);
    }
    wakes.wake_all();
    return before;
}

LIST_ENTRY* Dispatcher::remove_queue(KQUEUE& queue, KPROCESSOR_MODE mode, bool alertable, const LARGE_INTEGER* timeout) {
    Thread& thread = current_thread();
    check_wait_irql(thread, &queue, timeout);
    check_object(queue.Header);
    thread.look_for_kernel_apcs();
    std::optional<platform::SleepDeadline> deadline;
    while (true) {
        LIST_ENTRY* const entry = remove_queue_once(thread, queue, mode, alertable, timeout, deadline);
        if (entry != status_as_entry(STATUS_KERNEL_APC)) [[likely]] return entry;
        thread.deliver_kernel_apcs();
    }
}

LIST_ENTRY* Dispatcher::remove_queue_once(Thread& thread, KQUEUE& queue, KPROCESSOR_MODE mode, bool alertable,
                                          const LARGE_INTEGER* timeout, std::optional<platform::SleepDeadline>& deadline) {
    WakeList wakes;
    Waiter& waiter = thread.waiter_;
    LIST_ENTRY* result = nullptr;
    {
        MutexLock lock(lock_);
        if (is_closed(queue)) return status_as_entry(STATUS_ABANDONED);
        if (thread.queue_ == &queue) {
            queue.CurrentCount = queue.CurrentCount - 1;  // it is done with its last entry
        } else {
            leave_queue_locked(thread, wakes);
            thread.queue_ = &queue;
            InsertTailList(&queue.ThreadListHead, &thread.queue_list_entry_);
        }
        if (load_state(queue.Header) > 0 && queue.CurrentCount < queue.MaximumCount) {
            store_state(queue.Header, load_state(queue.Header) - 1);
            result = RemoveHeadList(&queue.EntryListHead);
        } else if (const NTSTATUS interrupted = interruption_locked(thread, mode, alertable); interrupted != STATUS_PENDING) {
            result = status_as_entry(interrupted);
        } else if (timeout && timeout->QuadPart == 0) {
            result = status_as_entry(STATUS_TIMEOUT);
        } else if (next_kernel_apc_locked(thread)) {
            result = status_as_entry(STATUS_KERNEL_APC);
        }
        if (result) {
            queue.CurrentCount = queue.CurrentCount + 1;
        } else {
            waiter.blocks = thread.wait_blocks_;
            waiter.count = 1;
            waiter.type = WaitAny;
            waiter.mode = mode;
            waiter.alertable = alertable;
            waiter.queue_entry = nullptr;
            waiter.word.store(1, std::memory_order_relaxed);
            DISPATCHER_HEADER* const object = &queue.Header;
            enqueue_locked(waiter, &object);
        }
    }
    wakes.wake_all();
    if (result) return result;
    const Status status = sleep(waiter, timeout, deadline);
    if (status == STATUS_WAIT_0) return std::exchange(waiter.queue_entry, nullptr);
    thread_runs_again(thread);
    return status_as_entry(status.code());
}

LIST_ENTRY* Dispatcher::remove_more(KQUEUE& queue) {
    MutexLock lock(lock_);
    if (load_state(queue.Header) == 0) return nullptr;
    store_state(queue.Header, load_state(queue.Header) - 1);
    return RemoveHeadList(&queue.EntryListHead);
}

LIST_ENTRY* Dispatcher::rundown_queue(KQUEUE& queue) { return rundown_queue(queue, queue.MaximumCount); }

LIST_ENTRY* Dispatcher::close_queue(KQUEUE& queue) { return rundown_queue(queue, closed_queue); }

LIST_ENTRY* Dispatcher::rundown_queue(KQUEUE& queue, ULONG maximum_count) {
    check_object(queue.Header);
    WakeList wakes;
    LIST_ENTRY* first = nullptr;
    {
        MutexLock lock(lock_);
        queue.MaximumCount = maximum_count;
        if (!IsListEmpty(&queue.EntryListHead)) {
            // The entries as a ring without the head.
            first = queue.EntryListHead.Flink;
            RemoveEntryList(&queue.EntryListHead);
            InitializeListHead(&queue.EntryListHead);
        }
        store_state(queue.Header, 0);
        while (!IsListEmpty(&queue.Header.WaitListHead)) {
            KWAIT_BLOCK& block = *CONTAINING_RECORD(queue.Header.WaitListHead.Flink, KWAIT_BLOCK, WaitListEntry);
            end_wait_locked(*reinterpret_cast<Waiter*>(block.Thread), STATUS_ABANDONED, wakes);
        }
        while (!IsListEmpty(&queue.ThreadListHead)) {
            Thread& thread = Thread::of_queue_entry(*RemoveHeadList(&queue.ThreadListHead));
            thread.queue_ = nullptr;
        }
        queue.CurrentCount = 0;
    }
    wakes.wake_all();
    return first;
}

}  // namespace pw::ke
