// SPDX-License-Identifier: Apache-2.0
#include "channel/server/host_page_pair.h"

#include <cstring>

#include "base/check.h"
#include "channel/wait_policy.h"

namespace pw::channel {
namespace {

// At 0.1–5 µs a call, well within the time after which a slot counts as unused.
constexpr std::uint32_t renewal_period = 16;

}  // namespace

HostPagePair::HostPagePair(SpinSlots& slots)
    : request_page_(platform::SharedPage::create("partywall-request", platform::PeerAccess::read_write)),
      reply_page_(platform::SharedPage::create("partywall-reply", platform::PeerAccess::read_only)),
      spin_(slots) {
    if (!is_valid()) return;
    reply().header.processor.store(~0u, std::memory_order_relaxed);
    reply().header.may_spin.store(spin_.hold() ? 1 : 0, std::memory_order_relaxed);
}

void HostPagePair::close_descriptors() {
    request_page_.close_descriptor();
    reply_page_.close_descriptor();
}

void HostPagePair::interrupt() {
    calls_.fetch_or(interruption_bit, std::memory_order_release);
    platform::wake_private(calls_);
}

void HostPagePair::call_attention() {
    calls_.fetch_or(attention_bit, std::memory_order_release);
    platform::wake_private(calls_);
}

void HostPagePair::wait_for_request() {
    const WaitSide side{request().header.sequence, reply().header.host_sleeps, calls_};
    // A pair that shares a processor would only keep the other side from running.
    if (client_processor_ != platform::current_processor() && (spin_.holds() || spin_.hold())) {
        const SpinEnd end = spin_until_changed(side, seen_, spin_budget_ticks());
        if (end == SpinEnd::at_once) {
            // Reading the clock costs as much as a tenth of the round trip: renew now and then.
            if (++calls_since_renewal_ < renewal_period) return;
        }
        if (end != SpinEnd::budget_over) {
            calls_since_renewal_ = 0;
            // The slot may have gone to somebody else meanwhile; answer() tells the client.
            if (spin_.holds()) static_cast<void>(spin_.hold());
            return;
        }
    }
    spin_.release();
    sleep_until_changed(side, seen_);
}

HostPagePair::Next HostPagePair::next(Request* captured) {
    while (true) {
        if (calls_.load(std::memory_order_relaxed) == 0) [[likely]] wait_for_request();
        const std::uint32_t calls = calls_.load(std::memory_order_acquire);
        if (calls != 0) [[unlikely]] {
            if ((calls & interruption_bit) != 0) return Next::interrupted;
            calls_.fetch_and(~attention_bit, std::memory_order_relaxed);
            return Next::attention;
        }
        const std::uint32_t sequence = request().header.sequence.load(std::memory_order_acquire);
        if (sequence == seen_) continue;  // a call of attention that has been answered
        seen_ = sequence;
        capture(captured);
        return Next::request;
    }
}

void HostPagePair::capture(Request* captured) {
    const RequestHeader& header = request().header;
    captured->header.number = header.number.load(std::memory_order_relaxed);
    captured->header.in_bytes = header.in_bytes.load(std::memory_order_relaxed);
    captured->header.payload_bytes = header.payload_bytes.load(std::memory_order_relaxed);
    client_processor_ = header.processor.load(std::memory_order_relaxed);
    captured->is_valid = validate_header(captured->header);
    if (!captured->is_valid) return;
    if (captured->header.in_bytes != 0) std::memcpy(captured->in, request().body, captured->header.in_bytes);
    // The compiler may not go back to the page for what it has copied.
    __asm__ volatile("" : : "r"(captured->in) : "memory");
    captured->is_valid = validate_request(captured->header, captured->in);
    captured->payload = UntrustedBytes(request().body + payload_offset(captured->header.in_bytes),
                                           captured->header.payload_bytes);
}

void HostPagePair::answer(Status status, const void* out, std::uint32_t out_bytes, std::uint32_t payload_bytes,
                          std::uint64_t required_mapping, bool user_apc_due) {
    PW_CHECK(payload_offset(out_bytes) + payload_bytes <= reply_body_bytes);
    ReplyHeader& header = reply().header;
    const bool may_spin = spin_.holds() || spin_.hold();
    const std::uint32_t processor = platform::current_processor();
    // The client polls this cache line: store all of it in one go, the sequence last.
    if (out_bytes != 0) std::memcpy(reply().body, out, out_bytes);
    header.status.store(status.code(), std::memory_order_relaxed);
    header.required_mapping.store(required_mapping, std::memory_order_relaxed);
    header.out_bytes.store(out_bytes, std::memory_order_relaxed);
    header.payload_bytes.store(payload_bytes, std::memory_order_relaxed);
    header.processor.store(processor, std::memory_order_relaxed);
    header.may_spin.store(may_spin ? 1 : 0, std::memory_order_relaxed);
    header.flags.store(user_apc_due ? reply_user_apc_due : 0, std::memory_order_relaxed);
    publish(header.sequence, seen_, request().header.client_sleeps);
}

}  // namespace pw::channel
