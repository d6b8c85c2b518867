// SPDX-License-Identifier: Apache-2.0
// _EX_TIMER: a timer that the kernel allocates for a driver (ExAllocateTimer), with a callback instead of a DPC.
#pragma once

#include <nt/ex_types.h>

#include <atomic>

#include "kernel/dispatcher/dispatcher.h"

// What drivers know as PEX_TIMER. Waitable: the KTIMER stands first.
struct _EX_TIMER final {
    KTIMER timer;

    // Null when an attribute is unknown. IRQL <= DISPATCH_LEVEL.
    [[nodiscard]] static _EX_TIMER* create(pw::ke::Dispatcher& dispatcher, PEXT_CALLBACK callback, void* context, ULONG attributes);
    // period_100ns 0: once. Returns whether the timer was set already. A timer that is being deleted is not set.
    bool set(LONGLONG due_time, LONGLONG period_100ns);
    // Returns whether the timer was set.
    bool cancel();
    // cancel: a set timer does not expire any more; without it a timer that expires once does so first. wait (with cancel,
    // IRQL <= APC_LEVEL): the timer is gone, and its callback not running, when this returns. deleted may be null: called
    // when the timer is gone. Returns whether a set timer was cancelled.
    bool remove(bool cancel, bool wait, PEXT_DELETE_CALLBACK deleted, void* context);

private:
    _EX_TIMER(pw::ke::Dispatcher& dispatcher, PEXT_CALLBACK callback, void* context, TIMER_TYPE type);
    ~_EX_TIMER() = default;
    static void expired(KDPC* dpc, void* timer, void*, void*);
    static void finish(KDPC* dpc, void* timer, void*, void*);
    void finish_soon();
    void release();

    pw::ke::Dispatcher& dispatcher_;
    const PEXT_CALLBACK callback_;
    void* const context_;
    KDPC dpc_;
    KDPC finish_dpc_;  // threaded: waits until no DPC of the timer is under way, then ends it
    std::atomic<bool> deleting_{false};
    std::atomic<bool> finish_on_expiry_{false};
    std::atomic<bool> finishing_{false};
    std::atomic<int> owners_{1};  // and remove(), while it looks at a timer that may expire and end meanwhile
    PEXT_DELETE_CALLBACK deleted_ = nullptr;  // these two are written before finish_on_expiry_ and finishing_
    void* deleted_context_ = nullptr;
};
