// SPDX-License-Identifier: Apache-2.0
// Façade: MDLs of other processes and of selected pages, mappings at reserved addresses, MmMapMdl.
#include <nt/mm.h>

#include "exceptions/exceptions.h"
#include "kernel/memory/mdl.h"
#include "kernel/memory/memory_manager.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::memory_manager;

namespace {

mm::Mdls& mdls() { return memory_manager().mdls(); }

// Nothing with a destructor is alive when this raises.
void raise_failure(std::int32_t status) {
    if (status < 0) pw_seh_raise_status(static_cast<std::uint32_t>(status));
}

std::int32_t lock_process_pages(PMDL mdl, PEPROCESS process, KPROCESSOR_MODE mode, LOCK_OPERATION operation) {
    const Ref<mm::AddressSpace> space = memory_manager().address_space_of(process);
    if (!space) return STATUS_PROCESS_IS_TERMINATING;
    return mdls().probe_and_lock(mdl, mode, operation, space.get()).code();
}

}  // namespace

extern "C" {

void NTAPI MmProbeAndLockProcessPages(PMDL mdl, PEPROCESS process, KPROCESSOR_MODE mode, LOCK_OPERATION operation) {
    PW_IRQL_LIMIT(MmProbeAndLockProcessPages);
    raise_failure(lock_process_pages(mdl, process, mode, operation));
}

void NTAPI MmProbeAndLockSelectedPages(PMDL mdl, LARGE_INTEGER pages[], KPROCESSOR_MODE mode, LOCK_OPERATION operation) {
    PW_IRQL_LIMIT(MmProbeAndLockSelectedPages);
    raise_failure(mdls().probe_and_lock_selected(mdl, pages, mode, operation, wdk::current_address_space()).code());
}

PVOID NTAPI MmAllocateMappingAddress(SIZE_T bytes, ULONG tag) {
    PW_IRQL_LIMIT(MmAllocateMappingAddress);
    return mdls().allocate_mapping_address(bytes, tag);
}

PVOID NTAPI MmAllocateMappingAddressEx(SIZE_T bytes, ULONG tag, ULONG flags) {
    PW_IRQL_LIMIT(MmAllocateMappingAddressEx);
    constexpr ULONG divisible = 0x1;  // MM_MAPPING_ADDRESS_DIVISIBLE
    return (flags & ~divisible) != 0 ? nullptr : mdls().allocate_mapping_address(bytes, tag);
}

void NTAPI MmFreeMappingAddress(PVOID base, ULONG tag) {
    PW_IRQL_LIMIT(MmFreeMappingAddress);
    mdls().free_mapping_address(base, tag);
}

PVOID NTAPI MmMapLockedPagesWithReservedMapping(PVOID base, ULONG tag, PMDL mdl, MEMORY_CACHING_TYPE caching) {
    PW_IRQL_LIMIT(MmMapLockedPagesWithReservedMapping);
    return mdls().map_with_reserved_mapping(base, tag, mdl, caching);
}

void NTAPI MmUnmapReservedMapping(PVOID base, ULONG tag, PMDL mdl) {
    PW_IRQL_LIMIT(MmUnmapReservedMapping);
    mdls().unmap_reserved_mapping(base, tag, mdl);
}

NTSTATUS NTAPI MmMapMdl(PMDL mdl, ULONG protection, PMM_MDL_ROUTINE routine, PVOID context) {
    auto mapped = mdls().begin_lending(mdl, protection);
    if (!mapped) return mapped.status().code();
    const NTSTATUS status = routine(context, *mapped);
    mdls().unmap_locked_pages(*mapped, mdl, nullptr);
    return status;
}

}  // extern "C"
