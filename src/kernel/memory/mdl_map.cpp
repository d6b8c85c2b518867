// SPDX-License-Identifier: Apache-2.0
// Mapping what an MDL describes: into the system (mostly arithmetic) and into processes.
#include <ntstatus.h>

#include "base/checked_math.h"
#include "kernel/memory/caching.h"
#include "kernel/memory/frame_export.h"
#include "kernel/memory/frame_runs.h"
#include "kernel/memory/mdl.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/system_mappings.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

using platform::PageAccess;

namespace {

constexpr std::uint32_t system_pte_misuse = 0xDA;

void* pointer(std::uint64_t address) { return reinterpret_cast<void*>(address); }

bool is_read_only(std::uint32_t priority) { return (priority & MdlMappingNoWrite) != 0; }

}  // namespace

void* Mdls::system_address(MDL* mdl, std::uint32_t priority) {
    if ((mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) != 0) return mdl->MappedSystemVa;
    auto mapped = map_to_system(mdl, priority, 0);
    return mapped ? pointer(*mapped) : nullptr;
}

Result<void*> Mdls::map_locked_pages(MDL* mdl, KPROCESSOR_MODE mode, MEMORY_CACHING_TYPE caching, void* requested_base,
                                     std::uint32_t priority, AddressSpace* space, const platform::CallerChain& callers) {
    if (static_cast<std::uint32_t>(caching) >= MmMaximumCacheType) return STATUS_INVALID_PARAMETER;
    if (page_count(mdl) == 0) return STATUS_INVALID_PARAMETER;
    if ((mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_SOURCE_IS_NONPAGED_POOL | MDL_PARTIAL | MDL_IO_SPACE)) == 0) {
        report("mapping an MDL whose pages are neither locked nor nonpaged pool", mdl);
        return STATUS_INVALID_PARAMETER;
    }
    const std::uint64_t* const numbers = frames(mdl);
    for (std::uint64_t i = 0; i < page_count(mdl); ++i) {
        // Only pages that were allocated with another type say something; looking for them costs one load else.
        if (is_foreign(numbers[i]) || !manager_.window().has_frame(numbers[i])) break;
        const std::uint8_t allocated = manager_.window().caching_of(numbers[i]);
        if (allocated == 0) {
            if (i == 0) break;
            continue;
        }
        if (caching_class_of_frame(allocated) == caching_class(caching)) continue;
        report("mapping pages with another caching type than they were allocated with", mdl);
        return STATUS_CONFLICTING_ADDRESSES;
    }
    const auto base = reinterpret_cast<std::uint64_t>(requested_base);
    if (mode != KernelMode) {
        if (space == nullptr) return STATUS_INVALID_PARAMETER;  // the System process has no user addresses
        PW_TRY_ASSIGN(const std::uint64_t address, map_to_user(mdl, priority, base, *space));
        space->holdings().add({HoldingKind::user_mapping, align_down(address, page_size_bytes), page_count(mdl), callers});
        return pointer(address);
    }
    if ((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) != 0) {
        report("mapping an MDL into the system that is mapped there already: the mapping is shared", mdl);
    }
    if (void* const address = system_address(mdl, priority)) return address;
    return STATUS_INSUFFICIENT_RESOURCES;
}

MEMORY_CACHING_TYPE Mdls::caching_of(MDL* mdl) const {
    if (page_count(mdl) == 0 || is_foreign(frames(mdl)[0]) || !manager_.window().has_frame(frames(mdl)[0])) return MmCached;
    const std::uint8_t allocated = manager_.window().caching_of(frames(mdl)[0]);
    return allocated == 0 ? MmCached : static_cast<MEMORY_CACHING_TYPE>(allocated - 1);
}

Result<std::uint64_t> Mdls::map_to_system(MDL* mdl, std::uint32_t priority, std::uint64_t) {
    const std::uint64_t pages = page_count(mdl);
    if (pages == 0) return STATUS_INVALID_PARAMETER;
    std::uint64_t* const numbers = frames(mdl);
    std::uint64_t base;
    const bool consecutive = consecutive_count(numbers, pages) == pages;
    if (consecutive && is_foreign(numbers[0])) {
        base = foreign_address(numbers[0]);
    } else if (consecutive && !is_read_only(priority) && manager_.window().has_frame(numbers[0] + pages - 1)) {
        base = manager_.window().address_of(numbers[0]);
    } else {
        const std::vector<FrameRange> runs = consecutive_runs(numbers, pages);
        for (const FrameRange& run : runs) {
            if (manager_.window().has_frame(run.first + run.pages - 1)) continue;
            report("an MDL with frames that cannot be mapped (foreign or invalid frame numbers)", mdl);
            return STATUS_INVALID_ADDRESS;
        }
        PW_TRY_ASSIGN(base, manager_.system_mappings().map(
                                SystemMappingKind::mdl, runs,
                                is_read_only(priority) ? PageAccess::read : PageAccess::read_write));
    }
    mdl->MappedSystemVa = pointer(base + mdl->ByteOffset);
    const int partial = (mdl->MdlFlags & MDL_PARTIAL) != 0 ? MDL_PARTIAL_HAS_BEEN_MAPPED : 0;
    mdl->MdlFlags = static_cast<CSHORT>(mdl->MdlFlags | MDL_MAPPED_TO_SYSTEM_VA | partial);
    return base + mdl->ByteOffset;
}

void Mdls::unmap_from_system(MDL* mdl) {
    const std::uint64_t base = align_down(reinterpret_cast<std::uint64_t>(mdl->MappedSystemVa), page_size_bytes);
    const FrameNumber first = frames(mdl)[0];
    const std::uint64_t home = is_foreign(first) ? foreign_address(first) : manager_.window().address_of(first);
    if (base != home && manager_.system_mappings().unmap_reserved(base, 0)) {
        report("the MDL is unlocked or freed while it is mapped at a reserved address: call MmUnmapReservedMapping first",
               mdl);
    } else if (base != home && !manager_.system_mappings().unmap(SystemMappingKind::mdl, base)) {
        manager_.diagnostics().bug_check(system_pte_misuse, 0x1, reinterpret_cast<std::uint64_t>(mdl), base, 0);
    }
    mdl->MappedSystemVa = nullptr;
    mdl->MdlFlags =
        static_cast<CSHORT>(mdl->MdlFlags & ~(MDL_MAPPED_TO_SYSTEM_VA | MDL_PARTIAL_HAS_BEEN_MAPPED));
}

Result<std::uint64_t> Mdls::map_to_user(MDL* mdl, std::uint32_t priority, std::uint64_t requested_base,
                                        AddressSpace& space) {
    const std::uint64_t pages = page_count(mdl);
    std::vector<SegmentPiece> pieces;
    for (const FrameRange& run : consecutive_runs(frames(mdl), pages)) {
        if (is_foreign(run.first)) {
            // In one process the address serves both sides. It cannot be shown to another process, nor elsewhere.
            const std::uint64_t base = foreign_address(run.first);
            if (space.is_embedded() && run.pages == pages && (requested_base == 0 || requested_base == base)) {
                return base + mdl->ByteOffset;
            }
            report("this memory (heap, stack or static data that lies in no segment) cannot be mapped into a process", mdl);
            return STATUS_ACCESS_DENIED;
        }
        if (!manager_.window().has_frame(run.first + run.pages - 1)) return STATUS_INVALID_ADDRESS;
        for (FrameNumber frame = run.first; frame < run.first + run.pages; ++frame) {
            const FrameInfo& info = manager_.window().info(frame);
            if (info.use.load(std::memory_order_acquire) != FrameUse::small_pool) continue;
            if (info.is_retired.load(std::memory_order_acquire) != 0) continue;
            report("a pool block of less than a page is mapped into a process, which sees its neighbours as well", mdl);
            manager_.pool().retire_small_page(frame);
        }
        ExportRefusal refusal;
        auto exported = export_frames(manager_, run, space, is_read_only(priority), refusal);
        if (refusal.text != nullptr) report(refusal.text, mdl);
        if (!exported) return exported.status();
        for (SegmentPiece& piece : *exported) pieces.push_back(std::move(piece));
    }
    MapRequest request;
    request.kind = VadKind::mdl_mapping;
    request.requested_base = requested_base;
    request.pages = pages;
    request.protection = is_read_only(priority) ? PAGE_READONLY : PAGE_READWRITE;
    request.pieces = pieces;
    PW_TRY_ASSIGN(const std::uint64_t base, space.map(request));
    note_user_mapping(mdl, space.process(), base);
    return base + mdl->ByteOffset;
}

void Mdls::unmap_locked_pages(void* base, MDL* mdl, AddressSpace* space) {
    const std::uint64_t page = align_down(reinterpret_cast<std::uint64_t>(base), page_size_bytes);
    const bool is_system_mapping =
        (mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) != 0 &&
        page == align_down(reinterpret_cast<std::uint64_t>(mdl->MappedSystemVa), page_size_bytes);
    if (is_system_mapping) {
        unmap_from_system(mdl);
        return;
    }
    if (manager_.window().contains(page)) {
        if ((mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL) != 0 && mdl->MappedSystemVa == base) return;
        manager_.diagnostics().bug_check(system_pte_misuse, 0x2, reinterpret_cast<std::uint64_t>(mdl), page, 0);
        return;
    }
    if (page_count(mdl) != 0 && is_foreign(frames(mdl)[0]) && foreign_address(frames(mdl)[0]) == page) return;
    if (space == nullptr) {
        report("MmUnmapLockedPages of a user address in the System process: attach to the process first", mdl);
        return;
    }
    space->holdings().remove(HoldingKind::user_mapping, page);
    if (space->unmap(page, VadKind::mdl_mapping).is_failure()) {
        report("MmUnmapLockedPages: not mapped at this address in this process (wrong process, or unmapped before)", mdl);
        return;
    }
    forget_user_mapping(mdl, space->process(), page);
}

Status Mdls::protect_system_address(MDL* mdl, std::uint32_t protection) {
    PW_TRY(check_protection(protection));
    if (is_write_copy(protection)) return STATUS_INVALID_PAGE_PROTECTION;
    if ((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) == 0) return STATUS_NOT_MAPPED_VIEW;
    const std::uint64_t base = align_down(reinterpret_cast<std::uint64_t>(mdl->MappedSystemVa), page_size_bytes);
    if (!manager_.system_mappings().is_base(SystemMappingKind::mdl, base)) {
        // The address is the frames' own place, which others use as well.
        return access_of(protection) == PageAccess::read_write ? Status() : Status(STATUS_NOT_SUPPORTED);
    }
    return manager_.system_mappings().protect(base, access_of(protection));
}

}  // namespace pw::mm
