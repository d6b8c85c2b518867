// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/frame_export.h"

#include <ntstatus.h>

#include "kernel/memory/address_space.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/rehoming.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

Result<std::vector<SegmentPiece>> export_frames(MemoryManager& manager, FrameRange run, AddressSpace& space, bool read_only,
                                                ExportRefusal& refusal) {
    if (!manager.window().has_frame(run.first + run.pages - 1)) return STATUS_INVALID_ADDRESS;
    PW_TRY_ASSIGN(std::vector<SegmentPiece> pieces, manager.rehoming().isolate(run));
    for (SegmentPiece& piece : pieces) {
        if (is_private_to_process(piece.segment->kind()) && piece.segment->owner() != space.process()) {
            refusal.text = "private memory of one process (heap, VirtualAlloc) is never mapped into another one";
            return STATUS_ACCESS_DENIED;
        }
        const bool whole = piece.first_page == 0 && piece.pages == piece.segment->pages();
        const bool was_sealed = piece.segment->is_sealed();
        // A read-only mapping of the kernel's own memory is a promise to the driver: nobody else writes there.
        // Embedded, nobody else is there: driver and application share one address space.
        const bool for_good = read_only && is_kernel_memory(piece.segment->kind()) && !space.is_embedded();
        if (piece.segment->note_export(space.trust_domain(), whole, for_good).is_success()) continue;
        refusal.text = was_sealed && !read_only
                           ? "memory that a process has got read-only for good (its first mapping was read-only) cannot be "
                             "mapped writable into a process: map it writable first"
                           : "a part of memory that another user's process has got cannot be given to this process";
        return STATUS_ACCESS_DENIED;
    }
    return pieces;
}

}  // namespace pw::mm
