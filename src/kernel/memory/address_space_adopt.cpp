// SPDX-License-Identifier: Apache-2.0
#include <ntstatus.h>

#include <cstring>

#include "exceptions/exceptions.h"
#include "kernel/memory/address_space.h"
#include "kernel/memory/segment.h"

namespace pw::mm {

Status AddressSpace::adopt(VadKind kind, std::uint64_t base, std::uint32_t protection, const SegmentPiece& piece) {
    PW_TRY(record(kind, base, protection, piece));
    const std::uint64_t length_bytes = piece.pages << page_shift;
    const std::uint64_t offset_bytes = piece.first_page << page_shift;
    if (embedded_) {
        // The process is this one: the bytes go in through the window, then the segment takes their place. The caller's
        // own thread does this before main(), so nobody writes meanwhile.
        PW_TRY_ASSIGN(FrameNumber first, piece.segment->ensure_window());
        static_cast<void>(first);
        auto* window = reinterpret_cast<void*>(piece.segment->window_address() + offset_bytes);
        if (pw_guarded_copy(window, reinterpret_cast<const void*>(base), length_bytes, nullptr) != 0) {
            unmap(base, kind).ignore();  // nothing was mapped yet: the record goes
            return STATUS_ACCESS_VIOLATION;
        }
    }
    MutexLock guard(lock_);
    return options_.client->map(base, length_bytes, platform::PageAccess::read_write, false, *piece.segment, offset_bytes);
}

}  // namespace pw::mm
