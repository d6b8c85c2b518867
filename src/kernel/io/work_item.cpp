// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/work_item.h"

#include <algorithm>
#include <chrono>

#include "kernel/dispatcher/bug_check.h"
#include "platform/threads.h"

namespace pw::io {
namespace {

constexpr ULONG worker_invalid = 0xE4;

[[noreturn]] void stop_for_queued_item(ULONG_PTR what, const void* item) {
    ke::bug_check(worker_invalid, what, reinterpret_cast<ULONG_PTR>(item), 0, 0);
}

}  // namespace

// Parameter 1 of WORKER_INVALID: 0x1 an active item was queued, 0x2 a queued I/O work item was freed.
void WorkItem::check_idle() const {
    if (is_queued()) stop_for_queued_item(0x2, this);
}

void WorkItem::destroy() {
    check_idle();
    delete this;
}

void WorkItem::uninitialize() {
    check_idle();
    this->~WorkItem();
}

const void* WorkItem::called_routine() const {
    return routine_ex_ ? reinterpret_cast<const void*>(routine_ex_) : reinterpret_cast<const void*>(routine_);
}

WorkQueue::WorkQueue(ke::Dispatcher& dispatcher, ps::ProcessManager& processes)
    : dispatcher_(dispatcher), processes_(processes) {
    InitializeListHead(&items_);
    ke::Dispatcher::initialize_semaphore(available_, 0, MAXLONG);
}

WorkQueue::~WorkQueue() = default;

Status WorkQueue::add_worker() {
    PW_TRY_ASSIGN(Ref<ps::Thread> worker, processes_.create_system_thread(processes_.system_process(), worker_main, this));
    MutexLock lock(lock_);
    workers_.push_back(std::move(worker));
    return STATUS_SUCCESS;
}

Status WorkQueue::start() {
    {
        MutexLock lock(lock_);
        workers_.reserve(max_workers);
        running_.reserve(max_workers);
        ++idle_workers_;
    }
    return add_worker();
}

void WorkQueue::stop() {
    stopping_.store(true, std::memory_order_release);
    dispatcher_.release_semaphore(available_, max_workers, nullptr).ignore();
    while (true) {
        Ref<ps::Thread> worker;
        {
            MutexLock lock(lock_);
            if (workers_.empty()) return;
            worker = std::move(workers_.back());
            workers_.pop_back();
        }
        dispatcher_.wait(worker->nt()->Header, KernelMode, false, nullptr).ignore();
    }
}

void WorkQueue::enqueue(WORK_QUEUE_ITEM& item) {
    bool is_queued = false;
    {
        MutexLock lock(lock_);
        // ExInitializeWorkItem clears the link; it is set while the item waits.
        is_queued = item.List.Flink != nullptr;
        if (!is_queued) InsertTailList(&items_, &item.List);
    }
    if (is_queued) stop_for_queued_item(0x1, &item);
    dispatcher_.release_semaphore(available_, 1, nullptr).ignore();  // the limit is beyond any number of items
}

void WorkQueue::queue(WORK_QUEUE_ITEM& item) { enqueue(item); }

void WorkQueue::queue(WorkItem& item) {
    if (item.queued_.exchange(true, std::memory_order_acq_rel)) stop_for_queued_item(0x1, &item);
    if (item.owner_) item.owner_->add_ref();
    item.item_.WorkerRoutine = run;
    item.item_.Parameter = &item;
    enqueue(item.item_);
}

bool WorkQueue::try_queue(WorkItem& item, PIO_WORKITEM_ROUTINE_EX routine, PVOID context) {
    if (item.queued_.exchange(true, std::memory_order_acq_rel)) return false;
    item.set_routine_ex(routine, context);
    if (item.owner_) item.owner_->add_ref();
    item.item_.WorkerRoutine = run;
    item.item_.Parameter = &item;
    enqueue(item.item_);
    return true;
}

void WorkQueue::run(PVOID parameter) {
    // The routine may free or queue the item again: nothing of it is used afterwards.
    auto& item = *static_cast<WorkItem*>(parameter);
    ob::Object* owner = item.owner_;
    const PIO_WORKITEM_ROUTINE routine = item.routine_;
    const PIO_WORKITEM_ROUTINE_EX routine_ex = item.routine_ex_;
    const PVOID context = item.context_;
    item.queued_.store(false, std::memory_order_release);
    if (routine_ex) {
        routine_ex(owner ? owner->body() : nullptr, context, reinterpret_cast<PIO_WORKITEM>(&item));
    } else {
        routine(owner ? static_cast<PDEVICE_OBJECT>(owner->body()) : nullptr, context);
    }
    if (owner) owner->release();
}

const void* WorkQueue::routine_of(const WORK_QUEUE_ITEM& item) {
    if (item.WorkerRoutine == run) return static_cast<const WorkItem*>(item.Parameter)->called_routine();
    return reinterpret_cast<const void*>(item.WorkerRoutine);
}

const void* WorkQueue::find_locked(std::uint64_t base, std::uint64_t length_bytes) const {
    const auto is_inside = [&](const void* routine) { return reinterpret_cast<std::uint64_t>(routine) - base < length_bytes; };
    for (const void* routine : running_) {
        if (is_inside(routine)) return routine;
    }
    for (PLIST_ENTRY link = items_.Flink; link != &items_; link = link->Flink) {
        const void* routine = routine_of(*CONTAINING_RECORD(link, WORK_QUEUE_ITEM, List));
        if (is_inside(routine)) return routine;
    }
    return nullptr;
}

bool WorkQueue::wait_for_image(std::uint64_t base, std::uint64_t length_bytes, std::uint64_t timeout_ns, const void** routine) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::nanoseconds(timeout_ns);
    while (true) {
        const std::uint32_t seen = finished_.load(std::memory_order_acquire);
        {
            MutexLock lock(lock_);
            *routine = find_locked(base, length_bytes);
        }
        if (!*routine) return true;
        const auto left = deadline - std::chrono::steady_clock::now();
        if (left <= std::chrono::nanoseconds::zero()) return false;
        platform::wait_while_equal(finished_, seen, std::chrono::nanoseconds(left).count());
    }
}

void WorkQueue::worker_main(PVOID context) {
    auto& queue = *static_cast<WorkQueue*>(context);
    while (true) {
        queue.dispatcher_.wait(queue.available_.Header, KernelMode, false, nullptr).ignore();
        WORK_QUEUE_ITEM* item = nullptr;
        const void* routine = nullptr;
        bool is_last_idle = false;
        {
            MutexLock lock(queue.lock_);
            if (!IsListEmpty(&queue.items_)) {
                item = CONTAINING_RECORD(RemoveHeadList(&queue.items_), WORK_QUEUE_ITEM, List);
                item->List.Flink = nullptr;
                routine = routine_of(*item);
                queue.running_.push_back(routine);
                is_last_idle = --queue.idle_workers_ == 0 && queue.workers_.size() < max_workers &&
                               !queue.stopping_.load(std::memory_order_acquire);
                if (is_last_idle) ++queue.idle_workers_;  // the one that is made now
            }
        }
        if (item) {
            if (is_last_idle && queue.add_worker().is_failure()) {
                MutexLock lock(queue.lock_);
                --queue.idle_workers_;
            }
            item->WorkerRoutine(item->Parameter);
            {
                MutexLock lock(queue.lock_);
                queue.running_.erase(std::find(queue.running_.begin(), queue.running_.end(), routine));
                ++queue.idle_workers_;
            }
            queue.finished_.fetch_add(1, std::memory_order_acq_rel);
            platform::wake_waiters(queue.finished_);
        } else if (queue.stopping_.load(std::memory_order_acquire)) {
            return;
        }
    }
}

}  // namespace pw::io
