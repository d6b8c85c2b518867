// SPDX-License-Identifier: Apache-2.0
// Façade: memory descriptor lists (IoAllocateMdl … MmFreePagesFromMdl).
#include <nt/io.h>
#include <nt/mm.h>

#include "exceptions/exceptions.h"
#include "kernel/memory/mdl.h"
#include "kernel/memory/memory_manager.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

// Who called this façade.
#define PW_CALLERS ::pw::platform::callers_from(__builtin_return_address(0), __builtin_frame_address(0))

using namespace pw;
using wdk::memory_manager;

namespace {

std::uint64_t number(const volatile void* address) { return reinterpret_cast<std::uint64_t>(address); }

mm::Mdls& mdls() { return memory_manager().mdls(); }

// Nothing with a destructor is alive when this raises.
void raise_failure(std::int32_t status) {
    if (status < 0) pw_seh_raise_status(static_cast<std::uint32_t>(status));
}

// The client of the MDL's process may be waited for only in its own thread and below DISPATCH_LEVEL.
bool may_touch_client(const MDL* mdl) {
    const mm::AddressSpace* const space = wdk::current_address_space();
    return space != nullptr && space->process() == mdl->Process && KeGetCurrentIrql() < DISPATCH_LEVEL;
}

// The address, or null with the status that says why.
PVOID map(PMDL mdl, KPROCESSOR_MODE mode, MEMORY_CACHING_TYPE caching, PVOID base, ULONG priority,
          const platform::CallerChain& callers, std::int32_t* status) {
    auto mapped = mdls().map_locked_pages(mdl, mode, caching, base, priority, wdk::current_address_space(), callers);
    *status = mapped.status().code();
    return mapped ? *mapped : nullptr;
}

KIRQL highest_for(KPROCESSOR_MODE mode) { return mode == KernelMode ? DISPATCH_LEVEL : APC_LEVEL; }

}  // namespace

extern "C" {

PMDL NTAPI IoAllocateMdl(PVOID address, ULONG length, BOOLEAN secondary, BOOLEAN, PIRP irp) {
    PW_IRQL_LIMIT(IoAllocateMdl);
    PMDL const mdl = mdls().allocate(number(address), length);
    if (mdl == nullptr || irp == nullptr) return mdl;
    if (secondary) mm::Mdls::append(&irp->MdlAddress, mdl);
    else irp->MdlAddress = mdl;
    return mdl;
}

void NTAPI IoFreeMdl(PMDL mdl) {
    PW_IRQL_LIMIT(IoFreeMdl);
    mdls().free(mdl);
}

void NTAPI IoBuildPartialMdl(PMDL source, PMDL target, PVOID address, ULONG length) {
    PW_IRQL_LIMIT(IoBuildPartialMdl);
    mdls().build_partial(source, target, number(address), length);
}

SIZE_T NTAPI MmSizeOfMdl(PVOID base, SIZE_T length) { return mm::Mdls::size_of(number(base), length); }

PMDL NTAPI MmCreateMdl(PMDL mdl, PVOID base, SIZE_T length) {
    if (mdl == nullptr) return mdls().allocate(number(base), length);
    mm::Mdls::initialize(mdl, number(base), length);
    return mdl;
}

void NTAPI MmBuildMdlForNonPagedPool(PMDL mdl) {
    PW_IRQL_LIMIT(MmBuildMdlForNonPagedPool);
    mdls().build_for_nonpaged_pool(mdl);
}

void NTAPI MmProbeAndLockPages(PMDL mdl, KPROCESSOR_MODE mode, LOCK_OPERATION operation) {
    PW_IRQL_LIMIT(MmProbeAndLockPages);
    raise_failure(mdls().probe_and_lock(mdl, mode, operation, wdk::current_address_space(), PW_CALLERS).code());
}

void NTAPI MmUnlockPages(PMDL mdl) {
    PW_IRQL_LIMIT(MmUnlockPages);
    mdls().unlock(mdl, may_touch_client(mdl));
}

PVOID NTAPI MmMapLockedPagesSpecifyCache(PMDL mdl, KPROCESSOR_MODE mode, MEMORY_CACHING_TYPE caching, PVOID requested,
                                         ULONG bug_check_on_failure, ULONG priority) {
    PW_IRQL_AT_MOST(MmMapLockedPagesSpecifyCache, highest_for(mode));
    std::int32_t status = STATUS_SUCCESS;
    PVOID const address = map(mdl, mode, caching, requested, priority, PW_CALLERS, &status);
    if (mode != KernelMode) raise_failure(status);
    if (status < 0 && bug_check_on_failure) {
        constexpr std::uint32_t no_more_system_ptes = 0x3F;
        memory_manager().diagnostics().bug_check(no_more_system_ptes, 0, mm::Mdls::page_count(mdl), 0, 0);
    }
    return address;
}

PVOID NTAPI MmMapLockedPages(PMDL mdl, KPROCESSOR_MODE mode) {
    PW_IRQL_AT_MOST(MmMapLockedPages, highest_for(mode));
    // It names no caching type: the pages' own.
    return MmMapLockedPagesSpecifyCache(mdl, mode, mdls().caching_of(mdl), nullptr, TRUE, HighPagePriority);
}

void NTAPI MmUnmapLockedPages(PVOID base, PMDL mdl) {
    PW_IRQL_LIMIT(MmUnmapLockedPages);
    mdls().unmap_locked_pages(base, mdl, wdk::current_address_space());
}

NTSTATUS NTAPI MmProtectMdlSystemAddress(PMDL mdl, ULONG protection) {
    return mdls().protect_system_address(mdl, protection).code();
}

NTSTATUS NTAPI MmAdvanceMdl(PMDL mdl, ULONG bytes) {
    PW_IRQL_LIMIT(MmAdvanceMdl);
    return mdls().advance(mdl, bytes).code();
}

PMDL NTAPI MmAllocatePagesForMdlEx(PHYSICAL_ADDRESS low, PHYSICAL_ADDRESS high, PHYSICAL_ADDRESS skip, SIZE_T total,
                                   MEMORY_CACHING_TYPE caching, ULONG flags) {
    PW_IRQL_LIMIT(MmAllocatePagesForMdlEx);
    return mdls().allocate_pages(static_cast<std::uint64_t>(low.QuadPart), static_cast<std::uint64_t>(high.QuadPart),
                                 static_cast<std::uint64_t>(skip.QuadPart), total, caching, flags);
}

PMDL NTAPI MmAllocatePagesForMdl(PHYSICAL_ADDRESS low, PHYSICAL_ADDRESS high, PHYSICAL_ADDRESS skip, SIZE_T total) {
    PW_IRQL_LIMIT(MmAllocatePagesForMdl);
    return MmAllocatePagesForMdlEx(low, high, skip, total, MmCached, 0);
}

PMDL NTAPI MmAllocateNodePagesForMdlEx(PHYSICAL_ADDRESS low, PHYSICAL_ADDRESS high, PHYSICAL_ADDRESS skip, SIZE_T total,
                                       MEMORY_CACHING_TYPE caching, ULONG, ULONG flags) {
    PW_IRQL_LIMIT(MmAllocateNodePagesForMdlEx);
    return MmAllocatePagesForMdlEx(low, high, skip, total, caching, flags);
}

void NTAPI MmFreePagesFromMdl(PMDL mdl) {
    PW_IRQL_LIMIT(MmFreePagesFromMdl);
    mdls().free_pages(mdl);
}

void NTAPI MmFreePagesFromMdlEx(PMDL mdl, ULONG) {
    PW_IRQL_LIMIT(MmFreePagesFromMdlEx);
    mdls().free_pages(mdl);
}

}  // extern "C"
