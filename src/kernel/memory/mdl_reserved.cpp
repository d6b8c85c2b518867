// SPDX-License-Identifier: Apache-2.0
// Mapping MDLs at addresses that were reserved before (MmAllocateMappingAddress), and pages of a device as an MDL.
#include <ntstatus.h>

#include "base/checked_math.h"
#include "kernel/memory/frame_runs.h"
#include "kernel/memory/io_space.h"
#include "kernel/memory/mdl.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/system_mappings.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

using platform::PageAccess;

namespace {

// SYSTEM_PTE_MISUSE. Parameter 1 names the misuse, parameter 2 the address, 3 and 4 the tags.
constexpr std::uint32_t system_pte_misuse = 0xDA;
constexpr std::uint64_t free_of_bad_mapping = 0x100;
constexpr std::uint64_t free_while_mapped = 0x102;
constexpr std::uint64_t map_at_bad_mapping = 0x103;
constexpr std::uint64_t unmap_of_bad_mapping = 0x106;

std::uint64_t number(const void* address) { return reinterpret_cast<std::uint64_t>(address); }

}  // namespace

void* Mdls::allocate_mapping_address(SIZE_T length_bytes, std::uint32_t tag) {
    if (length_bytes == 0 || tag == 0) return nullptr;
    auto base = manager_.system_mappings().reserve(pages_spanned(0, length_bytes), tag);
    return base ? reinterpret_cast<void*>(*base) : nullptr;
}

void Mdls::free_mapping_address(void* base, std::uint32_t tag) {
    switch (manager_.system_mappings().release(number(base), tag)) {
        case ReservationState::empty: return;
        case ReservationState::mapped:
            manager_.diagnostics().bug_check(system_pte_misuse, free_while_mapped, number(base), tag, 0);
            return;
        case ReservationState::none:
            manager_.diagnostics().bug_check(system_pte_misuse, free_of_bad_mapping, number(base), tag, 0);
            return;
    }
}

void* Mdls::map_with_reserved_mapping(void* base, std::uint32_t tag, MDL* mdl, MEMORY_CACHING_TYPE caching) {
    if (static_cast<std::uint32_t>(caching) >= MmMaximumCacheType || page_count(mdl) == 0) return nullptr;
    if ((mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) != 0) {
        report("MmMapLockedPagesWithReservedMapping of an MDL that is mapped already", mdl);
        return nullptr;
    }
    if ((mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_PARTIAL | MDL_IO_SPACE)) == 0) {
        report("mapping an MDL whose pages are not locked", mdl);
        return nullptr;
    }
    const std::vector<FrameRange> runs = consecutive_runs(frames(mdl), page_count(mdl));
    for (const FrameRange& run : runs) {
        if (manager_.window().has_frame(run.first + run.pages - 1)) continue;
        report("an MDL with frames that cannot be mapped (foreign or invalid frame numbers)", mdl);
        return nullptr;
    }
    const Status status = manager_.system_mappings().map_reserved(number(base), tag, runs, PageAccess::read_write);
    if (status == Status(STATUS_INVALID_PARAMETER)) {
        // Not such a reservation, another tag, or something is mapped there now.
        manager_.diagnostics().bug_check(system_pte_misuse, map_at_bad_mapping, number(base), tag, number(mdl));
        return nullptr;
    }
    if (status.is_failure()) return nullptr;  // too small, or a frame without a page
    mdl->MappedSystemVa = static_cast<char*>(base) + mdl->ByteOffset;
    const int partial = (mdl->MdlFlags & MDL_PARTIAL) != 0 ? MDL_PARTIAL_HAS_BEEN_MAPPED : 0;
    mdl->MdlFlags = static_cast<CSHORT>(mdl->MdlFlags | MDL_MAPPED_TO_SYSTEM_VA | partial);
    return mdl->MappedSystemVa;
}

void Mdls::unmap_reserved_mapping(void* base, std::uint32_t tag, MDL* mdl) {
    const std::uint64_t page = align_down(number(base), page_size_bytes);
    const bool is_mdls = (mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) != 0 &&
                         align_down(number(mdl->MappedSystemVa), page_size_bytes) == page;
    if (!is_mdls || !manager_.system_mappings().unmap_reserved(page, tag)) {
        manager_.diagnostics().bug_check(system_pte_misuse, unmap_of_bad_mapping, number(base), tag, number(mdl));
        return;
    }
    mdl->MappedSystemVa = nullptr;
    mdl->MdlFlags =
        static_cast<CSHORT>(mdl->MdlFlags & ~(MDL_MAPPED_TO_SYSTEM_VA | MDL_PARTIAL_HAS_BEEN_MAPPED));
}

Result<MDL*> Mdls::allocate_for_io_space(std::span<const FrameRange> ranges) {
    std::uint64_t pages = 0;
    for (const FrameRange& range : ranges) {
        if (!manager_.io_space().is_device(range)) return STATUS_INVALID_PARAMETER_1;
        pages += range.pages;
    }
    MDL* const mdl = allocate(0, pages << page_shift);
    if (mdl == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    PFN_NUMBER* next = frames(mdl);
    for (const FrameRange& range : ranges) {
        fill_consecutive(next, range.first, range.pages);
        next += range.pages;
    }
    mdl->MdlFlags = static_cast<CSHORT>(mdl->MdlFlags | MDL_IO_SPACE);
    return mdl;
}

}  // namespace pw::mm
