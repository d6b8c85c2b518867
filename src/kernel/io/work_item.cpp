// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/work_item.h"

#include "kernel/dispatcher/bug_check.h"

namespace pw::io {
namespace {

constexpr ULONG worker_invalid = 0xE4;

}  // namespace

WorkQueue::WorkQueue(ke::Dispatcher& dispatcher, ps::ProcessManager& processes)
    : dispatcher_(dispatcher), processes_(processes) {
    InitializeListHead(&items_);
    ke::Dispatcher::initialize_semaphore(available_, 0, MAXLONG);
}

WorkQueue::~WorkQueue() = default;

Status WorkQueue::start() {
    for (Ref<ps::Thread>& worker : workers_) {
        PW_TRY_ASSIGN(worker, processes_.create_system_thread(processes_.system_process(), worker_main, this));
    }
    return STATUS_SUCCESS;
}

void WorkQueue::stop() {
    stopping_.store(true, std::memory_order_release);
    dispatcher_.release_semaphore(available_, worker_count, nullptr).ignore();
    for (Ref<ps::Thread>& worker : workers_) {
        if (worker) dispatcher_.wait(worker->nt()->Header, KernelMode, false, nullptr).ignore();
        worker.reset();
    }
}

void WorkQueue::queue(WORK_QUEUE_ITEM& item) {
    bool is_queued = false;
    {
        MutexLock lock(lock_);
        // ExInitializeWorkItem clears the link; it is set while the item waits.
        is_queued = item.List.Flink != nullptr;
        if (!is_queued) InsertTailList(&items_, &item.List);
    }
    if (is_queued) ke::bug_check(worker_invalid, 0x1, reinterpret_cast<ULONG_PTR>(&item), 0, 0);
    dispatcher_.release_semaphore(available_, 1, nullptr).ignore();  // the limit is beyond any number of items
}

void WorkQueue::queue(WorkItem& item) {
    if (item.device_) item.device_->add_ref();
    item.item_.WorkerRoutine = run;
    item.item_.Parameter = &item;
    queue(item.item_);
}

void WorkQueue::run(PVOID parameter) {
    // The routine may free or queue the item again: nothing of it is used afterwards.
    auto& item = *static_cast<WorkItem*>(parameter);
    DeviceObject* device = item.device_;
    const PIO_WORKITEM_ROUTINE routine = item.routine_;
    const PIO_WORKITEM_ROUTINE_EX routine_ex = item.routine_ex_;
    const PVOID context = item.context_;
    if (routine_ex) {
        routine_ex(device ? device->nt() : nullptr, context, reinterpret_cast<PIO_WORKITEM>(&item));
    } else {
        routine(device ? device->nt() : nullptr, context);
    }
    if (device) device->release();
}

void WorkQueue::worker_main(PVOID context) {
    auto& queue = *static_cast<WorkQueue*>(context);
    while (true) {
        queue.dispatcher_.wait(queue.available_.Header, KernelMode, false, nullptr).ignore();
        WORK_QUEUE_ITEM* item = nullptr;
        {
            MutexLock lock(queue.lock_);
            if (!IsListEmpty(&queue.items_)) {
                item = CONTAINING_RECORD(RemoveHeadList(&queue.items_), WORK_QUEUE_ITEM, List);
                item->List.Flink = nullptr;
            }
        }
        if (item) {
            item->WorkerRoutine(item->Parameter);
        } else if (queue.stopping_.load(std::memory_order_acquire)) {
            return;
        }
    }
}

}  // namespace pw::io
