// SPDX-License-Identifier: Apache-2.0
// ClientPagePair: the client's end of one thread's request and reply page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/status.h"
#include "channel/client/outgoing_call.h"
#include "channel/wire/wire.h"
#include "platform/shared_page.h"

namespace pw::channel {

// Its thread alone uses it.
class ClientPagePair {
public:
    // `broken`: leaves 0 when the host is gone; outlives the pair.
    ClientPagePair(platform::SharedPage request, platform::SharedPage reply, const platform::SharedWord& broken)
        : request_page_(std::move(request)), reply_page_(std::move(reply)), broken_(broken) {}

    // Where the payload of the next call is to be built, given its In struct's size.
    [[nodiscard]] std::span<std::byte> payload_room(std::uint32_t in_bytes);
    // Posts the call and waits for the reply. False when the host is gone. *required_mapping: apply mappings up to there.
    [[nodiscard]] bool call(OutgoingCall& call, Status* status, std::uint64_t* required_mapping);
    // Tells the host that the thread ends; no reply follows.
    void post_detach();

private:
    [[nodiscard]] RequestPage& request() const { return *reinterpret_cast<RequestPage*>(request_page_.data()); }
    [[nodiscard]] const ReplyPage& reply() const { return *reinterpret_cast<const ReplyPage*>(reply_page_.data()); }
    void post(std::uint32_t number, std::uint32_t in_bytes, std::uint32_t payload_bytes, std::uint32_t processor);

    platform::SharedPage request_page_;
    platform::SharedPage reply_page_;
    const platform::SharedWord& broken_;
    std::uint32_t sequence_ = 0;
};

}  // namespace pw::channel
