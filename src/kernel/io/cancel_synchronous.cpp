// SPDX-License-Identifier: Apache-2.0
// CancelSynchronousIo: the request that a thread waits for in its system call.
#include "kernel/io/io_manager.h"

namespace pw::io {

Status IoManager::cancel_synchronous_requests(ps::Thread& thread, std::uint64_t status_block) {
    PIRP found = nullptr;
    {
        MutexLock lock(thread.irp_lock);
        // The newest first: a driver's own synchronous calls stand behind the application's.
        for (PLIST_ENTRY link = thread.irp_list.Blink; link != &thread.irp_list && !found; link = link->Blink) {
            PIRP irp = CONTAINING_RECORD(link, IRP, ThreadListEntry);
            Request* request = Request::of(irp);
            if (request->kind != RequestKind::user || !request->is_synchronous) continue;
            if (status_block != 0 && request->user_status_block != status_block) continue;
            request->cancel_pins.fetch_add(1, std::memory_order_relaxed);
            found = irp;
        }
    }
    if (!found) return STATUS_NOT_FOUND;
    cancel_irp(found);
    Request::of(found)->cancel_pins.fetch_sub(1, std::memory_order_release);
    return STATUS_SUCCESS;
}

}  // namespace pw::io
