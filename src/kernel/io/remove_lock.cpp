// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/remove_lock.h"

#include <cstring>

#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

// What an IO_REMOVE_LOCK of a checked driver (PW_DBG) holds behind the common block; documented as opaque.
struct CheckedLock {
    IO_REMOVE_LOCK_COMMON_BLOCK common;
    IO_REMOVE_LOCK_DBG_BLOCK debug;
};

ke::Dispatcher& dispatcher() { return ke::Thread::current()->dispatcher(); }

bool is_checked(ULONG lock_bytes) { return lock_bytes >= sizeof(CheckedLock); }

LONG add(IO_REMOVE_LOCK& lock, LONG amount) { return __atomic_add_fetch(&lock.Common.IoCount, amount, __ATOMIC_SEQ_CST); }

bool is_removed(IO_REMOVE_LOCK& lock) { return __atomic_load_n(&lock.Common.Removed, __ATOMIC_SEQ_CST) != FALSE; }

}  // namespace

void initialize_remove_lock(IO_REMOVE_LOCK& lock, ULONG lock_bytes, ULONG high_watermark) {
    std::memset(static_cast<void*>(&lock), 0, lock_bytes);
    lock.Common.IoCount = 1;  // the lock's own; goes with the removal
    ke::Dispatcher::initialize_event(lock.Common.RemoveEvent, SynchronizationEvent, false);
    if (is_checked(lock_bytes)) reinterpret_cast<CheckedLock&>(lock).debug.HighWatermark = high_watermark;
}

Status acquire_remove_lock(IO_REMOVE_LOCK& lock, ULONG lock_bytes, IoDiagnostics& diagnostics) {
    const LONG count = add(lock, 1);
    // The count first, then the flag: the removal sets the flag first and waits for the count.
    if (is_removed(lock)) {
        if (add(lock, -1) == 0) dispatcher().set_event(lock.Common.RemoveEvent);
        return STATUS_DELETE_PENDING;
    }
    if (is_checked(lock_bytes)) {
        const ULONG limit = reinterpret_cast<CheckedLock&>(lock).debug.HighWatermark;
        if (limit != 0 && count - 1 > static_cast<LONG>(limit)) {
            diagnostics.report({}, "a remove lock is held more often than its HighWatermark allows; is a release missing?");
        }
    }
    return STATUS_SUCCESS;
}

void release_remove_lock(IO_REMOVE_LOCK& lock, IoDiagnostics& diagnostics) {
    const LONG left = add(lock, -1);
    if (left > 0) return;
    if (left < 0 || !is_removed(lock)) {
        add(lock, 1);
        diagnostics.report({}, "a remove lock was released more often than it was acquired");
        return;
    }
    dispatcher().set_event(lock.Common.RemoveEvent);
}

void release_remove_lock_and_wait(IO_REMOVE_LOCK& lock, IoDiagnostics& diagnostics) {
    if (__atomic_exchange_n(&lock.Common.Removed, TRUE, __ATOMIC_SEQ_CST) != FALSE) {
        diagnostics.report({}, "IoReleaseRemoveLockAndWait was called twice for one remove lock");
        return;
    }
    if (add(lock, -1) <= 0) {
        add(lock, 1);
        diagnostics.report({}, "IoReleaseRemoveLockAndWait was called without an acquisition of the caller's own");
    }
    if (add(lock, -1) > 0) dispatcher().wait(lock.Common.RemoveEvent.Header, KernelMode, false, nullptr).ignore();
}

}  // namespace pw::io
