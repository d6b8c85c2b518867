// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/address_space.h"

#include <ntstatus.h>
#include <pw_memory.h>

#include "base/check.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_protection.h"

namespace pw::mm {

using platform::PageAccess;

namespace {

// Of one process: about as many as Linux lets it map. Each costs the host some hundred bytes.
constexpr std::size_t most_regions = 65536;

constexpr std::uint64_t granularity_pages = allocation_granularity_bytes >> page_shift;

// MDL mappings may begin on any page; everything else on 64 KiB, as in NT.
std::uint64_t alignment_of(VadKind kind) { return kind == VadKind::mdl_mapping ? 1 : granularity_pages; }

}  // namespace

AddressSpace::AddressSpace(MemoryManager& manager, std::uint64_t slot_base, std::uint64_t slot_bytes,
                           const AddressSpaceOptions& options)
    : manager_(manager),
      slot_base_(slot_base),
      slot_bytes_(slot_bytes),
      options_(options),
      embedded_(options.client->is_embedded()),
      addresses_((slot_base >> page_shift) + granularity_pages, (slot_bytes >> page_shift) - 2 * granularity_pages) {}

AddressSpace::~AddressSpace() {
    PW_CHECK(is_cleared());
    manager_.slots().free(slot_base_);
}

AddressSpace::VadMap::iterator AddressSpace::find_locked(std::uint64_t address) {
    auto it = vads_.upper_bound(address);
    if (it == vads_.begin()) return vads_.end();
    --it;
    return address < it->second.end() ? it : vads_.end();
}

Result<std::uint64_t> AddressSpace::choose_address_locked(const MapRequest& request) {
    const std::uint64_t alignment = alignment_of(request.kind);
    if (request.requested_base == 0) {
        const auto page = addresses_.allocate(request.pages,
                                              {.alignment_pages = alignment, .top_down = request.top_down});
        if (!page) return STATUS_NO_MEMORY;
        return *page << page_shift;
    }
    if (!is_aligned(request.requested_base, alignment << page_shift)) return STATUS_MAPPED_ALIGNMENT;
    if (!addresses_.allocate_at(request.requested_base >> page_shift, request.pages)) {
        return STATUS_CONFLICTING_ADDRESSES;
    }
    return request.requested_base;
}

Result<std::uint64_t> AddressSpace::map(const MapRequest& request) {
    PW_TRY(check_protection(request.protection));
    MutexLock guard(lock_);
    return map_locked(request);
}

Result<std::uint64_t> AddressSpace::map_locked(const MapRequest& request) {
    if (is_cleared()) return STATUS_PROCESS_IS_TERMINATING;
    if (request.pages == 0 || request.pages > slot_bytes_ >> page_shift) return STATUS_NO_MEMORY;
    if (vads_.size() >= most_regions) return STATUS_NO_MEMORY;
    PW_TRY_ASSIGN(const std::uint64_t base, choose_address_locked(request));
    Vad vad;
    vad.base = base;
    vad.pages = request.pages;
    vad.kind = request.kind;
    vad.copy_on_write = request.copy_on_write;
    vad.initial_protection = request.protection;
    vad.maximum_protection = request.maximum_protection != 0 ? request.maximum_protection : request.protection;
    vad.pieces.assign(request.pieces.begin(), request.pieces.end());
    vad.runs = PageRuns(request.pages, request.committed && request.commit == nullptr ? request.protection : 0);
    if (request.commit != nullptr) {
        // First known as a viewer, then a look at what is there: a commit in between is seen either way.
        vad.commit = Ref<SectionCommit>(request.commit);
        vad.section_page = request.section_page;
        request.commit->add_view(*this);
        request.commit->for_each_committed(vad.section_page, vad.pages, [&vad](std::uint64_t first, std::uint64_t pages) {
            vad.runs.set(first - vad.section_page, pages, vad.initial_protection);
        });
    }
    if (const Status status = show_locked(vad, 0, vad.pages); status.is_failure()) {
        hide_locked(vad);
        return status;
    }
    for (const SegmentPiece& piece : vad.pieces) {
        // From now on this memory is this process's own and is never given to another one.
        if (is_private_to_process(piece.segment->kind()) && piece.segment->owner() == nullptr) {
            piece.segment->set_owner(options_.process);
        }
    }
    for (const SegmentPiece& shown : vad.pieces) shown.segment->add_view();
    vads_.emplace(base, std::move(vad));
    return base;
}

Status AddressSpace::record(VadKind kind, std::uint64_t base, std::uint32_t protection, const SegmentPiece& piece) {
    PW_TRY(check_protection(protection));
    if (!is_aligned(base, page_size_bytes) || piece.pages == 0) return STATUS_INVALID_PARAMETER;
    std::uint64_t end;
    if (!checked_add(base, piece.pages << page_shift, &end)) return STATUS_INVALID_PARAMETER;
    MutexLock guard(lock_);
    if (is_cleared()) return STATUS_PROCESS_IS_TERMINATING;
    const bool inside = in_slot(base);
    if (inside != in_slot(end - 1)) return STATUS_CONFLICTING_ADDRESSES;
    const auto next = vads_.lower_bound(base);
    if (next != vads_.end() && next->first < end) return STATUS_CONFLICTING_ADDRESSES;
    if (find_locked(base) != vads_.end()) return STATUS_CONFLICTING_ADDRESSES;
    if (vads_.size() >= most_regions) return STATUS_NO_MEMORY;
    if (inside && !addresses_.allocate_at(base >> page_shift, piece.pages)) return STATUS_CONFLICTING_ADDRESSES;
    piece.segment->set_owner(options_.process);
    Vad vad;
    vad.base = base;
    vad.pages = piece.pages;
    vad.kind = kind;
    vad.initial_protection = vad.maximum_protection = protection;
    vad.pieces.push_back(piece);
    vad.runs = PageRuns(piece.pages, protection);
    for (const SegmentPiece& shown : vad.pieces) shown.segment->add_view();
    vads_.emplace(base, std::move(vad));
    return {};
}

Status AddressSpace::show_locked(Vad& vad, std::uint64_t first_page, std::uint64_t pages) {
    Status status;
    vad.runs.for_each(first_page, pages, [&](const PageRun& run) {
        if (!run.is_committed()) return true;
        vad.for_each_piece(run.first_page, run.pages,
                           [&](Segment& segment, std::uint64_t page, std::uint64_t at, std::uint64_t count) {
                               if (status.is_failure()) return;
                               status = options_.client->map(vad.base + (at << page_shift), count << page_shift,
                                                             access_of(run.protection), vad.copy_on_write, segment,
                                                             page << page_shift);
                           });
        return status.is_success();
    });
    return status;
}

void AddressSpace::hide_locked(Vad& vad) {
    drop_host_mapping_locked(vad);
    if (vad.commit) vad.commit->remove_view(*this);
    forget_locked_pages_locked(vad.base, vad.pages);
    const bool usable = options_.client->unmap(vad.base, vad.pages << page_shift);
    if (!in_slot(vad.base)) return;
    if (usable) addresses_.free(vad.base >> page_shift, vad.pages);
    else quarantine_.emplace(vad.base, vad.pages);
}

void AddressSpace::drop_host_mapping_locked(Vad& vad) {
    if (!vad.host_mapped) return;
    if (in_slot(vad.base)) {
        PW_CHECK(platform::unmap_to_reserved(vad.base, vad.pages << page_shift).is_success());
    } else {
        platform::unmap_range(vad.base, vad.pages << page_shift);  // a lease: nothing of ours was there before
    }
    vad.host_mapped = false;
}

Vad AddressSpace::remove_locked(VadMap::iterator it) {
    Vad vad = std::move(it->second);
    vads_.erase(it);
    for (const SegmentPiece& shown : vad.pieces) shown.segment->remove_view();
    hide_locked(vad);
    return vad;
}

Status AddressSpace::unmap(std::uint64_t address, VadKind kind) {
    Vad removed;  // its segments go after the lock
    MutexLock guard(lock_);
    const auto it = find_locked(address);
    if (it == vads_.end() || it->second.kind != kind) return STATUS_NOT_MAPPED_VIEW;
    if (kind != VadKind::section_view && it->second.base != address) return STATUS_NOT_MAPPED_VIEW;
    PW_TRY(check_secured_locked(it->second.base, it->second.pages << page_shift, 0));
    removed = remove_locked(it);
    return {};
}

bool AddressSpace::unmap_acknowledged(std::uint64_t address, std::uint64_t length_bytes) {
    MutexLock guard(lock_);
    const auto it = quarantine_.find(address);
    if (it == quarantine_.end() || it->second << page_shift != length_bytes) return false;
    addresses_.free(address >> page_shift, it->second);
    quarantine_.erase(it);
    return true;
}

Status AddressSpace::protect(std::uint64_t address, std::uint64_t length_bytes, std::uint32_t protection,
                             std::uint32_t* old_protection) {
    PW_TRY(check_protection(protection));
    const std::uint64_t first_address = align_down(address, page_size_bytes);
    const std::uint64_t pages = pages_spanned(address, length_bytes);
    if (pages == 0) return STATUS_INVALID_PARAMETER;
    MutexLock guard(lock_);
    const auto it = find_locked(first_address);
    if (it == vads_.end()) return STATUS_CONFLICTING_ADDRESSES;
    Vad& vad = it->second;
    const std::uint64_t first = vad.page_at(first_address);
    if (pages > vad.pages - first) return STATUS_CONFLICTING_ADDRESSES;
    if (vad.runs.committed_pages(first, pages) != pages) return STATUS_NOT_COMMITTED;
    if (vad.kind == VadKind::section_view || vad.kind == VadKind::mdl_mapping) {
        // A view gets no more than its section and its creator allowed.
        if (vad.copy_on_write) {
            if (protection == PAGE_READWRITE) protection = PAGE_WRITECOPY;
            if (protection == PAGE_EXECUTE_READWRITE) protection = PAGE_EXECUTE_WRITECOPY;
        } else if (is_write_copy(protection)) {
            return STATUS_SECTION_PROTECTION;
        }
        if (!platform::allows(access_of(vad.maximum_protection), access_of(protection))) {
            return STATUS_SECTION_PROTECTION;
        }
    } else if (is_write_copy(protection)) {
        return STATUS_INVALID_PAGE_PROTECTION;
    }
    PW_TRY(check_secured_locked(first_address, pages << page_shift, protection));
    if (old_protection != nullptr) *old_protection = vad.runs.at(first).protection;
    drop_host_mapping_locked(vad);
    PW_TRY(options_.client->protect(first_address, pages << page_shift, access_of(protection)));
    vad.runs.set(first, pages, protection);
    return {};
}

Result<RegionInformation> AddressSpace::query(std::uint64_t address) {
    RegionInformation region;
    region.base_address = align_down(address, page_size_bytes);
    MutexLock guard(lock_);
    const auto it = find_locked(address);
    if (it == vads_.end()) {
        if (!in_slot(address)) return STATUS_INVALID_PARAMETER;
        const auto next = vads_.upper_bound(address);
        const std::uint64_t slot_end = slot_base_ + slot_bytes_;
        const std::uint64_t end = next != vads_.end() && next->first < slot_end ? next->first : slot_end;
        region.region_bytes = end - region.base_address;
        region.state = MEM_FREE;
        region.protection = PAGE_NOACCESS;
        return region;
    }
    const Vad& vad = it->second;
    const std::uint64_t page = vad.page_at(address);
    const PageRun run = vad.runs.at(page);
    region.allocation_base = vad.base;
    region.allocation_protection = vad.initial_protection;
    region.region_bytes = (run.first_page + run.pages - page) << page_shift;
    region.state = run.is_committed() ? MEM_COMMIT : MEM_RESERVE;
    region.protection = run.protection;
    const bool mapped = vad.kind == VadKind::section_view || vad.kind == VadKind::mdl_mapping;
    region.type = mapped ? MEM_MAPPED : MEM_PRIVATE;
    return region;
}

Status AddressSpace::resolve(std::uint64_t address, std::uint64_t length_bytes, PageAccess wanted,
                             const std::function<void(const ResolvedRun&)>& visit) {
    if (length_bytes == 0) return {};
    const std::uint64_t first_address = align_down(address, page_size_bytes);
    const std::uint64_t end = first_address + (pages_spanned(address, length_bytes) << page_shift);
    if (end < first_address) return STATUS_ACCESS_VIOLATION;
    MutexLock guard(lock_);
    // First whether it is all there and allowed, then the visit: the visitor locks pages.
    Status status;
    for (std::uint64_t next = first_address; next < end;) {
        const auto it = find_locked(next);
        if (it == vads_.end() || it->second.copy_on_write) return STATUS_NOT_FOUND;
        const Vad& vad = it->second;
        const std::uint64_t part_end = vad.end() < end ? vad.end() : end;
        vad.runs.for_each(vad.page_at(next), (part_end - next) >> page_shift, [&](const PageRun& run) {
            if (!platform::allows(access_of(run.protection), wanted)) status = STATUS_ACCESS_VIOLATION;
            return true;
        });
        next = part_end;
    }
    PW_TRY(status);
    for (std::uint64_t next = first_address; next < end;) {
        const Vad& vad = find_locked(next)->second;
        const std::uint64_t part_end = vad.end() < end ? vad.end() : end;
        vad.for_each_piece(vad.page_at(next), (part_end - next) >> page_shift,
                           [&](Segment& segment, std::uint64_t page, std::uint64_t at, std::uint64_t count) {
                               visit({&segment, page, vad.base + (at << page_shift), count});
                           });
        next = part_end;
    }
    return {};
}

bool AddressSpace::resolve_fault(std::uint64_t address, bool write) {
    if (embedded_ || !in_slot(address)) return false;
    MutexLock guard(lock_);
    const auto it = find_locked(address);
    // The host cannot see the pages that a process has for itself in a copy-on-write view.
    if (it == vads_.end() || it->second.copy_on_write) return false;
    Vad& vad = it->second;
    const PageAccess wanted = write ? PageAccess::write : PageAccess::read;
    if (!platform::allows(access_of(vad.runs.at(vad.page_at(address)).protection), wanted)) return false;
    // Another thread may have mapped it since the fault.
    if (vad.host_mapped) return platform::is_accessible(address, 1, write);
    bool mapped = true;
    vad.runs.for_each(0, vad.pages, [&](const PageRun& run) {
        const PageAccess access = access_of(run.protection);
        if (access == PageAccess::none) return true;
        vad.for_each_piece(run.first_page, run.pages,
                           [&](Segment& segment, std::uint64_t page, std::uint64_t at, std::uint64_t count) {
                               mapped = mapped && platform::map_fixed(vad.base + (at << page_shift),
                                                                      count << page_shift, access, segment.descriptor(),
                                                                      page << page_shift)
                                                      .is_success();
                           });
        return mapped;
    });
    vad.host_mapped = true;
    if (!mapped) drop_host_mapping_locked(vad);
    return mapped;
}

void AddressSpace::for_each(const std::function<void(const Vad&)>& visit) {
    MutexLock guard(lock_);
    for (const auto& [base, vad] : vads_) visit(vad);
}

void AddressSpace::clear(const std::function<void(const std::string&)>& leftover) {
    std::vector<Vad> removed;
    {
        MutexLock guard(lock_);
        if (cleared_.exchange(true)) return;
        while (!vads_.empty()) removed.push_back(remove_locked(vads_.begin()));
    }
    for (const Vad& vad : removed) {
        const std::string where = std::to_string(vad.pages << page_shift) + " bytes";
        if (vad.kind == VadKind::mdl_mapping) leftover("an MDL mapping of " + where + " was never unmapped");
        for (const SegmentPiece& piece : vad.pieces) {
            if (!is_private_to_process(piece.segment->kind()) || piece.segment->pinned_pages() == 0) continue;
            leftover(std::to_string(piece.segment->pinned_pages()) + " pages of " + to_string(vad.kind) + " of " +
                     where + " are still locked by an MDL (PROCESS_HAS_LOCKED_PAGES)");
        }
    }
    if (removed.empty() || locked_pages() == 0) return;
    leftover(std::to_string(locked_pages()) + " pages of the process are still locked (PROCESS_HAS_LOCKED_PAGES)");
}

}  // namespace pw::mm
