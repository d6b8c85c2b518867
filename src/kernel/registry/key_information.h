// SPDX-License-Identifier: Apache-2.0
// The structures that queries of keys and values answer with (KEY_…_INFORMATION, KEY_VALUE_…_INFORMATION), as bytes.
#pragma once

#include <pw_native_types.h>

#include <vector>

#include "kernel/registry/registry.h"

namespace pw::cm {

// An answer in full. Less than `fixed_bytes` of room is STATUS_BUFFER_TOO_SMALL, less than all of it STATUS_BUFFER_OVERFLOW, with
// as much as fits.
struct Information {
    std::vector<std::byte> bytes;
    std::size_t fixed_bytes = 0;

    [[nodiscard]] Status status_for(std::size_t room_bytes) const {
        if (room_bytes < fixed_bytes) return STATUS_BUFFER_TOO_SMALL;
        return room_bytes < bytes.size() ? Status(STATUS_BUFFER_OVERFLOW) : Status(STATUS_SUCCESS);
    }
};

// STATUS_INVALID_PARAMETER: no class that is known.
[[nodiscard]] Result<Information> key_information(const KeyFacts& facts, ULONG information_class);
[[nodiscard]] Result<Information> value_information(const KeyValue& value, ULONG information_class);

}  // namespace pw::cm
