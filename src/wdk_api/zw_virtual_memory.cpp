// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines of virtual memory that is there: protection, questions, flushing, locking.
#include <nt/zw.h>

#include "kernel/services/section_services.h"
#include "kernel/services/virtual_memory_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::kernel_caller;

namespace {

std::uint64_t value_of(HANDLE handle) { return reinterpret_cast<std::uint64_t>(handle); }

// The in/out pair that these calls share.
struct Region {
    PVOID* base_target;
    PSIZE_T bytes_target;
    std::uint64_t base = reinterpret_cast<std::uint64_t>(*base_target);
    std::uint64_t bytes = *bytes_target;

    NTSTATUS finish(Status status) const {
        if (status.is_success()) {
            *base_target = reinterpret_cast<PVOID>(base);
            *bytes_target = bytes;
        }
        return status.code();
    }
};

}  // namespace

extern "C" {

NTSTATUS NTAPI ZwProtectVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, ULONG protection, PULONG old) {
    PW_IRQL_LIMIT(ZwProtectVirtualMemory);
    Region region{base, region_bytes};
    std::uint32_t old_protection = 0;
    const Status status = nt::protect_virtual_memory(kernel_caller(), value_of(process), &region.base, &region.bytes,
                                                     protection, &old_protection);
    if (status.is_success()) *old = old_protection;
    return region.finish(status);
}

NTSTATUS NTAPI ZwQueryVirtualMemory(HANDLE process, PVOID address, MEMORY_INFORMATION_CLASS information_class,
                                    PVOID information, SIZE_T length, PSIZE_T returned) {
    PW_IRQL_LIMIT(ZwQueryVirtualMemory);
    if (information_class != MemoryBasicInformation) return STATUS_INVALID_INFO_CLASS;
    if (length < sizeof(MEMORY_BASIC_INFORMATION)) return STATUS_INFO_LENGTH_MISMATCH;
    auto region = nt::query_virtual_memory(kernel_caller(), value_of(process), reinterpret_cast<std::uint64_t>(address));
    if (!region) return region.status().code();
    auto* const basic = static_cast<PMEMORY_BASIC_INFORMATION>(information);
    *basic = {};
    basic->BaseAddress = reinterpret_cast<PVOID>(region->base_address);
    basic->AllocationBase = reinterpret_cast<PVOID>(region->allocation_base);
    basic->AllocationProtect = region->allocation_protection;
    basic->RegionSize = region->region_bytes;
    basic->State = region->state;
    basic->Protect = region->protection;
    basic->Type = region->type;
    if (returned) *returned = sizeof(MEMORY_BASIC_INFORMATION);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwFlushVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, PIO_STATUS_BLOCK block) {
    PW_IRQL_LIMIT(ZwFlushVirtualMemory);
    Region region{base, region_bytes};
    const Status status = nt::flush_virtual_memory(kernel_caller(), value_of(process), &region.base, &region.bytes);
    block->Status = status.code();
    block->Information = 0;
    return region.finish(status);
}

NTSTATUS NTAPI ZwLockVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, ULONG map_type) {
    PW_IRQL_LIMIT(ZwLockVirtualMemory);
    Region region{base, region_bytes};
    return region.finish(nt::lock_virtual_memory(kernel_caller(), value_of(process), &region.base, &region.bytes, map_type));
}

NTSTATUS NTAPI ZwUnlockVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, ULONG map_type) {
    PW_IRQL_LIMIT(ZwUnlockVirtualMemory);
    Region region{base, region_bytes};
    return region.finish(nt::unlock_virtual_memory(kernel_caller(), value_of(process), &region.base, &region.bytes, map_type));
}

}  // extern "C"
