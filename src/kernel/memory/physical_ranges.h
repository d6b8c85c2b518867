// SPDX-License-Identifier: Apache-2.0
// Questions about physical memory: where it lies, what is at an address, an MDL for a device's pages.
#pragma once

#include <nt/mm.h>

#include "base/result.h"

namespace pw::mm {

class MemoryManager;

// MmGetPhysicalMemoryRanges: pool memory that the caller frees, ended by an entry of zeros; null when memory is short. What
// devices answer at is no memory.
[[nodiscard]] PHYSICAL_MEMORY_RANGE* physical_memory_ranges(MemoryManager& manager);
// The system address at which a physical address always shows; 0 when nothing lies there.
[[nodiscard]] std::uint64_t system_address_of(MemoryManager& manager, std::uint64_t physical);
// MmAllocateMdlForIoSpace. STATUS_INVALID_PARAMETER_1: an entry is not in whole pages or names no device;
// STATUS_INVALID_PARAMETER_2: no entries, or 4 GiB and more; STATUS_INSUFFICIENT_RESOURCES.
[[nodiscard]] Result<MDL*> mdl_for_io_space(MemoryManager& manager, const MM_PHYSICAL_ADDRESS_LIST* list, SIZE_T entries);

}  // namespace pw::mm
