// SPDX-License-Identifier: Apache-2.0
// PageAllocator: whole pages of kernel memory; small runs are carved from slabs, large ones get a segment of their own.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/frame_number.h"
#include "kernel/memory/range_allocator.h"
#include "kernel/memory/segment.h"

namespace pw::mm {

class Rehoming;
class SystemWindow;

class PageAllocator {
public:
    PageAllocator(SystemWindow& window, Rehoming& rehoming) : window_(window), rehoming_(rehoming) {}
    ~PageAllocator();
    PageAllocator(const PageAllocator&) = delete;
    PageAllocator& operator=(const PageAllocator&) = delete;

    // Consecutive frames, mapped at their window addresses; zeroed when `zeroed`, else with old bytes. The constraints
    // are in frames. STATUS_INSUFFICIENT_RESOURCES, STATUS_COMMITMENT_LIMIT, STATUS_NO_MEMORY. LockRank::pool.
    [[nodiscard]] Result<FrameNumber> allocate(std::uint64_t pages, SegmentKind kind, bool zeroed,
                                               const RangeConstraints& constraints = any_frame);
    // Exactly what allocate() gave. Pages that a process got are dropped, not recycled.
    void free(FrameNumber first, std::uint64_t pages);

    // Whether every page of the range is handed out now.
    [[nodiscard]] bool is_allocated(FrameRange frames);
    // Everything from which pages are handed out, in use or not.
    [[nodiscard]] std::vector<FrameRange> ranges();

    static constexpr RangeConstraints any_frame{.lowest = four_gigabyte_frame};
    static constexpr std::uint64_t slab_pages = 1024;
    static constexpr std::uint64_t largest_carved_pages = 64;

private:
    struct Slab {
        explicit Slab(Ref<Segment> memory)
            : segment(std::move(memory)), free(segment->first_frame(), slab_pages) {}
        Ref<Segment> segment;
        RangeAllocator free;
    };
    using Slabs = std::map<FrameNumber, std::unique_ptr<Slab>>;  // by first frame

    [[nodiscard]] Result<FrameNumber> carve(std::uint64_t pages, bool low);

    SystemWindow& window_;
    Rehoming& rehoming_;
    Mutex lock_{LockRank::pool};
    // [0]: above 4 GiB; [1]: below, for callers whose highest acceptable address is 4 GiB - 1.
    std::array<Slabs, 2> slabs_ PW_GUARDED_BY(lock_);
    std::array<FrameNumber, 2> recent_ PW_GUARDED_BY(lock_){};  // where the last carving succeeded
    std::map<FrameNumber, Ref<Segment>> segments_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::mm
