// SPDX-License-Identifier: Apache-2.0
// Façade: physical memory: devices, MmMapIoSpace, ranges, copies.
#include <nt/ex.h>
#include <nt/mm.h>
#include <pw_device_memory.h>

#include "kernel/memory/contiguous_memory.h"
#include "kernel/memory/io_space.h"
#include "kernel/memory/memory_copy.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/physical_ranges.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using platform::PageAccess;
using wdk::memory_manager;

namespace {

std::uint64_t number(PHYSICAL_ADDRESS address) { return static_cast<std::uint64_t>(address.QuadPart); }

PVOID map(PHYSICAL_ADDRESS physical, SIZE_T bytes, PageAccess access, mm::CachingClass caching) {
    auto mapped = memory_manager().io_space().map(number(physical), bytes, access, caching);
    return mapped ? *mapped : nullptr;
}

}  // namespace

extern "C" {

NTSTATUS NTAPI pw_device_memory_add(PHYSICAL_ADDRESS first_byte, SIZE_T length_bytes) {
    return memory_manager().io_space().add_device(number(first_byte), length_bytes).code();
}

NTSTATUS NTAPI pw_device_memory_remove(PHYSICAL_ADDRESS first_byte) {
    return memory_manager().io_space().remove_device(number(first_byte)).code();
}

PVOID NTAPI MmMapIoSpace(PHYSICAL_ADDRESS physical, SIZE_T bytes, MEMORY_CACHING_TYPE caching) {
    PW_IRQL_LIMIT(MmMapIoSpace);
    if (static_cast<std::uint32_t>(caching) >= MmMaximumCacheType) return nullptr;
    return map(physical, bytes, PageAccess::read_write, mm::caching_class(caching));
}

PVOID NTAPI MmMapIoSpaceEx(PHYSICAL_ADDRESS physical, SIZE_T bytes, ULONG protect) {
    PW_IRQL_LIMIT(MmMapIoSpaceEx);
    const PageAccess access = mm::access_of(protect);
    if (mm::check_protection(protect).is_failure() || access == PageAccess::none || mm::is_write_copy(protect)) return nullptr;
    const mm::CachingClass caching = (protect & PAGE_NOCACHE) != 0        ? mm::CachingClass::uncached
                                     : (protect & PAGE_WRITECOMBINE) != 0 ? mm::CachingClass::write_combined
                                                                          : mm::CachingClass::cached;
    return map(physical, bytes, access, caching);
}

void NTAPI MmUnmapIoSpace(PVOID base, SIZE_T bytes) {
    PW_IRQL_LIMIT(MmUnmapIoSpace);
    memory_manager().io_space().unmap(base, bytes);
}

LOGICAL NTAPI MmIsIoSpaceActive(PHYSICAL_ADDRESS start, SIZE_T bytes) {
    return memory_manager().io_space().is_active(number(start), bytes);
}

NTSTATUS NTAPI MmAllocateMdlForIoSpace(PMM_PHYSICAL_ADDRESS_LIST list, SIZE_T entries, PMDL* mdl) {
    PW_IRQL_LIMIT(MmAllocateMdlForIoSpace);
    auto made = mm::mdl_for_io_space(memory_manager(), list, entries);
    if (made) *mdl = *made;
    return made.status().code();
}

PVOID NTAPI MmGetVirtualForPhysical(PHYSICAL_ADDRESS physical) {
    return reinterpret_cast<PVOID>(mm::system_address_of(memory_manager(), number(physical)));
}

PPHYSICAL_MEMORY_RANGE NTAPI MmGetPhysicalMemoryRanges(void) {
    PW_IRQL_LIMIT(MmGetPhysicalMemoryRanges);
    return mm::physical_memory_ranges(memory_manager());
}

NTSTATUS NTAPI MmCopyMemory(PVOID target, MM_COPY_ADDRESS source, SIZE_T bytes, ULONG flags, PSIZE_T transferred) {
    PW_IRQL_LIMIT(MmCopyMemory);
    return mm::copy_memory(memory_manager(), wdk::current_address_space(), target, source, bytes, flags, transferred).code();
}

PVOID NTAPI MmAllocateContiguousMemoryEx(SIZE_T* bytes, PHYSICAL_ADDRESS lowest, PHYSICAL_ADDRESS highest,
                                         PHYSICAL_ADDRESS boundary, NODE_REQUIREMENT, ULONG protect, PVOID partition, ULONG,
                                         ULONG flags, PVOID* base) {
    PW_IRQL_LIMIT(MmAllocateContiguousMemoryEx);
    *base = nullptr;
    // There is one partition, and no flag is documented for drivers.
    if (partition != nullptr || flags != 0 || mm::check_protection(protect).is_failure()) return nullptr;
    *base = memory_manager().contiguous().allocate(*bytes, number(lowest), number(highest), number(boundary));
    if (*base != nullptr) *bytes = (*bytes + page_size_bytes - 1) & ~static_cast<SIZE_T>(page_size_bytes - 1);
    return *base;
}

}  // extern "C"
