// SPDX-License-Identifier: Apache-2.0
// For each system call what the channel must know of it: the sizes of its structs and its validator.
#pragma once

#include <cstdint>

#include "kernel/services/syscall.h"

namespace pw::channel {

struct CallShape {
    std::uint32_t in_bytes;   // 0 for a call without fields
    std::uint32_t out_bytes;
    bool (*in_ok)(const void* in, std::uint32_t payload_bytes);  // `in` is aligned for any struct
};

// Null for a number that names no call.
[[nodiscard]] const CallShape* call_shape(std::uint32_t number);

}  // namespace pw::channel
