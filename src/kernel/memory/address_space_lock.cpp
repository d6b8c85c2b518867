// SPDX-License-Identifier: Apache-2.0
// NtLockVirtualMemory, NtUnlockVirtualMemory, NtFlushVirtualMemory.
#include <ntstatus.h>

#include "kernel/memory/address_space.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/segment.h"
#include "platform/section_file.h"

namespace pw::mm {
namespace {

// What a process may lock; NT's limit follows the minimum working set.
constexpr std::size_t max_locked_pages = 65536;

struct PageRange {
    std::uint64_t first_address = 0;
    std::uint64_t pages = 0;
};

Status round_to_pages(std::uint64_t address, std::uint64_t length_bytes, PageRange* range) {
    std::uint64_t end = 0;
    if (length_bytes == 0 || !checked_add(address, length_bytes, &end)) return STATUS_INVALID_PARAMETER;
    range->first_address = align_down(address, page_size_bytes);
    range->pages = pages_spanned(address, length_bytes);
    return {};
}

}  // namespace

Status AddressSpace::lock_pages(std::uint64_t* address, std::uint64_t* length_bytes) {
    PageRange range;
    PW_TRY(round_to_pages(*address, *length_bytes, &range));
    if (range.pages > max_locked_pages) return STATUS_WORKING_SET_QUOTA;
    const std::uint64_t end = range.first_address + (range.pages << page_shift);
    MutexLock guard(lock_);
    for (std::uint64_t next = range.first_address; next < end;) {
        const auto it = find_locked(next);
        if (it == vads_.end()) {
            // Embedded, the program's own data lies in no region.
            if (!embedded_ || !platform::is_accessible(next, 1, false)) return STATUS_ACCESS_VIOLATION;
            next += page_size_bytes;
            continue;
        }
        Vad& vad = it->second;
        const std::uint64_t part_end = vad.end() < end ? vad.end() : end;
        Status status;
        std::uint64_t guard_page = vad.pages;
        vad.runs.for_each(vad.page_at(next), (part_end - next) >> page_shift, [&](const PageRun& run) {
            if (is_guarded(run.protection)) guard_page = run.first_page;
            else if (access_of(run.protection) == platform::PageAccess::none) status = STATUS_ACCESS_VIOLATION;
            return status.is_success() && guard_page == vad.pages;
        });
        // "The first attempt to lock the memory block fails, … the second attempt succeeds" ("Creating Guard Pages").
        if (guard_page != vad.pages && trip_guard_locked(vad, guard_page)) return STATUS_GUARD_PAGE_VIOLATION;
        PW_TRY(status);
        next = part_end;
    }
    const std::uint64_t first = range.first_address >> page_shift;
    std::size_t already = 0;
    for (std::uint64_t page = first; page < first + range.pages; ++page) already += pages_locked_by_process_.count(page);
    if (pages_locked_by_process_.size() + range.pages - already > max_locked_pages) return STATUS_WORKING_SET_QUOTA;
    for (std::uint64_t next = range.first_address; next < end;) {
        const auto it = find_locked(next);
        if (it == vads_.end()) {
            next += page_size_bytes;
            continue;
        }
        const Vad& vad = it->second;
        const std::uint64_t part_end = vad.end() < end ? vad.end() : end;
        Status status;
        vad.for_each_piece(vad.page_at(next), (part_end - next) >> page_shift,
                           [&](Segment& segment, std::uint64_t page, std::uint64_t, std::uint64_t count) {
                               // Memory comes now; a file's pages are the file system's affair.
                               if (status.is_failure() || vad.copy_on_write || segment.kind() == SegmentKind::file) return;
                               status = segment.memory().populate(page << page_shift, count << page_shift);
                           });
        PW_TRY(status);
        next = part_end;
    }
    for (std::uint64_t page = first; page < first + range.pages; ++page) pages_locked_by_process_.insert(page);
    *address = range.first_address;
    *length_bytes = range.pages << page_shift;
    return already != 0 ? Status(STATUS_WAS_LOCKED) : Status();
}

Status AddressSpace::unlock_pages(std::uint64_t* address, std::uint64_t* length_bytes) {
    PageRange range;
    PW_TRY(round_to_pages(*address, *length_bytes, &range));
    if (range.pages > max_locked_pages) return STATUS_NOT_LOCKED;
    const std::uint64_t first = range.first_address >> page_shift;
    MutexLock guard(lock_);
    for (std::uint64_t page = first; page < first + range.pages; ++page) {
        if (pages_locked_by_process_.count(page) == 0) return STATUS_NOT_LOCKED;
    }
    forget_locked_pages_locked(range.first_address, range.pages);
    *address = range.first_address;
    *length_bytes = range.pages << page_shift;
    return {};
}

void AddressSpace::forget_locked_pages_locked(std::uint64_t address, std::uint64_t pages) {
    if (pages_locked_by_process_.empty()) return;
    const std::uint64_t first = address >> page_shift;
    pages_locked_by_process_.erase(pages_locked_by_process_.lower_bound(first),
                                   pages_locked_by_process_.lower_bound(first + pages));
}

Status AddressSpace::flush(std::uint64_t* address, std::uint64_t* length_bytes) {
    struct Part {
        Ref<Segment> segment;
        std::uint64_t offset_bytes;
        std::uint64_t length_bytes;
    };
    std::vector<Part> parts;
    const std::uint64_t first_address = align_down(*address, page_size_bytes);
    std::uint64_t pages = 0;
    {
        MutexLock guard(lock_);
        const auto it = find_locked(first_address);
        if (it == vads_.end()) return STATUS_NOT_MAPPED_VIEW;
        const Vad& vad = it->second;
        if (vad.kind != VadKind::section_view) return STATUS_NOT_MAPPED_DATA;
        const std::uint64_t first = vad.page_at(first_address);
        pages = *length_bytes == 0 ? vad.pages - first : pages_spanned(*address, *length_bytes);
        if (pages > vad.pages - first) return STATUS_NOT_MAPPED_VIEW;
        vad.for_each_piece(first, pages, [&](Segment& segment, std::uint64_t page, std::uint64_t, std::uint64_t count) {
            if (segment.kind() != SegmentKind::file || vad.copy_on_write) return;
            parts.push_back({Ref<Segment>(&segment), page << page_shift, count << page_shift});
        });
    }
    // Without the lock: the disk may take its time.
    for (const Part& part : parts) {
        PW_TRY(platform::flush_file_range(part.segment->descriptor(), part.offset_bytes, part.length_bytes));
    }
    *address = first_address;
    *length_bytes = pages << page_shift;
    return {};
}

}  // namespace pw::mm
