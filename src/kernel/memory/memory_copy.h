// SPDX-License-Identifier: Apache-2.0
// MmCopyMemory, decoded: copies from addresses or physical memory that may not be there, and says how far it came.
#pragma once

#include <nt/mm_types.h>

#include "base/status.h"

namespace pw::mm {

class AddressSpace;
class MemoryManager;

// `flags`: exactly one of MM_COPY_MEMORY_PHYSICAL and MM_COPY_MEMORY_VIRTUAL, else STATUS_INVALID_PARAMETER. Stops at the
// first byte that is not there: STATUS_INVALID_ADDRESS, with what was copied until then. Physical addresses are memory, not
// devices. `space`: the process whose user addresses are meant, may be null. IRQL <= APC_LEVEL; may block on a client.
[[nodiscard]] Status copy_memory(MemoryManager& manager, AddressSpace* space, void* target, MM_COPY_ADDRESS source,
                                 SIZE_T length_bytes, ULONG flags, SIZE_T* copied_bytes);

}  // namespace pw::mm
