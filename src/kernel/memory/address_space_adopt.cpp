// SPDX-License-Identifier: Apache-2.0
#include <ntstatus.h>

#include <cstring>

#include "exceptions/exceptions.h"
#include "kernel/memory/address_space.h"
#include "kernel/memory/page_protection.h"
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

bool AddressSpace::lease(std::uint64_t address, std::uint64_t length_bytes, bool write) {
    if (embedded_ || length_bytes == 0) return false;
    MutexLock guard(lock_);
    const auto it = find_locked(address);
    if (it == vads_.end() || it->second.kind != VadKind::image_data) return false;
    Vad& vad = it->second;
    if (length_bytes > vad.end() - address) return false;
    const platform::PageAccess access = access_of(vad.runs.at(0).protection);
    if (!platform::allows(access, write ? platform::PageAccess::write : platform::PageAccess::read)) return false;
    if (vad.host_mapped) return true;
    // Other programs' images, and the host's own, may lie at the same addresses: never over them.
    const SegmentPiece& piece = vad.pieces.front();
    vad.host_mapped = platform::map_at_free_address(vad.base, vad.pages << page_shift, access, piece.segment->descriptor(),
                                                    piece.first_page << page_shift);
    return vad.host_mapped;
}

}  // namespace pw::mm
