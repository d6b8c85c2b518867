// SPDX-License-Identifier: Apache-2.0
// Façade: contiguous and non-cached memory, physical addresses, probes.
#include <nt/mm.h>

#include "exceptions/exceptions.h"
#include "kernel/memory/caching.h"
#include "kernel/memory/contiguous_memory.h"
#include "kernel/memory/memory_manager.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::memory_manager;

namespace {

std::uint64_t number(const volatile void* address) { return reinterpret_cast<std::uint64_t>(address); }
std::uint64_t number(PHYSICAL_ADDRESS address) { return static_cast<std::uint64_t>(address.QuadPart); }

PVOID contiguous(SIZE_T bytes, PHYSICAL_ADDRESS lowest, PHYSICAL_ADDRESS highest, PHYSICAL_ADDRESS boundary,
                 MEMORY_CACHING_TYPE caching = MmCached) {
    if (static_cast<std::uint32_t>(caching) >= MmMaximumCacheType) return nullptr;
    const bool cached = mm::caching_class(caching) == mm::CachingClass::cached;
    return memory_manager().contiguous().allocate(bytes, number(lowest), number(highest), number(boundary),
                                                  cached ? std::uint8_t{0} : static_cast<std::uint8_t>(caching + 1));
}

// In the System process every address below the system's is nobody's.
std::int32_t probe(const volatile void* address, SIZE_T length, ULONG alignment, bool write) {
    mm::AddressSpace* const space = wdk::current_address_space();
    if (space == nullptr) return length == 0 ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
    return memory_manager().user_memory().probe(*space, number(address), length, alignment, write).code();
}

}  // namespace

extern "C" {

// The values of x64 Windows. They bound user addresses; which of those are the system's, a table says (ProbeFor*).
NTKERNELAPI PVOID MmBadPointer = reinterpret_cast<PVOID>(1);
NTKERNELAPI PVOID MmHighestUserAddress = reinterpret_cast<PVOID>(0x7FFFFFFEFFFF);
NTKERNELAPI PVOID MmSystemRangeStart = reinterpret_cast<PVOID>(0xFFFF800000000000);
NTKERNELAPI ULONG_PTR MmUserProbeAddress = 0x7FFFFFFF0000;

void NTAPI ProbeForRead(const volatile void* address, SIZE_T length, ULONG alignment) {
    PW_IRQL_LIMIT(ProbeForRead);
    const std::int32_t status = probe(address, length, alignment, false);
    if (status < 0) pw_seh_raise_status(static_cast<std::uint32_t>(status));
}

void NTAPI ProbeForWrite(volatile void* address, SIZE_T length, ULONG alignment) {
    PW_IRQL_LIMIT(ProbeForWrite);
    const std::int32_t status = probe(address, length, alignment, true);
    if (status < 0) pw_seh_raise_status(static_cast<std::uint32_t>(status));
}

PVOID NTAPI MmAllocateContiguousMemory(SIZE_T bytes, PHYSICAL_ADDRESS highest) {
    PW_IRQL_LIMIT(MmAllocateContiguousMemory);
    return contiguous(bytes, {}, highest, {});
}

PVOID NTAPI MmAllocateContiguousMemorySpecifyCache(SIZE_T bytes, PHYSICAL_ADDRESS lowest, PHYSICAL_ADDRESS highest,
                                                   PHYSICAL_ADDRESS boundary, MEMORY_CACHING_TYPE caching) {
    PW_IRQL_LIMIT(MmAllocateContiguousMemorySpecifyCache);
    return contiguous(bytes, lowest, highest, boundary, caching);
}

PVOID NTAPI MmAllocateContiguousMemorySpecifyCacheNode(SIZE_T bytes, PHYSICAL_ADDRESS lowest, PHYSICAL_ADDRESS highest,
                                                       PHYSICAL_ADDRESS boundary, MEMORY_CACHING_TYPE caching,
                                                       NODE_REQUIREMENT) {
    PW_IRQL_LIMIT(MmAllocateContiguousMemorySpecifyCacheNode);
    return contiguous(bytes, lowest, highest, boundary, caching);
}

PVOID NTAPI MmAllocateContiguousNodeMemory(SIZE_T bytes, PHYSICAL_ADDRESS lowest, PHYSICAL_ADDRESS highest,
                                           PHYSICAL_ADDRESS boundary, ULONG, NODE_REQUIREMENT) {
    PW_IRQL_LIMIT(MmAllocateContiguousNodeMemory);
    return contiguous(bytes, lowest, highest, boundary);
}

void NTAPI MmFreeContiguousMemory(PVOID base) {
    PW_IRQL_LIMIT(MmFreeContiguousMemory);
    memory_manager().contiguous().free(base);
}

void NTAPI MmFreeContiguousMemorySpecifyCache(PVOID base, SIZE_T, MEMORY_CACHING_TYPE) {
    PW_IRQL_LIMIT(MmFreeContiguousMemorySpecifyCache);
    memory_manager().contiguous().free(base);
}

PVOID NTAPI MmAllocateNonCachedMemory(SIZE_T bytes) {
    PW_IRQL_LIMIT(MmAllocateNonCachedMemory);
    return memory_manager().contiguous().allocate(bytes, 0, ~std::uint64_t{0}, 0, MmNonCached + 1);
}

void NTAPI MmFreeNonCachedMemory(PVOID base, SIZE_T) {
    PW_IRQL_LIMIT(MmFreeNonCachedMemory);
    memory_manager().contiguous().free(base);
}

PHYSICAL_ADDRESS NTAPI MmGetPhysicalAddress(PVOID base) {
    const std::uint64_t frame = memory_manager().frame_of_system_address(number(base));
    PHYSICAL_ADDRESS physical;
    physical.QuadPart = static_cast<LONGLONG>(frame << page_shift | (number(base) & (page_size_bytes - 1)));
    return physical;
}

BOOLEAN NTAPI MmIsAddressValid(PVOID address) {
    PW_IRQL_LIMIT(MmIsAddressValid);
    return platform::is_accessible(number(address), 1, false);
}

}  // extern "C"
