// SPDX-License-Identifier: Apache-2.0
// Giving frames to a process: re-homed where others' pages share their memory, and noted as seen by its trust domain.
#pragma once

#include <vector>

#include "base/result.h"
#include "kernel/memory/frame_number.h"
#include "kernel/memory/segment_piece.h"

namespace pw::mm {

class AddressSpace;
class MemoryManager;

// A null text where there is nothing to say: what a failed export says to the driver.
struct ExportRefusal {
    const char* text = nullptr;
};

// The pages behind `run`, which lie in the window, as pieces that may be mapped into `space`. `read_only`: of the kernel's
// memory, nobody writes there but the kernel from now on. STATUS_INVALID_ADDRESS (no such frames), STATUS_ACCESS_DENIED (with
// the reason in `refusal`), STATUS_INSUFFICIENT_RESOURCES. IRQL <= APC_LEVEL.
[[nodiscard]] Result<std::vector<SegmentPiece>> export_frames(MemoryManager& manager, FrameRange run, AddressSpace& space,
                                                              bool read_only, ExportRefusal& refusal);

}  // namespace pw::mm
