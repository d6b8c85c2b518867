// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/rehoming.h"

#include <ntstatus.h>

#include "base/check.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

using platform::PageAccess;

Result<std::vector<SegmentPiece>> Rehoming::isolate(FrameRange frames) {
    std::vector<SegmentPiece> isolated;
    MutexLock guard(lock_);
    for (FramePiece& piece : window_.pieces(frames)) {
        if (!piece.segment) return STATUS_INVALID_ADDRESS;
        const bool whole = piece.first_page == 0 && piece.frames.pages == piece.segment->pages();
        if (!is_kernel_memory(piece.segment->kind()) || whole || piece.segment->is_exported()) {
            isolated.push_back({std::move(piece.segment), piece.first_page, piece.frames.pages});
            continue;
        }
        const SegmentKind kind =
            piece.segment->kind() == SegmentKind::slab ? SegmentKind::pool : piece.segment->kind();
        PW_TRY_ASSIGN(Ref<Segment> moved, move_locked(piece.frames, kind));
        isolated.push_back({std::move(moved), 0, piece.frames.pages});
    }
    return isolated;
}

Result<Ref<Segment>> Rehoming::move_locked(FrameRange frames, SegmentKind kind) {
    // The charge stays with the segment that the pages come from: they are given back there.
    PW_TRY_ASSIGN(Ref<Segment> moved, Segment::create(window_, kind, frames.pages, 0));
    std::vector<FrameAlias> aliases;
    for (FrameAliases* source : aliases_) source->collect(frames, aliases);
    const std::uint64_t address = window_.address_of(frames.first);
    const std::uint64_t bytes = frames.pages << page_shift;

    sequence_.fetch_add(1, std::memory_order_seq_cst);
    // First nobody writes any more, and at the other addresses nobody reads either: a reader there could otherwise see
    // the old page after a writer has gone on with the new one.
    Status status = platform::protect_fixed(address, bytes, PageAccess::read);
    std::size_t protected_aliases = 0;
    while (status.is_success() && protected_aliases < aliases.size()) {
        const FrameAlias& alias = aliases[protected_aliases];
        status = platform::protect_fixed(alias.address, alias.frames.pages << page_shift, PageAccess::none);
        if (status.is_success()) ++protected_aliases;
    }
    if (status.is_success()) status = moved->memory().copy_in(0, reinterpret_cast<const void*>(address), bytes);
    if (status.is_success()) {
        status = platform::replace_fixed(address, bytes, PageAccess::read_write, moved->descriptor(), 0);
    }
    if (status.is_failure()) {
        // Linux refused a split (too many mappings) or memory is short: all is as before.
        platform::protect_fixed(address, bytes, PageAccess::read_write).ignore();
        for (std::size_t i = 0; i < protected_aliases; ++i) {
            platform::protect_fixed(aliases[i].address, aliases[i].frames.pages << page_shift, aliases[i].access)
                .ignore();
        }
    } else {
        for (const FrameAlias& alias : aliases) {
            PW_CHECK(platform::replace_fixed(alias.address, alias.frames.pages << page_shift, alias.access,
                                             moved->descriptor(), (alias.frames.first - frames.first) << page_shift)
                         .is_success());
        }
        std::vector<FramePiece> before = window_.pieces(frames);
        PW_CHECK(before.size() == 1 && before[0].segment);
        window_.take_over(moved, frames);
        // The original pages are no longer mapped anywhere; they come back as zero.
        before[0].segment->memory().punch_hole(before[0].first_page << page_shift, bytes).ignore();
        moves_.fetch_add(1, std::memory_order_relaxed);
    }
    sequence_.fetch_add(1, std::memory_order_seq_cst);
    sequence_.notify_all();
    if (status.is_failure()) return status;
    return moved;
}

void Rehoming::restore(FrameRange frames) {
    MutexLock guard(lock_);
    window_.restore(frames);
}

void Rehoming::restore_at_exit(FrameRange frames) { window_.restore(frames); }

bool Rehoming::on_fault(std::uint64_t address, bool write) {
    for (;;) {
        const std::uint32_t sequence = sequence_.load(std::memory_order_acquire);
        if ((sequence & 1) == 0) break;
        sequence_.wait(sequence, std::memory_order_acquire);
    }
    // Asks the system instead of our tables: the move may have ended before the fault was looked at.
    return platform::is_accessible(address, 1, write);
}

}  // namespace pw::mm
