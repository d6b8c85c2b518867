// SPDX-License-Identifier: Apache-2.0
// PoolRequest: what the two families of flags (POOL_TYPE and POOL_FLAGS) ask of the pool.
#pragma once

#include <ntstatus.h>
#include <nt/ex.h>

#include "base/status.h"
#include "kernel/memory/pool.h"

namespace pw::mm {

struct PoolRequest {
    Status status;              // of the request itself
    std::uint32_t type = 0;     // 0: nonpaged, 1: paged
    PoolFill fill = PoolFill::pattern;
    bool cache_aligned = false;
    bool raises = false;        // on failure, instead of returning null
    // What is raised.
    [[nodiscard]] Status failure() const {
        return status.is_failure() ? status : Status(STATUS_INSUFFICIENT_RESOURCES);
    }
};

// POOL_TYPE with its modifiers. With quota a failure raises unless POOL_QUOTA_FAIL_INSTEAD_OF_RAISE is given.
[[nodiscard]] PoolRequest decode_pool_type(int pool_type, bool quota);
// POOL_FLAGS: zeroed unless POOL_FLAG_UNINITIALIZED. Exactly one kind of pool, a tag, and no required flag that is not
// known; a required extended parameter that is not known fails as well.
[[nodiscard]] PoolRequest decode_pool_flags(POOL_FLAGS flags, std::uint32_t tag,
                                            const POOL_EXTENDED_PARAMETER* parameters = nullptr,
                                            std::uint32_t count = 0);

}  // namespace pw::mm
