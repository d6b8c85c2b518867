// SPDX-License-Identifier: Apache-2.0
// SystemWindow: the one large range of system addresses in which every frame has its place.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/address_plan.h"
#include "kernel/memory/extent_map.h"
#include "kernel/memory/frame_table.h"
#include "kernel/memory/range_allocator.h"
#include "kernel/memory/segment.h"
#include "platform/mapping.h"

namespace pw::mm {

// A run of frames with the pages behind them; `segment` is empty where nothing lies.
struct FramePiece {
    FrameRange frames;
    Ref<Segment> segment;
    std::uint64_t first_page = 0;
};

// Pages that so many MDLs have locked.
struct LockedRun {
    FrameRange frames;
    std::uint32_t locks = 0;
};

class SystemWindow {
public:
    // STATUS_CONFLICTING_ADDRESSES when the addresses are taken.
    [[nodiscard]] static Result<std::unique_ptr<SystemWindow>> create(const AddressPlan& plan, CommitLimit& limit);
    ~SystemWindow();

    [[nodiscard]] std::uint64_t base() const { return base_; }
    [[nodiscard]] std::uint64_t length_bytes() const { return length_bytes_; }
    [[nodiscard]] bool contains(std::uint64_t address) const { return address - base_ < length_bytes_; }
    [[nodiscard]] bool has_frame(FrameNumber frame) const { return frame < length_bytes_ >> page_shift; }
    [[nodiscard]] std::uint64_t address_of(FrameNumber frame) const { return base_ + (frame << page_shift); }
    [[nodiscard]] FrameNumber frame_at(std::uint64_t address) const { return (address - base_) >> page_shift; }
    [[nodiscard]] FrameInfo& info(FrameNumber frame) const { return frame_table_[frame]; }
    [[nodiscard]] CommitLimit& commit_limit() { return commit_limit_; }
    [[nodiscard]] std::uint64_t next_segment_id() { return next_segment_id_.fetch_add(1, std::memory_order_relaxed); }

    // --- segments
    // Gives a segment frames that satisfy the constraints and maps it there; nothing to do when it is there already.
    // STATUS_INSUFFICIENT_RESOURCES.
    [[nodiscard]] Status place(Segment& segment, const RangeConstraints& constraints = {.lowest = four_gigabyte_frame});
    // Gives a segment exactly these frames: the device range below 4 GiB, which nothing else uses, or any free ones.
    // STATUS_CONFLICTING_ADDRESSES, STATUS_INSUFFICIENT_RESOURCES.
    [[nodiscard]] Status place_at(Segment& segment, FrameNumber first);
    void remove(Segment& segment);  // by its destructor only
    // The pages behind a range of frames, in order, without gaps in the report.
    [[nodiscard]] std::vector<FramePiece> pieces(FrameRange frames);
    // Whether the frame's memory is of a segment of that kind.
    [[nodiscard]] bool is_of_kind(FrameNumber frame, SegmentKind kind);
    // The frames from here on that hold one segment's pages; no pages when nothing lies there.
    [[nodiscard]] FrameRange home_run(FrameNumber frame);
    // Pins the pages: of the kernel's memory each page by itself, of other memory its segment.
    void pin(FrameRange frames);
    // The same when the segment behind the frames is known.
    void pin(FrameRange frames, Segment& segment);
    // Takes back what pin() of these frames gave; false when some page was not pinned.
    [[nodiscard]] bool unpin(FrameRange frames);
    [[nodiscard]] bool is_pinned(FrameNumber frame);
    // How many MDLs have pages of the range locked now, which are pages of the segment: runs of equal counts, without those
    // that nobody has locked. For reports: pins that come and go meanwhile may show in part.
    [[nodiscard]] std::vector<LockedRun> locked_runs(FrameRange frames, const Segment& segment) const;
    // The first page of kernel memory in the range that an MDL has locked; 0: none. One load when nothing is locked.
    [[nodiscard]] FrameNumber first_locked(FrameRange frames) const;
    // Whether a process has pages of this kernel memory mapped. One load when no process has any.
    [[nodiscard]] bool is_shown(FrameRange frames);
    void count_shown(int segments) { shown_segments_.fetch_add(segments, std::memory_order_relaxed); }

    // --- caching types, of pages that were allocated with another one than "cached". One load when there are none.
    void set_caching(FrameRange frames, std::uint8_t caching);  // MEMORY_CACHING_TYPE + 1; 0: cached again
    [[nodiscard]] std::uint8_t caching_of(FrameNumber frame) const {
        if (uncached_pages_.load(std::memory_order_relaxed) == 0) return 0;
        return info(frame).caching.load(std::memory_order_relaxed);
    }

    // --- ranges without frames, for mappings of pages that live elsewhere
    [[nodiscard]] Result<FrameNumber> reserve(std::uint64_t pages);
    void unreserve(FrameNumber first, std::uint64_t pages);  // nothing is mapped there any more

    // --- pages moved into a segment of their own (used by Rehoming, which maps them)
    void take_over(Ref<Segment> moved, FrameRange frames);
    // Ends the life of moved pages in the range and puts the original ones, now zero, back underneath.
    void restore(FrameRange frames);
    [[nodiscard]] bool has_moved_pages() const { return moved_count_.load(std::memory_order_acquire) != 0; }

private:
    SystemWindow(platform::Reservation reservation, FrameTable frame_table, CommitLimit& limit);
    void count_locks(FrameRange frames, const Segment& segment, std::uint16_t change);

    platform::Reservation reservation_;
    const std::uint64_t base_;
    const std::uint64_t length_bytes_;
    const FrameTable frame_table_;
    CommitLimit& commit_limit_;
    std::atomic<std::uint64_t> next_segment_id_{1};
    std::atomic<std::size_t> moved_count_{0};
    std::atomic<std::int64_t> locked_pages_{0};    // of kernel memory
    std::atomic<std::int64_t> shown_segments_{0};  // of kernel memory that a process has mapped
    std::atomic<std::int64_t> uncached_pages_{0};

    struct Moved {
        Ref<Segment> segment;
        Ref<Segment> origin;
        FrameNumber first_frame = 0;
        std::uint64_t origin_page = 0;  // at first_frame
        std::uint64_t pages_left = 0;
    };
    Mutex lock_{LockRank::window};
    RangeAllocator ranges_ PW_GUARDED_BY(lock_);
    ExtentMap extents_ PW_GUARDED_BY(lock_);
    std::unordered_map<Segment*, Moved> moved_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::mm
