// SPDX-License-Identifier: Apache-2.0
// What lies behind a process's addresses: for the kernel, and for the host's own page tables.
#include <ntstatus.h>

#include "kernel/memory/address_space.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/segment.h"

namespace pw::mm {

using platform::PageAccess;

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
        if (it == vads_.end()) return STATUS_NOT_FOUND;
        Vad& vad = it->second;
        const std::uint64_t part_end = vad.end() < end ? vad.end() : end;
        std::uint64_t guard_page = vad.pages;
        vad.runs.for_each(vad.page_at(next), (part_end - next) >> page_shift, [&](const PageRun& run) {
            if (status.is_failure()) return false;
            if (is_guarded(run.protection)) guard_page = run.first_page;
            else if (!platform::allows(access_of(run.protection), wanted)) status = STATUS_ACCESS_VIOLATION;
            return guard_page == vad.pages;
        });
        if (guard_page != vad.pages && trip_guard_locked(vad, guard_page)) return STATUS_GUARD_PAGE_VIOLATION;
        if (vad.copy_on_write) return STATUS_NOT_FOUND;
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
    shows_slot_ = true;
    if (!mapped) drop_host_mapping_locked(vad);
    return mapped;
}

void AddressSpace::thread_leaves() {
    if (threads_inside_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    MutexLock guard(lock_);
    // Who enters meanwhile finds its pages again when it touches them.
    if (!shows_slot_ || threads_inside_.load(std::memory_order_acquire) != 0) return;
    for (auto& [base, vad] : vads_) {
        if (in_slot(base)) drop_host_mapping_locked(vad);
    }
    shows_slot_ = false;
}

void AddressSpace::for_each(const std::function<void(const Vad&)>& visit) {
    MutexLock guard(lock_);
    for (const auto& [base, vad] : vads_) visit(vad);
}

}  // namespace pw::mm
