// SPDX-License-Identifier: Apache-2.0
// Façade: pool (ExAllocatePool*, ExFreePool*).
#include <nt/ex.h>

#include "exceptions/exceptions.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/pool_request.h"
#include "wdk_api/current.h"

using namespace pw;

namespace {

constexpr ULONG untagged = 0x656e6f4e;  // "None"

// Nothing with a destructor is alive when this raises.
PVOID allocate(const mm::PoolRequest& request, SIZE_T bytes, ULONG tag) {
    PVOID const block = request.status.is_success() ? wdk::memory_manager().pool().allocate(
                                                          bytes, tag, request.type, request.fill, request.cache_aligned)
                                                    : nullptr;
    if (block == nullptr && request.raises) pw_seh_raise_status(static_cast<std::uint32_t>(request.failure().code()));
    return block;
}

}  // namespace

extern "C" {

PVOID NTAPI ExAllocatePool(POOL_TYPE type, SIZE_T bytes) {
    return allocate(mm::decode_pool_type(type, false), bytes, untagged);
}

PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T bytes, ULONG tag) {
    return allocate(mm::decode_pool_type(type, false), bytes, tag);
}

PVOID NTAPI ExAllocatePoolWithTagPriority(POOL_TYPE type, SIZE_T bytes, ULONG tag, EX_POOL_PRIORITY) {
    return allocate(mm::decode_pool_type(type, false), bytes, tag);
}

PVOID NTAPI ExAllocatePoolWithQuota(POOL_TYPE type, SIZE_T bytes) {
    return allocate(mm::decode_pool_type(type, true), bytes, untagged);
}

PVOID NTAPI ExAllocatePoolWithQuotaTag(POOL_TYPE type, SIZE_T bytes, ULONG tag) {
    return allocate(mm::decode_pool_type(type, true), bytes, tag);
}

PVOID NTAPI ExAllocatePool2(POOL_FLAGS flags, SIZE_T bytes, ULONG tag) {
    return allocate(mm::decode_pool_flags(flags, tag), bytes, tag);
}

PVOID NTAPI ExAllocatePool3(POOL_FLAGS flags, SIZE_T bytes, ULONG tag, PCPOOL_EXTENDED_PARAMETER parameters, ULONG count) {
    return allocate(mm::decode_pool_flags(flags, tag, parameters, count), bytes, tag);
}

void NTAPI ExFreePool(PVOID block) { wdk::memory_manager().pool().free(block, 0); }

void NTAPI ExFreePoolWithTag(PVOID block, ULONG tag) { wdk::memory_manager().pool().free(block, tag); }

void NTAPI ExFreePool2(PVOID block, ULONG tag, PCPOOL_EXTENDED_PARAMETER, ULONG) {
    wdk::memory_manager().pool().free(block, tag);
}

}  // extern "C"
