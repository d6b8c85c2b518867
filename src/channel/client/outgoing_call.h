// SPDX-License-Identifier: Apache-2.0
// OutgoingCall: one system call as the application's side makes it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/services/syscall.h"

namespace pw::channel {

// The payload has been built where the transport said (payload_room). The reply's payload stays readable until the calling
// thread's next call.
struct OutgoingCall {
    nt::CallNumber number = nt::CallNumber::count;
    const void* in = nullptr;
    std::uint32_t in_bytes = 0;  // 0 for a call without fields
    std::uint32_t payload_bytes = 0;
    void* out = nullptr;  // filled in, whatever the status
    std::uint32_t out_bytes = 0;
    const std::byte* reply_payload = nullptr;  // set by the transport
    std::uint32_t reply_payload_bytes = 0;     // set by the transport
    bool user_apc_due = false;                 // set by the transport: take user APCs before going on
};

}  // namespace pw::channel
