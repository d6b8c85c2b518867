// SPDX-License-Identifier: Apache-2.0
// WorkItem and WorkQueue: routines that a driver queues at raised IRQL to run at PASSIVE_LEVEL in the System process.
#pragma once

#include <nt/io.h>

#include <atomic>

#include "base/lock.h"
#include "base/status.h"
#include "kernel/io/device.h"
#include "kernel/processes/process_manager.h"

namespace pw::io {

class WorkItem {
public:
    // Null when memory is short. `device` stays referenced while the item is queued, as documented.
    [[nodiscard]] static WorkItem* create(DeviceObject* device) { return new (std::nothrow) WorkItem(device); }
    // IoFreeWorkItem; the routine itself may call it.
    void destroy() { delete this; }
    void set_routine(PIO_WORKITEM_ROUTINE routine, PVOID context) {
        routine_ = routine;
        routine_ex_ = nullptr;
        context_ = context;
    }
    void set_routine_ex(PIO_WORKITEM_ROUTINE_EX routine, PVOID context) {
        routine_ex_ = routine;
        context_ = context;
    }

private:
    friend class WorkQueue;
    explicit WorkItem(DeviceObject* device) : device_(device) {}
    ~WorkItem() = default;

    DeviceObject* const device_;
    PIO_WORKITEM_ROUTINE routine_ = nullptr;
    PIO_WORKITEM_ROUTINE_EX routine_ex_ = nullptr;
    PVOID context_ = nullptr;
    WORK_QUEUE_ITEM item_ = {};
};

// Worker threads of one kernel; the first starts with the first item. Items run in the order of their queueing; an item
// that blocks delays at most its own worker.
class WorkQueue {
public:
    WorkQueue(ke::Dispatcher& dispatcher, ps::ProcessManager& processes);
    ~WorkQueue();
    // ExQueueWorkItem: an item in the driver's own memory, which the routine may free or queue again. Bug check
    // WORKER_INVALID (0xE4) when the item is queued already. IRQL <= DISPATCH_LEVEL.
    void queue(WORK_QUEUE_ITEM& item);
    // The same for an item of IoAllocateWorkItem.
    void queue(WorkItem& item);
    // Starts the workers; at PASSIVE_LEVEL. Runs what is queued and ends them: stop().
    [[nodiscard]] Status start();
    void stop();

private:
    static constexpr int worker_count = 2;
    static void worker_main(PVOID context);
    static void run(PVOID item);

    ke::Dispatcher& dispatcher_;
    ps::ProcessManager& processes_;
    Mutex lock_{LockRank::cancel};  // below the dispatcher lock: queueing wakes a worker afterwards
    LIST_ENTRY items_ PW_GUARDED_BY(lock_);
    KSEMAPHORE available_;
    std::atomic<bool> stopping_{false};
    Ref<ps::Thread> workers_[worker_count];
};

}  // namespace pw::io
