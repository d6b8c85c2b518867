// SPDX-License-Identifier: Apache-2.0
// Results that a routine allocates for the driver, which frees them with ExFreePool.
#pragma once

#include <cstring>
#include <span>

#include "wdk_api/current.h"

namespace pw::wdk {

inline constexpr ULONG security_tag = 0x65537750;  // 'PwSe'

// A copy in paged pool; null when there is none. IRQL <= APC_LEVEL.
[[nodiscard]] inline PVOID copy_to_pool(std::span<const std::byte> bytes, ULONG tag = security_tag) {
    PVOID const block = memory_manager().pool().allocate(bytes.size(), tag, PagedPool, mm::PoolFill::none);
    if (block) std::memcpy(block, bytes.data(), bytes.size());
    return block;
}

}  // namespace pw::wdk
