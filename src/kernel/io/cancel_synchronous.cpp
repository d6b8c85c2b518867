// SPDX-License-Identifier: Apache-2.0
// CancelSynchronousIo: the request that a thread waits for in its system call.
#include "kernel/io/io_manager.h"
#include "kernel/io/pinned_request.h"

namespace pw::io {

Status IoManager::cancel_synchronous_requests(ps::Thread& thread, std::uint64_t status_block) {
    bool found = false;
    const auto is_wanted = [&](Request& request) {
        return request.kind == RequestKind::user && request.is_synchronous &&
               (status_block == 0 || request.user_status_block == status_block);
    };
    for (const PinnedRequest& pinned : pin_requests(thread, is_wanted)) {
        found = true;
        cancel_irp(pinned.irp());
    }
    return found ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

}  // namespace pw::io
