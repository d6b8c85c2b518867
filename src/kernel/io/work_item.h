// SPDX-License-Identifier: Apache-2.0
// WorkItem and WorkQueue: routines that a driver queues at raised IRQL to run at PASSIVE_LEVEL in the System process.
#pragma once

#include <nt/io.h>

#include <atomic>
#include <new>
#include <vector>

#include "base/lock.h"
#include "base/status.h"
#include "kernel/io/device.h"
#include "kernel/processes/process_manager.h"

namespace pw::io {

// IO_WORKITEM: opaque to drivers, who allocate it with IoAllocateWorkItem or give the memory themselves.
class WorkItem {
public:
    // Null when memory is short. `owner`, a device or a driver, stays referenced while the item is queued, as documented.
    [[nodiscard]] static WorkItem* create(ob::Object* owner) { return new (std::nothrow) WorkItem(owner); }
    // IoInitializeWorkItem: in the driver's own memory of sizeof(WorkItem) bytes.
    static void initialize(void* memory, ob::Object* owner) { ::new (memory) WorkItem(owner); }
    // IoFreeWorkItem; the routine itself may call it. Bug check WORKER_INVALID when the item is queued.
    void destroy();
    // IoUninitializeWorkItem: the memory is the driver's again. Bug check WORKER_INVALID when the item is queued.
    void uninitialize();

    void set_routine(PIO_WORKITEM_ROUTINE routine, PVOID context) {
        routine_ = routine;
        routine_ex_ = nullptr;
        context_ = context;
    }
    void set_routine_ex(PIO_WORKITEM_ROUTINE_EX routine, PVOID context) {
        routine_ex_ = routine;
        context_ = context;
    }
    [[nodiscard]] bool is_queued() const { return queued_.load(std::memory_order_acquire); }
    [[nodiscard]] ob::Object* owner() const { return owner_; }
    // What the item will call, for reports.
    [[nodiscard]] const void* called_routine() const;

private:
    friend class WorkQueue;
    explicit WorkItem(ob::Object* owner) : owner_(owner) {}
    ~WorkItem() = default;
    void check_idle() const;

    ob::Object* const owner_;
    PIO_WORKITEM_ROUTINE routine_ = nullptr;
    PIO_WORKITEM_ROUTINE_EX routine_ex_ = nullptr;
    PVOID context_ = nullptr;
    std::atomic<bool> queued_{false};  // from queueing until the routine is about to be called
    WORK_QUEUE_ITEM item_ = {};
};

// Worker threads of one kernel. Items run in the order of their queueing. While there is room for another one, a worker
// that takes an item leaves an idle worker behind, so that an item that blocks delays nothing.
class WorkQueue {
public:
    WorkQueue(ke::Dispatcher& dispatcher, ps::ProcessManager& processes);
    ~WorkQueue();
    // ExQueueWorkItem: an item in the driver's own memory, which the routine may free or queue again. Bug check
    // WORKER_INVALID (0xE4) when the item is queued already. IRQL <= DISPATCH_LEVEL.
    void queue(WORK_QUEUE_ITEM& item);
    // The same for an item of IoAllocateWorkItem or IoInitializeWorkItem.
    void queue(WorkItem& item);
    // IoTryQueueWorkItem: false when it is queued already. The routine is set only where it is queued.
    [[nodiscard]] bool try_queue(WorkItem& item, PIO_WORKITEM_ROUTINE_EX routine, PVOID context);
    // Waits until no routine is queued or running that lies in [base, base + length_bytes): the image is about to go.
    // False: one was still there after `timeout_ns`; *routine says which.
    [[nodiscard]] bool wait_for_image(std::uint64_t base, std::uint64_t length_bytes, std::uint64_t timeout_ns,
                                      const void** routine);
    // Starts the first worker; at PASSIVE_LEVEL. Runs what is queued and ends them: stop().
    [[nodiscard]] Status start();
    void stop();

private:
    static constexpr std::size_t max_workers = 64;
    static void worker_main(PVOID context);
    static void run(PVOID item);
    [[nodiscard]] static const void* routine_of(const WORK_QUEUE_ITEM& item);
    [[nodiscard]] Status add_worker();
    void enqueue(WORK_QUEUE_ITEM& item);
    [[nodiscard]] const void* find_locked(std::uint64_t base, std::uint64_t length_bytes) const PW_REQUIRES(lock_);

    ke::Dispatcher& dispatcher_;
    ps::ProcessManager& processes_;
    mutable Mutex lock_{LockRank::cancel};  // below the dispatcher lock: queueing wakes a worker afterwards
    LIST_ENTRY items_ PW_GUARDED_BY(lock_);
    std::size_t idle_workers_ PW_GUARDED_BY(lock_) = 0;
    std::vector<Ref<ps::Thread>> workers_ PW_GUARDED_BY(lock_);
    std::vector<const void*> running_ PW_GUARDED_BY(lock_);  // what the workers are in, by routine
    KSEMAPHORE available_;
    std::atomic<std::uint32_t> finished_{0};  // counts routines that have returned; wait_for_image sleeps on it
    std::atomic<bool> stopping_{false};
};

}  // namespace pw::io
