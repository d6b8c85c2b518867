// SPDX-License-Identifier: Apache-2.0
// Façade: pool (ExAllocatePool*, ExFreePool*).
#include <nt/ex.h>

#include "exceptions/exceptions.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/pool_request.h"
#include "verifier/violation.h"
#include "wdk_api/current.h"

using namespace pw;

namespace {

constexpr ULONG untagged = 0x656e6f4e;  // "None"

KIRQL highest_for(std::uint32_t type) { return type == PagedPool ? APC_LEVEL : DISPATCH_LEVEL; }

// BAD_POOL_CALLER, which NT raises by itself; the verifier has a number of its own for each kind of pool.
[[gnu::cold, gnu::noinline, noreturn]] void stop_for_irql(ULONG_PTR kind, ULONG_PTR verifier_kind, std::uint32_t type, ULONG_PTR last) {
    constexpr ULONG bad_pool_caller = 0xC2;
    const bool is_verified = wdk::current_kernel().io().request_observer() != nullptr;
    const ULONG_PTR offset = is_verified && type != PagedPool ? 1 : 0;
    ke::bug_check(is_verified ? verifier::driver_verifier_detected_violation : bad_pool_caller,
                  is_verified ? verifier_kind + offset : kind, ke::current_irql(), type, last);
}

// Nothing with a destructor is alive when this raises.
PVOID allocate(const mm::PoolRequest& request, SIZE_T bytes, ULONG tag) {
    if (ke::current_irql() > highest_for(request.type)) [[unlikely]] stop_for_irql(0x8, 0x1, request.type, bytes);
    PVOID const block = request.status.is_success() ? wdk::memory_manager().pool().allocate(
                                                          bytes, tag, request.type, request.fill, request.cache_aligned)
                                                    : nullptr;
    if (block == nullptr && request.raises) pw_seh_raise_status(static_cast<std::uint32_t>(request.failure().code()));
    return block;
}

void free(PVOID block, ULONG tag) {
    mm::Pool& pool = wdk::memory_manager().pool();
    if (ke::current_irql() > APC_LEVEL) [[unlikely]] {
        const std::uint32_t type = pool.block_type(block);
        if (ke::current_irql() > highest_for(type)) stop_for_irql(0x9, 0x11, type, reinterpret_cast<ULONG_PTR>(block));
    }
    pool.free(block, tag);
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

void NTAPI ExFreePool(PVOID block) {
    free(block, 0);
}

void NTAPI ExFreePoolWithTag(PVOID block, ULONG tag) {
    free(block, tag);
}

void NTAPI ExFreePool2(PVOID block, ULONG tag, PCPOOL_EXTENDED_PARAMETER, ULONG) {
    free(block, tag);
}

}  // extern "C"
