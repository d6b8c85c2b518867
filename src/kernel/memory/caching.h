// SPDX-License-Identifier: Apache-2.0
// Caching types: without effect on memory here, but two that exclude each other are refused, as the documentation demands.
#pragma once

#include <nt/mm_types.h>

#include <cstdint>

namespace pw::mm {

enum class CachingClass : std::uint8_t { uncached, cached, write_combined };

// Precondition: below MmMaximumCacheType.
[[nodiscard]] constexpr CachingClass caching_class(MEMORY_CACHING_TYPE caching) {
    switch (caching) {
        case MmNonCached:
        case MmNonCachedUnordered: return CachingClass::uncached;
        case MmWriteCombined: return CachingClass::write_combined;
        default: return CachingClass::cached;
    }
}
// Of FrameInfo::caching.
[[nodiscard]] constexpr CachingClass caching_class_of_frame(std::uint8_t caching) {
    return caching == 0 ? CachingClass::cached : caching_class(static_cast<MEMORY_CACHING_TYPE>(caching - 1));
}

}  // namespace pw::mm
