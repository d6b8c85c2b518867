// SPDX-License-Identifier: Apache-2.0
#include "channel/client/client_page_pair.h"

#include <algorithm>
#include <cstring>

#include "base/tsan.h"
#include "channel/wait_policy.h"

namespace pw::channel {

std::span<std::byte> ClientPagePair::payload_room(std::uint32_t in_bytes) {
    return std::span(request().body).subspan(payload_offset(in_bytes));
}

void ClientPagePair::post(std::uint32_t number, std::uint32_t in_bytes, std::uint32_t payload_bytes,
                          std::uint32_t processor) {
    RequestHeader& header = request().header;
    header.number.store(number, std::memory_order_relaxed);
    header.in_bytes.store(in_bytes, std::memory_order_relaxed);
    header.payload_bytes.store(payload_bytes, std::memory_order_relaxed);
    header.processor.store(processor, std::memory_order_relaxed);
    publish(header.sequence, ++sequence_, reply().header.host_sleeps);
}

void ClientPagePair::post_detach() { post(detach_call_number, 0, 0, ~0u); }

bool ClientPagePair::call(OutgoingCall& call, Status* status, std::uint64_t* required_mapping) {
    if (broken_.load(std::memory_order_relaxed) != 0) return false;
    const ReplyHeader& header = reply().header;
    const std::uint32_t processor = platform::current_processor();
    const bool may_spin = header.may_spin.load(std::memory_order_relaxed) != 0 &&
                          header.processor.load(std::memory_order_relaxed) != processor;
    if (call.in_bytes != 0) std::memcpy(request().body, call.in, call.in_bytes);
    const std::uint32_t before = sequence_;
    // Calls order the threads of a process through the host, where the sanitizer does not see it.
    tsan_release(&broken_);
    post(static_cast<std::uint32_t>(call.number), call.in_bytes, call.payload_bytes, processor);
    const WaitSide side{header.sequence, request().header.client_sleeps, broken_};
    if (wait_for_change(side, before, may_spin) != WaitEnd::changed) return false;
    tsan_acquire(&broken_);

    *status = Status(header.status.load(std::memory_order_relaxed));
    *required_mapping = header.required_mapping.load(std::memory_order_relaxed);
    call.user_apc_due = (header.flags.load(std::memory_order_relaxed) & reply_user_apc_due) != 0;
    // A refused request comes back without an Out struct.
    const std::uint32_t out_bytes = std::min(header.out_bytes.load(std::memory_order_relaxed), call.out_bytes);
    if (call.out_bytes != 0) {
        std::memcpy(call.out, reply().body, out_bytes);
        std::memset(static_cast<std::byte*>(call.out) + out_bytes, 0, call.out_bytes - out_bytes);
    }
    const std::uint32_t offset = payload_offset(out_bytes);
    call.reply_payload = reply().body + offset;
    call.reply_payload_bytes = std::min(header.payload_bytes.load(std::memory_order_relaxed),
                                        static_cast<std::uint32_t>(reply_body_bytes) - offset);
    return true;
}

}  // namespace pw::channel
