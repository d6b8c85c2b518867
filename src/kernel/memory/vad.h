// SPDX-License-Identifier: Apache-2.0
// Vad: one range of a process's addresses, what it shows and with which protection.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/memory/page_runs.h"
#include "kernel/memory/section_commit.h"
#include "kernel/memory/segment_piece.h"

namespace pw::mm {

enum class VadKind : std::uint8_t {
    arena,         // general heap
    private_memory,  // VirtualAlloc
    section_view,
    mdl_mapping,   // MmMapLockedPages(UserMode)
    stack,
    image_data,    // .data/.bss that the process moved into a segment, at addresses of its own
    placeholder,   // MEM_RESERVE_PLACEHOLDER: addresses without memory
};
[[nodiscard]] const char* to_string(VadKind kind);

struct Vad {
    std::uint64_t base = 0;   // page-aligned; 64 KiB-aligned for views and VirtualAlloc
    std::uint64_t pages = 0;
    VadKind kind = VadKind::private_memory;
    bool copy_on_write = false;
    bool was_placeholder = false;  // it replaced a placeholder, and can be made one again
    // NT's PAGE_* given at creation, and the most that VirtualProtect may ask for later.
    std::uint32_t initial_protection = 0;
    std::uint32_t maximum_protection = 0;
    // In address order; together `pages` pages. The same pages may appear more than once (mirrored ring).
    std::vector<SegmentPiece> pieces;
    // Which pages are committed, with which PAGE_* protection.
    PageRuns runs;
    // A view of a reserved section: what all its views share, and the section's page that the view begins with.
    Ref<SectionCommit> commit;
    std::uint64_t section_page = 0;
    // Parts that the host has mapped at the same addresses (remote processes only).
    bool host_mapped = false;

    [[nodiscard]] std::uint64_t end() const { return base + (pages << page_shift); }
    [[nodiscard]] std::uint64_t page_at(std::uint64_t address) const { return (address - base) >> page_shift; }

    // Calls visit(segment, first page of the segment, page of the region, pages) for the pieces of a range, in order.
    template <typename Visit>
    void for_each_piece(std::uint64_t first_page, std::uint64_t range_pages, Visit&& visit) const {
        const std::uint64_t range_end = first_page + range_pages;
        std::uint64_t piece_start = 0;
        for (const SegmentPiece& piece : pieces) {
            const std::uint64_t from = piece_start > first_page ? piece_start : first_page;
            const std::uint64_t piece_end = piece_start + piece.pages;
            const std::uint64_t to = piece_end < range_end ? piece_end : range_end;
            if (from < to) visit(*piece.segment, piece.first_page + (from - piece_start), from, to - from);
            piece_start = piece_end;
        }
    }
};

}  // namespace pw::mm
