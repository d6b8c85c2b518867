// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/page_allocator.h"

#include <cstring>
#include <optional>

#include "base/check.h"
#include "kernel/memory/poison.h"
#include "kernel/memory/rehoming.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

constexpr bool is_low(const RangeConstraints& wanted) {
    return wanted.lowest == 0 && wanted.highest >= four_gigabyte_frame - 1;
}

// Slabs are aligned to their size, so a run inside of one crosses no larger boundary.
bool can_be_carved(std::uint64_t pages, const RangeConstraints& wanted) {
    if (pages > PageAllocator::largest_carved_pages || wanted.alignment_pages > 1) return false;
    if (wanted.boundary_pages != 0 && wanted.boundary_pages < PageAllocator::slab_pages) return false;
    if (wanted.lowest == four_gigabyte_frame && wanted.highest == ~std::uint64_t{0}) return true;
    return is_low(wanted);
}

}  // namespace

PageAllocator::~PageAllocator() {
    for (const FrameRange& range : ranges()) poison::unpoison(window_.address_of(range.first), range.pages << page_shift);
    // What drivers leaked goes with the kernel; pages that processes saw are dropped first.
    for (const auto& [first, segment] : segments_) rehoming_.restore_at_exit({first, segment->pages()});
    for (const Slabs& slabs : slabs_) {
        for (const auto& [first, slab] : slabs) rehoming_.restore_at_exit({first, slab_pages});
    }
}

Result<FrameNumber> PageAllocator::allocate(std::uint64_t pages, SegmentKind kind, bool zeroed,
                                            const RangeConstraints& constraints) {
    if (can_be_carved(pages, constraints)) {
        PW_TRY_ASSIGN(const FrameNumber first, carve(pages, constraints.lowest != four_gigabyte_frame));
        poison::unpoison(window_.address_of(first), pages << page_shift);
        if (zeroed) std::memset(reinterpret_cast<void*>(window_.address_of(first)), 0, pages << page_shift);
        return first;
    }
    PW_TRY_ASSIGN(Ref<Segment> segment, Segment::create(window_, kind, pages, pages));
    PW_TRY(window_.place(*segment, constraints));
    const FrameNumber first = segment->first_frame();
    MutexLock guard(lock_);
    segments_.emplace(first, std::move(segment));
    return first;
}

Result<FrameNumber> PageAllocator::carve(std::uint64_t pages, bool low) {
    const std::size_t group = low ? 1 : 0;
    {
        MutexLock guard(lock_);
        Slabs& slabs = slabs_[group];
        if (const auto it = slabs.find(recent_[group]); it != slabs.end()) {
            if (const auto first = it->second->free.allocate(pages)) return *first;
        }
        for (const auto& [slab_first, slab] : slabs) {
            if (const auto first = slab->free.allocate(pages)) {
                recent_[group] = slab_first;
                return *first;
            }
        }
    }
    PW_TRY_ASSIGN(Ref<Segment> segment, Segment::create(window_, SegmentKind::slab, slab_pages, slab_pages));
    RangeConstraints place{.lowest = four_gigabyte_frame, .alignment_pages = slab_pages};
    if (low) place = {.highest = four_gigabyte_frame - 1, .alignment_pages = slab_pages};
    PW_TRY(window_.place(*segment, place));
    auto slab = std::make_unique<Slab>(std::move(segment));
    const FrameNumber slab_first = slab->segment->first_frame();
    const auto first = slab->free.allocate(pages);
    PW_CHECK(first.has_value());
    MutexLock guard(lock_);
    slabs_[group].emplace(slab_first, std::move(slab));
    recent_[group] = slab_first;
    return *first;
}

std::vector<FrameRange> PageAllocator::ranges() {
    std::vector<FrameRange> all;
    MutexLock guard(lock_);
    for (const auto& [first, segment] : segments_) all.push_back({first, segment->pages()});
    for (const Slabs& slabs : slabs_) {
        for (const auto& [first, slab] : slabs) all.push_back({first, slab_pages});
    }
    return all;
}

bool PageAllocator::is_allocated(FrameRange frames) {
    const FrameNumber end = frames.first + frames.pages;
    MutexLock guard(lock_);
    for (FrameNumber next = frames.first; next < end;) {
        FrameNumber covered = next;
        if (auto it = segments_.upper_bound(next); it != segments_.begin()) {
            --it;
            if (next < it->first + it->second->pages()) covered = it->first + it->second->pages();
        }
        for (Slabs& slabs : slabs_) {
            auto it = slabs.upper_bound(next);
            if (it == slabs.begin() || next - std::prev(it)->first >= slab_pages) continue;
            --it;
            while (covered < it->first + slab_pages && covered < end && !it->second->free.is_free(covered, 1)) ++covered;
        }
        if (covered == next) return false;
        next = covered;
    }
    return true;
}

void PageAllocator::free(FrameNumber first, std::uint64_t pages) {
    if (window_.has_moved_pages()) rehoming_.restore({first, pages});
    poison::poison(window_.address_of(first), pages << page_shift);
    Ref<Segment> dropped;           // unmapped after the lock
    std::unique_ptr<Slab> emptied;
    MutexLock guard(lock_);
    if (const auto it = segments_.find(first); it != segments_.end()) {
        PW_CHECK(it->second->pages() == pages);
        poison::unpoison(window_.address_of(first), pages << page_shift);
        dropped = std::move(it->second);
        segments_.erase(it);
        return;
    }
    for (Slabs& slabs : slabs_) {
        auto it = slabs.upper_bound(first);
        if (it == slabs.begin() || first - std::prev(it)->first >= slab_pages) continue;
        --it;
        it->second->free.free(first, pages);
        // One empty slab stays, so that a driver that allocates and frees does not make a memfd each time.
        if (it->second->free.free_pages() == slab_pages && slabs.size() > 1) {
            poison::unpoison(window_.address_of(it->first), slab_pages << page_shift);
            emptied = std::move(it->second);
            slabs.erase(it);
        }
        return;
    }
    PW_CHECK(false && "freed pages that were never allocated");
}

}  // namespace pw::mm
