// SPDX-License-Identifier: Apache-2.0
// PinnedRequest: a thread's request that somebody else looks at, kept from being freed meanwhile.
#pragma once

#include <utility>
#include <vector>

#include "kernel/io/request.h"

namespace pw::io {

// Released soon: the owner waits for it with its request done.
class PinnedRequest {
public:
    // `slot`: where the pin was taken; null: the request's own count.
    PinnedRequest(Request& request, ps::PinnedSlot* slot) : request_(&request), slot_(slot) {
        if (!slot_) request_->cancel_pins.fetch_add(1, std::memory_order_relaxed);
    }
    PinnedRequest(PinnedRequest&& other) noexcept : request_(std::exchange(other.request_, nullptr)), slot_(other.slot_) {}
    PinnedRequest& operator=(PinnedRequest&&) = delete;
    ~PinnedRequest() {
        if (!request_) return;
        if (slot_) {
            slot_->unpin();
        } else {
            request_->cancel_pins.fetch_sub(1, std::memory_order_release);
        }
    }
    [[nodiscard]] PIRP irp() const { return request_->irp(); }

private:
    Request* request_;
    ps::PinnedSlot* slot_;
};

// The thread's requests that `wanted` takes: the synchronous one first, then the others in the order of issue. `wanted` may
// run under the lock of the thread's list.
template <typename Wanted>
std::vector<PinnedRequest> pin_requests(ps::Thread& thread, Wanted wanted) {
    std::vector<PinnedRequest> pinned;
    if (void* issued = thread.issued_request.try_pin()) {
        PinnedRequest request(*static_cast<Request*>(issued), &thread.issued_request);
        if (wanted(*static_cast<Request*>(issued))) pinned.push_back(std::move(request));
    }
    MutexLock lock(thread.irp_lock);
    for (PLIST_ENTRY link = thread.irp_list.Flink; link != &thread.irp_list; link = link->Flink) {
        Request& request = *Request::of(CONTAINING_RECORD(link, IRP, ThreadListEntry));
        if (wanted(request)) pinned.emplace_back(request, nullptr);
    }
    return pinned;
}

}  // namespace pw::io
