// SPDX-License-Identifier: Apache-2.0
// Waiter: who waits on dispatcher objects through a set of wait blocks: a thread, or an observer that is called instead.
#pragma once

#include <nt/ke_types.h>

#include <atomic>
#include <cstdint>

namespace pw::ke {

class Dispatcher;
class Thread;
class WaitObserver;

// KWAIT_BLOCK.Thread of an enqueued block points to its Waiter. Everything but `word` is guarded by the dispatcher lock.
struct Waiter {
    KWAIT_BLOCK* blocks = nullptr;
    ULONG count = 0;
    WAIT_TYPE type = WaitAny;
    KPROCESSOR_MODE mode = KernelMode;
    bool alertable = false;
    bool queued = false;             // the blocks are in wait lists; status is not decided yet
    NTSTATUS status = 0;             // valid when no longer queued
    Thread* thread = nullptr;        // who becomes the owner of mutants; null: mutants cannot be acquired
    WaitObserver* observer = nullptr;  // called instead of waking `thread`
    Waiter* next_to_wake = nullptr;
    LIST_ENTRY* queue_entry = nullptr;  // what a thread that waits on a kernel queue got

    // 0: not waiting or done; 1: waiting; 2: asleep in the OS. Its change to 0 is the waker's last touch of the waiter.
    std::atomic<std::uint32_t> word{0};
};

// Is told that a wait is satisfied, under the dispatcher lock; what it does must be short, take only locks of a higher rank
// and never call back into the dispatcher. Once told, it is out of all wait lists. Example: completing an application's
// wait by writing its reply page.
class WaitObserver {
public:
    WaitObserver() = default;
    WaitObserver(const WaitObserver&) = delete;
    WaitObserver& operator=(const WaitObserver&) = delete;

    // status: STATUS_WAIT_0 + index, or STATUS_ABANDONED_WAIT_0 + index. At most once per start_observing().
    virtual void satisfied_locked(NTSTATUS status) = 0;

protected:
    virtual ~WaitObserver() = default;

private:
    friend class Dispatcher;
    Waiter waiter_;
};

}  // namespace pw::ke
