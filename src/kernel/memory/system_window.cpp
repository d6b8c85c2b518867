// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/system_window.h"

#include <ntstatus.h>

#include <algorithm>

#include "base/check.h"
#include "platform/fault_injection.h"

namespace pw::mm {

using platform::PageAccess;

namespace {

bool is_device_hole(FrameRange frames) {
    return frames.first >= device_hole_first && frames.first + frames.pages <= device_hole_first + device_hole_pages;
}

}  // namespace

Result<std::unique_ptr<SystemWindow>> SystemWindow::create(const AddressPlan& plan, CommitLimit& limit) {
    PW_TRY_ASSIGN(platform::Reservation reservation, platform::Reservation::at(plan.window_base, plan.window_bytes));
    PW_TRY_ASSIGN(platform::Reservation table,
                  platform::Reservation::anywhere((plan.window_bytes >> page_shift) * sizeof(FrameInfo),
                                                  PageAccess::read_write));
    return std::unique_ptr<SystemWindow>(
        new SystemWindow(std::move(reservation), FrameTable(std::move(table)), limit));
}

SystemWindow::SystemWindow(platform::Reservation reservation, FrameTable frame_table, CommitLimit& limit)
    : reservation_(std::move(reservation)),
      base_(reservation_.base()),
      length_bytes_(reservation_.length_bytes()),
      frame_table_(std::move(frame_table)),
      commit_limit_(limit),
      ranges_(first_usable_frame, (length_bytes_ >> page_shift) - first_usable_frame) {
    MutexLock guard(lock_);
    PW_CHECK(ranges_.allocate_at(device_hole_first, device_hole_pages));
}

SystemWindow::~SystemWindow() {
    MutexLock guard(lock_);
    PW_CHECK(extents_.size() == 0);  // a segment must not outlive the window
}

Status SystemWindow::place(Segment& segment, const RangeConstraints& constraints) {
    MutexLock guard(lock_);
    if (segment.is_in_window()) return {};
    auto first = ranges_.allocate(segment.pages(), constraints);
    if (!first && constraints.lowest == four_gigabyte_frame && constraints.highest == ~std::uint64_t{0}) {
        first = ranges_.allocate(segment.pages());  // better a low frame than none
    }
    if (!first) return STATUS_INSUFFICIENT_RESOURCES;
    const PageAccess access = segment.memory().is_writable() ? PageAccess::read_write : PageAccess::read;
    if (const Status status = platform::map_fixed(address_of(*first), segment.length_bytes(), access,
                                                  segment.descriptor(), 0);
        status.is_failure()) {
        ranges_.free(*first, segment.pages());
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    extents_.assign({*first, segment.pages()}, &segment, 0);
    segment.owns_window_range_ = true;
    segment.first_frame_.store(*first, std::memory_order_release);
    return {};
}

Status SystemWindow::place_at(Segment& segment, FrameNumber first) {
    const FrameRange frames{first, segment.pages()};
    MutexLock guard(lock_);
    const bool in_hole = is_device_hole(frames);
    if (in_hole ? !extents_.overlapping(frames).empty() : !ranges_.allocate_at(first, frames.pages)) {
        return STATUS_CONFLICTING_ADDRESSES;
    }
    if (platform::map_fixed(address_of(first), segment.length_bytes(), PageAccess::read_write, segment.descriptor(), 0)
            .is_failure()) {
        if (!in_hole) ranges_.free(first, frames.pages);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    extents_.assign(frames, &segment, 0);
    segment.owns_window_range_ = true;
    segment.first_frame_.store(first, std::memory_order_release);
    return {};
}

void SystemWindow::remove(Segment& segment) {
    MutexLock guard(lock_);
    if (!segment.owns_window_range_) return;
    const FrameRange frames{segment.first_frame(), segment.pages()};
    for (const Extent& extent : extents_.overlapping(frames)) PW_CHECK(extent.segment == &segment);
    extents_.erase(frames);
    PW_CHECK(platform::unmap_to_reserved(address_of(frames.first), segment.length_bytes()).is_success());
    if (!is_device_hole(frames)) ranges_.free(frames.first, frames.pages);
}

std::vector<FramePiece> SystemWindow::pieces(FrameRange frames) {
    std::vector<FramePiece> found;
    MutexLock guard(lock_);
    FrameNumber next = frames.first;
    const FrameNumber end = frames.first + frames.pages;
    for (const Extent& extent : extents_.overlapping(frames)) {
        if (!extent.segment->try_add_ref()) continue;  // on its way out: as good as gone
        if (extent.frames.first > next) found.push_back({{next, extent.frames.first - next}, {}, 0});
        found.push_back({extent.frames, Ref<Segment>::adopt(extent.segment), extent.first_page});
        next = extent.frames.first + extent.frames.pages;
    }
    if (next < end) found.push_back({{next, end - next}, {}, 0});
    return found;
}

FrameRange SystemWindow::home_run(FrameNumber frame) {
    MutexLock guard(lock_);
    const Extent extent = extents_.find(frame);
    if (extent.segment == nullptr) return {};
    return {frame, extent.frames.first + extent.frames.pages - frame};
}

bool SystemWindow::is_of_kind(FrameNumber frame, SegmentKind kind) {
    MutexLock guard(lock_);
    const Segment* const segment = extents_.find(frame).segment;
    return segment != nullptr && segment->kind() == kind;
}

void SystemWindow::pin(FrameRange frames) {
    for (const FramePiece& piece : pieces(frames)) {
        if (piece.segment) pin(piece.frames, *piece.segment);
    }
}

void SystemWindow::pin(FrameRange frames, Segment& segment) {
    if (!is_kernel_memory(segment.kind())) {
        segment.pin(frames.pages);
        return count_locks(frames, segment, 1);
    }
    for (FrameNumber frame = frames.first; frame < frames.first + frames.pages; ++frame) {
        frame_table_[frame].locks.fetch_add(1, std::memory_order_relaxed);
    }
    locked_pages_.fetch_add(static_cast<std::int64_t>(frames.pages), std::memory_order_relaxed);
}

bool SystemWindow::unpin(FrameRange frames) {
    bool all_pinned = true;
    while (frames.pages != 0) {
        Segment* segment;
        std::uint64_t pages;
        {
            MutexLock guard(lock_);
            const Extent extent = extents_.find(frames.first);
            segment = extent.segment;
            if (segment == nullptr) return false;
            pages = extent.frames.first + extent.frames.pages - frames.first;
            if (pages > frames.pages) pages = frames.pages;
        }
        // The pin itself keeps the segment alive until here.
        if (is_kernel_memory(segment->kind())) {
            for (FrameNumber frame = frames.first; frame < frames.first + pages; ++frame) {
                std::atomic<std::uint16_t>& locks = frame_table_[frame].locks;
                std::uint16_t held = locks.load(std::memory_order_relaxed);
                while (held != 0 && !locks.compare_exchange_weak(held, static_cast<std::uint16_t>(held - 1))) {}
                if (held == 0) all_pinned = false;
                else locked_pages_.fetch_sub(1, std::memory_order_relaxed);
            }
        } else {
            // Before the pin goes: it may be all that keeps the segment.
            count_locks({frames.first, pages}, *segment, static_cast<std::uint16_t>(-1));
            if (!segment->try_unpin(pages)) {
                all_pinned = false;
                count_locks({frames.first, pages}, *segment, 1);
            }
        }
        frames.first += pages;
        frames.pages -= pages;
    }
    return all_pinned;
}

void SystemWindow::count_locks(FrameRange frames, const Segment& segment, std::uint16_t change) {
    frame_table_[frames.first].locks.fetch_add(change, std::memory_order_relaxed);
    const FrameNumber end = frames.first + frames.pages;
    // The frame behind the segment's last one is somebody else's.
    if (end == segment.first_frame() + segment.pages()) return;
    frame_table_[end].locks.fetch_sub(change, std::memory_order_relaxed);
}

std::vector<LockedRun> SystemWindow::locked_runs(FrameRange frames, const Segment& segment) const {
    std::vector<LockedRun> runs;
    const FrameNumber end = frames.first + frames.pages;
    const bool counts_pages = is_kernel_memory(segment.kind());
    if (counts_pages ? locked_pages_.load(std::memory_order_relaxed) == 0 : segment.pinned_pages() == 0) return runs;
    std::uint64_t left = counts_pages ? ~std::uint64_t{0} : segment.pinned_pages();
    std::uint16_t locks = 0;
    for (FrameNumber frame = counts_pages ? frames.first : segment.first_frame(); frame < end && left != 0; ++frame) {
        const std::uint16_t value = frame_table_[frame].locks.load(std::memory_order_relaxed);
        locks = counts_pages ? value : static_cast<std::uint16_t>(locks + value);
        left -= counts_pages ? 0 : std::min<std::uint64_t>(left, locks);
        if (locks == 0 || frame < frames.first) continue;
        const bool goes_on = !runs.empty() && runs.back().locks == locks &&
                             runs.back().frames.first + runs.back().frames.pages == frame;
        if (goes_on) ++runs.back().frames.pages;
        else runs.push_back({{frame, 1}, locks});
    }
    return runs;
}

bool SystemWindow::is_pinned(FrameNumber frame) {
    const std::vector<FramePiece> found = pieces({frame, 1});
    if (!found[0].segment) return false;
    return is_kernel_memory(found[0].segment->kind()) ? info(frame).locks.load(std::memory_order_relaxed) != 0
                                                      : found[0].segment->pinned_pages() != 0;
}

FrameNumber SystemWindow::first_locked(FrameRange frames) const {
    if (locked_pages_.load(std::memory_order_relaxed) == 0) return 0;
    for (FrameNumber frame = frames.first; frame < frames.first + frames.pages; ++frame) {
        if (frame_table_[frame].locks.load(std::memory_order_relaxed) != 0) return frame;
    }
    return 0;
}

bool SystemWindow::is_shown(FrameRange frames) {
    if (shown_segments_.load(std::memory_order_relaxed) == 0) return false;
    for (const FramePiece& piece : pieces(frames)) {
        if (piece.segment && piece.segment->views() != 0) return true;
    }
    return false;
}

void SystemWindow::set_caching(FrameRange frames, std::uint8_t caching) {
    for (FrameNumber frame = frames.first; frame < frames.first + frames.pages; ++frame) {
        const std::uint8_t before = frame_table_[frame].caching.exchange(caching, std::memory_order_relaxed);
        uncached_pages_.fetch_add((caching != 0) - (before != 0), std::memory_order_relaxed);
    }
}

Result<FrameNumber> SystemWindow::reserve(std::uint64_t pages) {
    MutexLock guard(lock_);
    // Mappings take addresses from the top, away from the frames that drivers see as physical addresses.
    const auto first = ranges_.allocate(pages, {.top_down = true});
    if (!first) return STATUS_INSUFFICIENT_RESOURCES;
    return *first;
}

void SystemWindow::unreserve(FrameNumber first, std::uint64_t pages) {
    MutexLock guard(lock_);
    ranges_.free(first, pages);
}

void SystemWindow::take_over(Ref<Segment> moved, FrameRange frames) {
    MutexLock guard(lock_);
    const Extent before = extents_.find(frames.first);
    PW_CHECK(before.segment != nullptr && before.segment->try_add_ref());
    Moved record{moved, Ref<Segment>::adopt(before.segment), frames.first,
                 before.first_page + (frames.first - before.frames.first), frames.pages};
    extents_.assign(frames, moved.get(), 0);
    moved->first_frame_.store(frames.first, std::memory_order_release);
    moved_.emplace(moved.get(), std::move(record));
    moved_count_.store(moved_.size(), std::memory_order_release);
}

void SystemWindow::restore(FrameRange frames) {
    const platform::UndoScope undo;
    std::vector<Moved> gone;  // dropped after the lock
    MutexLock guard(lock_);
    for (const Extent& extent : extents_.overlapping(frames)) {
        const auto it = moved_.find(extent.segment);
        if (it == moved_.end()) continue;
        Moved& moved = it->second;
        const std::uint64_t origin_page = moved.origin_page + (extent.frames.first - moved.first_frame);
        PW_CHECK(platform::map_fixed(address_of(extent.frames.first), extent.frames.pages << page_shift,
                                     PageAccess::read_write, moved.origin->descriptor(), origin_page << page_shift)
                     .is_success());
        extents_.assign(extent.frames, moved.origin.get(), origin_page);
        // Who still maps the moved segment sees its own copy; it has no frames here any more.
        extent.segment->first_frame_.store(0, std::memory_order_release);
        moved.pages_left -= extent.frames.pages;
        if (moved.pages_left != 0) continue;
        gone.push_back(std::move(moved));
        moved_.erase(it);
    }
    moved_count_.store(moved_.size(), std::memory_order_release);
}

}  // namespace pw::mm
