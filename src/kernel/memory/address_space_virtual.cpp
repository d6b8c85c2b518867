// SPDX-License-Identifier: Apache-2.0
// NtAllocateVirtualMemory and NtFreeVirtualMemory: each region has a segment of its own, charged as it is committed.
#include <ntstatus.h>
#include <pw_memory.h>

#include "kernel/memory/address_space.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/slot_allocator.h"

namespace pw::mm {
namespace {

Status check_allocation_type(std::uint32_t type) {
    constexpr std::uint32_t placeholders = MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER;
    constexpr std::uint32_t known = MEM_RESERVE | MEM_COMMIT | MEM_TOP_DOWN | MEM_RESET | MEM_RESET_UNDO | MEM_LARGE_PAGES |
                                    MEM_PHYSICAL | MEM_WRITE_WATCH | placeholders;
    if ((type & ~known) != 0) return STATUS_INVALID_PARAMETER_5;
    // "MEM_RESERVE | MEM_RESERVE_PLACEHOLDER"; a replacement is reserved anew, committed or not.
    if ((type & placeholders) == placeholders) return STATUS_INVALID_PARAMETER_5;
    if ((type & placeholders) != 0 && (type & MEM_RESERVE) == 0) return STATUS_INVALID_PARAMETER_5;
    if ((type & MEM_RESERVE_PLACEHOLDER) != 0 && (type & MEM_COMMIT) != 0) return STATUS_INVALID_PARAMETER_5;
    const std::uint32_t action = type & (MEM_RESERVE | MEM_COMMIT | MEM_RESET | MEM_RESET_UNDO);
    if (action == 0) return STATUS_INVALID_PARAMETER_5;
    // "MEM_RESET cannot be used with any other value", nor can MEM_RESET_UNDO.
    if ((action & (MEM_RESET | MEM_RESET_UNDO)) != 0 && (type & (type - 1)) != 0) return STATUS_INVALID_PARAMETER_5;
    if ((type & MEM_LARGE_PAGES) != 0) {
        if (action != (MEM_RESERVE | MEM_COMMIT)) return STATUS_INVALID_PARAMETER_5;
        return STATUS_PRIVILEGE_NOT_HELD;  // SeLockMemoryPrivilege, which nobody has here
    }
    // Address windowing and write watches are not there.
    return (type & (MEM_PHYSICAL | MEM_WRITE_WATCH)) != 0 ? Status(STATUS_NOT_SUPPORTED) : Status();
}

// MEM_ADDRESS_REQUIREMENTS: bounds on 64 KiB, an alignment of at least that, and only where no base is asked for.
Status check_requirements(const AddressRequirements& where, std::uint64_t address, std::uint32_t type) {
    if (where.is_any()) return {};
    if (address != 0 || (type & MEM_REPLACE_PLACEHOLDER) != 0 || where.lowest > where.highest) return STATUS_INVALID_PARAMETER;
    if (!is_aligned(where.lowest, allocation_granularity_bytes)) return STATUS_INVALID_PARAMETER;
    if (!is_aligned(where.highest + 1, allocation_granularity_bytes)) return STATUS_INVALID_PARAMETER;
    const std::uint64_t alignment = where.alignment_bytes;
    if (alignment == 0) return {};
    const bool ok = alignment >= allocation_granularity_bytes && (alignment & (alignment - 1)) == 0;
    return ok ? Status() : Status(STATUS_INVALID_PARAMETER);
}

}  // namespace

Status AddressSpace::allocate(std::uint64_t* address, std::uint64_t* length_bytes, std::uint32_t allocation_type,
                              std::uint32_t protection, const AddressRequirements& where) {
    PW_TRY(check_allocation_type(allocation_type));
    const bool is_reset = (allocation_type & (MEM_RESET | MEM_RESET_UNDO)) != 0;
    PW_TRY(check_protection(protection));
    if (is_write_copy(protection)) return STATUS_INVALID_PAGE_PROTECTION;
    if (*length_bytes == 0 || *length_bytes > manager_.slots().room_bytes(slot_base_)) return STATUS_INVALID_PARAMETER_4;
    PW_TRY(check_requirements(where, *address, allocation_type));
    if ((allocation_type & MEM_RESERVE_PLACEHOLDER) != 0) {
        return reserve_placeholder(address, length_bytes, allocation_type, protection, where);
    }

    if ((allocation_type & MEM_RESERVE) == 0 && *address != 0) {
        const std::uint64_t first_address = align_down(*address, page_size_bytes);
        const std::uint64_t pages = pages_spanned(*address, *length_bytes);
        Ref<SectionCommit> commit;
        std::uint64_t section_page = 0;
        {
            MutexLock guard(lock_);
            if (is_cleared()) return STATUS_PROCESS_IS_TERMINATING;
            const auto it = find_locked(first_address);
            if (it == vads_.end()) return STATUS_CONFLICTING_ADDRESSES;
            Vad& vad = it->second;
            const std::uint64_t first = vad.page_at(first_address);
            if (pages > vad.pages - first) return STATUS_CONFLICTING_ADDRESSES;
            if (is_reset) {
                // "The contents may be lost": they need not be.
                return vad.runs.committed_pages(first, pages) == pages ? Status() : Status(STATUS_NOT_COMMITTED);
            }
            if (vad.kind == VadKind::placeholder) return STATUS_CONFLICTING_ADDRESSES;
            if (vad.kind == VadKind::private_memory) {
                PW_TRY(commit_locked(vad, first, pages, protection));
            } else {
                PW_TRY(check_commit_in_view_locked(vad, first, pages, protection));
                commit = vad.commit;
                section_page = vad.section_page + first;
            }
        }
        if (commit) {
            // For all views, in whatever process; without our lock, since each of them has its own.
            PW_TRY(commit->commit(section_page, pages));
            for (const Ref<AddressSpace>& viewer : commit->viewers()) {
                const Status shown = viewer->show_committed(*commit, section_page, pages);
                if (viewer.get() == this) PW_TRY(shown);
            }
            PW_TRY(protect(first_address, pages << page_shift, protection, nullptr));
        }
        *address = first_address;
        *length_bytes = pages << page_shift;
        return {};
    }
    if (is_reset) return STATUS_CONFLICTING_ADDRESSES;

    const bool replaces = (allocation_type & MEM_REPLACE_PLACEHOLDER) != 0;
    if (replaces && (*address == 0 || !is_aligned(*address, page_size_bytes) || !is_aligned(*length_bytes, page_size_bytes))) {
        return STATUS_INVALID_PARAMETER;
    }
    const std::uint64_t base = replaces ? *address : align_down(*address, allocation_granularity_bytes);
    const std::uint64_t pages = pages_spanned(0, *length_bytes + (*address - base));
    PW_TRY_ASSIGN(Ref<Segment> segment,
                  Segment::create(manager_.window(), SegmentKind::virtual_alloc, pages, 0));
    segment->set_owner(options_.process);
    PW_TRY(segment->note_export(options_.trust_domain, true));
    const bool commit = (allocation_type & MEM_COMMIT) != 0;
    if (commit) PW_TRY(segment->charge(pages));
    const SegmentPiece piece{std::move(segment), 0, pages};
    MapRequest request;
    request.kind = VadKind::private_memory;
    request.requested_base = base;
    request.pages = pages;
    request.protection = protection;
    request.committed = commit;
    request.top_down = (allocation_type & MEM_TOP_DOWN) != 0;
    request.replaces_placeholder = replaces;
    request.where = where;
    request.pieces = {&piece, 1};
    MutexLock guard(lock_);
    PW_TRY_ASSIGN(*address, map_locked(request));
    *length_bytes = pages << page_shift;
    return {};
}

Status AddressSpace::commit_locked(Vad& vad, std::uint64_t first_page, std::uint64_t pages, std::uint32_t protection) {
    const std::uint64_t missing = pages - vad.runs.committed_pages(first_page, pages);
    Segment& segment = *vad.pieces.front().segment;
    PW_TRY(segment.charge(missing));
    const PageRuns before = vad.runs;
    vad.runs.set(first_page, pages, protection);
    drop_host_mapping_locked(vad);
    // Pages that are committed already keep their contents and get the protection.
    const Status status = show_locked(vad, first_page, pages);
    if (status.is_failure()) {
        vad.runs = before;
        segment.uncharge(missing);
    }
    note_guard_locked(protection);
    return status;
}

Status AddressSpace::check_commit_in_view_locked(const Vad& vad, std::uint64_t first_page, std::uint64_t pages,
                                                 std::uint32_t protection) {
    if (!vad.commit) {
        // "An attempt to commit a page that is already committed does not cause the function to fail"; only a view of the
        // page file has pages of that sort.
        const bool is_file = !vad.pieces.empty() && vad.pieces.front().segment->kind() == SegmentKind::file;
        const bool is_committed = vad.runs.committed_pages(first_page, pages) == pages;
        return vad.kind == VadKind::section_view && !is_file && is_committed ? Status() : Status(STATUS_ALREADY_COMMITTED);
    }
    const bool allowed = platform::allows(access_of(vad.maximum_protection), access_of(without_guard(protection)));
    return allowed ? Status() : Status(STATUS_SECTION_PROTECTION);
}

Status AddressSpace::show_committed(SectionCommit& commit, std::uint64_t first_page, std::uint64_t pages) {
    const std::uint64_t end_page = first_page + pages;
    Status status;
    MutexLock guard(lock_);
    for (auto& [base, vad] : vads_) {
        if (vad.commit.get() != &commit) continue;
        const std::uint64_t from = vad.section_page > first_page ? vad.section_page : first_page;
        const std::uint64_t view_end = vad.section_page + vad.pages;
        const std::uint64_t to = view_end < end_page ? view_end : end_page;
        if (from >= to) continue;
        std::vector<PageRun> missing;
        vad.runs.for_each(from - vad.section_page, to - from, [&missing](const PageRun& run) {
            if (!run.is_committed()) missing.push_back(run);
            return true;
        });
        for (const PageRun& run : missing) {
            vad.runs.set(run.first_page, run.pages, vad.initial_protection);
            drop_host_mapping_locked(vad);
            const Status shown = show_locked(vad, run.first_page, run.pages);
            if (shown.is_success()) continue;
            vad.runs.set(run.first_page, run.pages, 0);
            status = shown;
        }
    }
    return status;
}

Status AddressSpace::decommit_locked(Vad& vad, std::uint64_t first_page, std::uint64_t pages) {
    const std::uint64_t committed = vad.runs.committed_pages(first_page, pages);
    Segment& segment = *vad.pieces.front().segment;
    drop_host_mapping_locked(vad);
    // The addresses stay the region's, hence no unmap, whose acknowledgement would free them.
    PW_TRY(options_.client->protect(vad.base + (first_page << page_shift), pages << page_shift,
                                    platform::PageAccess::none));
    vad.runs.set(first_page, pages, 0);
    PW_TRY(segment.memory().punch_hole(first_page << page_shift, pages << page_shift));
    segment.uncharge(committed);
    return {};
}

Status AddressSpace::free(std::uint64_t* address, std::uint64_t* length_bytes, std::uint32_t free_type) {
    constexpr std::uint32_t placeholders = MEM_PRESERVE_PLACEHOLDER | MEM_COALESCE_PLACEHOLDERS;
    const std::uint32_t action = free_type & ~placeholders;
    const bool preserves = (free_type & MEM_PRESERVE_PLACEHOLDER) != 0;
    const bool coalesces = (free_type & MEM_COALESCE_PLACEHOLDERS) != 0;
    if (action != MEM_RELEASE && action != MEM_DECOMMIT) return STATUS_INVALID_PARAMETER_4;
    if ((preserves || coalesces) && (action != MEM_RELEASE || preserves == coalesces)) return STATUS_INVALID_PARAMETER_4;
    const std::uint64_t first_address = align_down(*address, page_size_bytes);
    Vad removed;  // its segment goes after the lock
    MutexLock guard(lock_);
    const auto it = find_locked(first_address);
    if (it == vads_.end()) return STATUS_MEMORY_NOT_ALLOCATED;
    Vad& vad = it->second;
    if (vad.kind != VadKind::private_memory && vad.kind != VadKind::placeholder) return STATUS_UNABLE_TO_DELETE_SECTION;
    if (coalesces) return coalesce_placeholders_locked(*address, *length_bytes >> page_shift);
    const std::uint64_t first = vad.page_at(first_address);
    if (*length_bytes == 0 && first != 0) return STATUS_FREE_VM_NOT_AT_BASE;
    const std::uint64_t pages = *length_bytes == 0 ? vad.pages : pages_spanned(*address, *length_bytes);
    if (pages > vad.pages - first) return STATUS_UNABLE_TO_FREE_VM;
    PW_TRY(check_secured_locked(first_address, pages << page_shift, 0));
    if (vad.kind == VadKind::placeholder && (preserves || action == MEM_DECOMMIT)) {
        if (!preserves) return STATUS_UNABLE_TO_FREE_VM;  // nothing is committed in it
        PW_TRY(split_placeholder_locked(vad, first_address, pages));
    } else if (action == MEM_DECOMMIT) {
        PW_TRY(decommit_locked(vad, first, pages));
    } else {
        // A part of a region is not released here: the region would have to be split.
        if (pages != vad.pages) return STATUS_UNABLE_TO_FREE_VM;
        if (preserves && !vad.was_placeholder) return STATUS_CONFLICTING_ADDRESSES;
        removed = remove_locked(it, preserves ? Addresses::stay : Addresses::go);
        if (preserves) put_placeholder_locked(removed.base, removed.pages);
    }
    *address = first_address;
    *length_bytes = pages << page_shift;
    return {};
}

}  // namespace pw::mm
