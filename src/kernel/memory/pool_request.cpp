// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/pool_request.h"

namespace pw::mm {

PoolRequest decode_pool_type(int pool_type, bool quota) {
    PoolRequest request;
    request.type = static_cast<std::uint32_t>(pool_type) & PagedPool;
    request.cache_aligned = (pool_type & NonPagedPoolCacheAligned) != 0;
    if ((pool_type & POOL_ZERO_ALLOCATION) != 0) request.fill = PoolFill::zero;
    request.raises = (pool_type & POOL_RAISE_IF_ALLOCATION_FAILURE) != 0 ||
                     (quota && (pool_type & POOL_QUOTA_FAIL_INSTEAD_OF_RAISE) == 0);
    return request;
}

PoolRequest decode_pool_flags(POOL_FLAGS flags, std::uint32_t tag, const POOL_EXTENDED_PARAMETER* parameters,
                              std::uint32_t count) {
    constexpr POOL_FLAGS kinds = POOL_FLAG_NON_PAGED | POOL_FLAG_NON_PAGED_EXECUTE | POOL_FLAG_PAGED;
    constexpr POOL_FLAGS known = kinds | POOL_FLAG_USE_QUOTA | POOL_FLAG_UNINITIALIZED | POOL_FLAG_SESSION |
                                 POOL_FLAG_CACHE_ALIGNED | POOL_FLAG_RAISE_ON_FAILURE;
    constexpr POOL_FLAGS required = POOL_FLAG_REQUIRED_END | (POOL_FLAG_REQUIRED_END - 1);
    PoolRequest request;
    request.type = (flags & POOL_FLAG_PAGED) != 0 ? PagedPool : NonPagedPool;
    request.fill = (flags & POOL_FLAG_UNINITIALIZED) != 0 ? PoolFill::pattern : PoolFill::zero;
    request.cache_aligned = (flags & POOL_FLAG_CACHE_ALIGNED) != 0;
    request.raises = (flags & POOL_FLAG_RAISE_ON_FAILURE) != 0;
    const POOL_FLAGS kind = flags & kinds;
    const bool valid = kind != 0 && (kind & (kind - 1)) == 0 && (flags & required & ~known) == 0 && tag != 0;
    if (!valid) request.status = STATUS_INVALID_PARAMETER;
    for (std::uint32_t i = 0; i < count; ++i) {
        const bool is_hint = parameters[i].Type == PoolExtendedParameterPriority ||
                             parameters[i].Type == PoolExtendedParameterNumaNode;
        if (!is_hint && parameters[i].Optional == 0) request.status = STATUS_NOT_SUPPORTED;
    }
    return request;
}

}  // namespace pw::mm
