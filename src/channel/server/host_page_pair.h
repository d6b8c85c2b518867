// SPDX-License-Identifier: Apache-2.0
// HostPagePair: the host's end of one client thread's request and reply page.
#pragma once

#include <cstddef>
#include <cstdint>

#include "channel/server/spin_slots.h"
#include "channel/wire/wire.h"
#include "channel/wire/wire_validate.h"
#include "base/status.h"
#include "base/untrusted_bytes.h"
#include "kernel/services/syscall.h"
#include "platform/shared_page.h"

namespace pw::channel {

// One service thread uses it; interrupt() may come from any thread.
class HostPagePair {
public:
    // Null pages (is_valid() false) when the system is out of memory or descriptors.
    explicit HostPagePair(SpinSlots& slots);

    [[nodiscard]] bool is_valid() const { return request_page_ && reply_page_; }
    // Descriptors for the client: the request page writable, the reply page read-only and sealed.
    [[nodiscard]] int request_descriptor() const { return request_page_.descriptor().get(); }
    [[nodiscard]] int reply_descriptor() const { return reply_page_.descriptor().get(); }
    void close_descriptors();

    // Ends the service thread's waits for good.
    void interrupt();
    // Makes next() return `attention` once, now or when it is called next. Any thread.
    void call_attention();

    // A request, captured: the client can no longer change what is in here, except the payload.
    struct Request {
        CapturedHeader header;
        bool is_valid = false;  // header and In struct keep the rules
        alignas(16) std::byte in[nt::max_call_struct_bytes];
        UntrustedBytes payload;
    };

    // Waits for the next request and captures it.
    enum class Next { request, attention, interrupted };
    [[nodiscard]] Next next(Request* request);
    // Where a reply's payload goes, behind an Out struct of so many bytes.
    [[nodiscard]] std::byte* reply_payload(std::uint32_t out_bytes) { return reply().body + payload_offset(out_bytes); }
    // Answers the request that next() gave.
    void answer(Status status, const void* out, std::uint32_t out_bytes, std::uint32_t payload_bytes,
                std::uint64_t required_mapping, bool user_apc_due = false);

private:
    [[nodiscard]] RequestPage& request() const { return *reinterpret_cast<RequestPage*>(request_page_.data()); }
    [[nodiscard]] ReplyPage& reply() const { return *reinterpret_cast<ReplyPage*>(reply_page_.data()); }
    void capture(Request* captured);
    void wait_for_request();

    platform::SharedPage request_page_;
    platform::SharedPage reply_page_;
    SpinSlots::Holder spin_;
    std::uint32_t seen_ = 0;              // sequence of the newest request
    std::uint32_t calls_since_renewal_ = 0;
    std::uint32_t client_processor_ = ~0u;  // as the newest request said
    // 0, or bits: what the service thread is to look at beside requests.
    static constexpr std::uint32_t interruption_bit = 1;
    static constexpr std::uint32_t attention_bit = 2;
    alignas(64) platform::SharedWord calls_{0};
};

}  // namespace pw::channel
