// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/address_space.h"

#include <ntstatus.h>
#include <pw_memory.h>

#include <algorithm>

#include "base/check.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/slot_allocator.h"

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

std::uint64_t AddressSpace::room_bytes() const {
    return std::min(manager_.slots().room_bytes(slot_base_), std::max(slot_bytes(), options_.client->reserved_bytes()));
}

Status AddressSpace::grow_locked(std::uint64_t pages) {
    // With a gap, so that the range can be aligned. In a space that is as large as it can be, most requests just fail.
    const std::uint64_t before = slot_bytes();
    const std::uint64_t wanted = before + (pages << page_shift) + allocation_granularity_bytes;
    if (wanted > room_bytes()) return STATUS_NO_MEMORY;
    PW_TRY(manager_.slots().grow(slot_base_, wanted));
    const std::uint64_t slot = manager_.slots().slot_bytes();
    const std::uint64_t after = (wanted + slot - 1) / slot * slot;
    addresses_.extend((after - before) >> page_shift);
    slot_bytes_.store(after, std::memory_order_release);
    return {};
}

Result<std::uint64_t> AddressSpace::choose_address_locked(const MapRequest& request) {
    const std::uint64_t alignment = alignment_of(request.kind);
    if (request.replaces_placeholder) {
        PW_TRY(take_placeholder_locked(request.requested_base, request.pages));
        return request.requested_base;
    }
    if (request.requested_base == 0) {
        const RangeConstraints wanted{.lowest = request.where.lowest >> page_shift,
                                      .highest = request.where.highest >> page_shift,
                                      .alignment_pages = std::max(alignment, request.where.alignment_bytes >> page_shift),
                                      .top_down = request.top_down};
        auto page = addresses_.allocate(request.pages, wanted);
        if (!page && grow_locked(request.pages + request.where.alignment_bytes / page_size_bytes).is_success()) {
            page = addresses_.allocate(request.pages, wanted);
        }
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
    if (request.pages == 0 || request.pages > room_bytes() >> page_shift) return STATUS_NO_MEMORY;
    if (vads_.size() >= most_regions) return STATUS_NO_MEMORY;
    PW_TRY_ASSIGN(const std::uint64_t base, choose_address_locked(request));
    Vad vad;
    vad.base = base;
    vad.pages = request.pages;
    vad.kind = request.kind;
    vad.copy_on_write = request.copy_on_write;
    vad.was_placeholder = request.replaces_placeholder;
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
        hide_locked(vad, request.replaces_placeholder ? Addresses::stay : Addresses::go);
        if (request.replaces_placeholder) put_placeholder_locked(base, request.pages);
        return status;
    }
    note_guard_locked(request.protection);
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

void AddressSpace::hide_locked(Vad& vad, Addresses addresses) {
    drop_host_mapping_locked(vad);
    if (vad.commit) vad.commit->remove_view(*this);
    forget_locked_pages_locked(vad.base, vad.pages);
    const bool usable = options_.client->unmap(vad.base, vad.pages << page_shift);
    if (!in_slot(vad.base)) return;
    if (addresses == Addresses::stay) {
        if (!usable) kept_unmaps_.emplace(vad.base, vad.pages);
        return;
    }
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

Vad AddressSpace::remove_locked(VadMap::iterator it, Addresses addresses) {
    Vad vad = std::move(it->second);
    vads_.erase(it);
    for (const SegmentPiece& shown : vad.pieces) shown.segment->remove_view();
    hide_locked(vad, addresses);
    return vad;
}

Status AddressSpace::unmap(std::uint64_t address, VadKind kind, bool to_placeholder) {
    Vad removed;  // its segments go after the lock
    MutexLock guard(lock_);
    const auto it = find_locked(address);
    if (it == vads_.end() || it->second.kind != kind) return STATUS_NOT_MAPPED_VIEW;
    if (kind != VadKind::section_view && it->second.base != address) return STATUS_NOT_MAPPED_VIEW;
    if (to_placeholder && !it->second.was_placeholder) return STATUS_CONFLICTING_ADDRESSES;
    PW_TRY(check_secured_locked(it->second.base, it->second.pages << page_shift, 0));
    removed = remove_locked(it, to_placeholder ? Addresses::stay : Addresses::go);
    if (to_placeholder) put_placeholder_locked(removed.base, removed.pages);
    return {};
}

bool AddressSpace::unmap_acknowledged(std::uint64_t address, std::uint64_t length_bytes) {
    MutexLock guard(lock_);
    // Those of placeholders are older than one that gives the same addresses up.
    const auto [first_kept, end_kept] = kept_unmaps_.equal_range(address);
    for (auto kept = first_kept; kept != end_kept; ++kept) {
        if (kept->second << page_shift != length_bytes) continue;
        kept_unmaps_.erase(kept);
        return true;
    }
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
        if (!platform::allows(access_of(vad.maximum_protection), access_of(without_guard(protection)))) {
            return STATUS_SECTION_PROTECTION;
        }
        // "Can be used only when allocating private memory": a view has the caching that it was mapped with.
        if (const std::uint32_t caching = caching_of(protection); caching != 0 && caching != caching_of(vad.initial_protection)) {
            return STATUS_INVALID_PAGE_PROTECTION;
        }
    } else if (is_write_copy(protection)) {
        return STATUS_INVALID_PAGE_PROTECTION;
    }
    PW_TRY(check_secured_locked(first_address, pages << page_shift, protection));
    if (old_protection != nullptr) *old_protection = vad.runs.at(first).protection;
    drop_host_mapping_locked(vad);
    PW_TRY(options_.client->protect(first_address, pages << page_shift, access_of(protection)));
    vad.runs.set(first, pages, protection);
    note_guard_locked(protection);
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
        const std::uint64_t slot_end = slot_base_ + slot_bytes();
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
    region.type = mapped ? MEM_MAPPED : vad.kind == VadKind::image_data ? MEM_IMAGE : MEM_PRIVATE;
    return region;
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
