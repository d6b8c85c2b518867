// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/range_allocator.h"

#include <algorithm>

#include "base/check.h"
#include "base/checked_math.h"

namespace pw::mm {
namespace {

// The lowest (or highest) start in [low, high_end) for `pages` pages that satisfies alignment and boundary.
std::optional<std::uint64_t> fit(std::uint64_t low, std::uint64_t high_end, std::uint64_t pages,
                                 const RangeConstraints& wanted) {
    const std::uint64_t boundary = wanted.boundary_pages;
    if (high_end < pages || low > high_end - pages) return std::nullopt;
    if (wanted.top_down) {
        std::uint64_t start = align_down(high_end - pages, wanted.alignment_pages);
        if (boundary != 0 && (start ^ (start + pages - 1)) >= boundary) {
            // End at the boundary that it crossed.
            start = align_down(align_down(start + pages - 1, boundary) - pages, wanted.alignment_pages);
        }
        if (start < low || start > high_end - pages) return std::nullopt;
        if (boundary != 0 && (start ^ (start + pages - 1)) >= boundary) return std::nullopt;
        return start;
    }
    std::uint64_t start = align_up(low, wanted.alignment_pages);
    if (start < low) return std::nullopt;
    if (boundary != 0 && (start ^ (start + pages - 1)) >= boundary) {
        start = align_up(align_up(start, boundary), wanted.alignment_pages);
        if ((start ^ (start + pages - 1)) >= boundary) return std::nullopt;
    }
    if (start < low || start > high_end - pages) return std::nullopt;
    return start;
}

}  // namespace

RangeAllocator::RangeAllocator(std::uint64_t first, std::uint64_t pages)
    : first_(first), pages_(pages), free_pages_(pages) {
    if (pages != 0) holes_.emplace(first, pages);
}

std::optional<std::uint64_t> RangeAllocator::allocate(std::uint64_t pages, const RangeConstraints& wanted) {
    if (pages == 0 || pages > free_pages_ || wanted.highest < wanted.lowest) return std::nullopt;
    if (wanted.boundary_pages != 0 && pages > wanted.boundary_pages) return std::nullopt;
    const auto fit_hole = [&](const std::pair<const std::uint64_t, std::uint64_t>& hole) {
        const std::uint64_t end = hole.first + hole.second;
        const std::uint64_t low = std::max(hole.first, wanted.lowest);
        const std::uint64_t high_end = wanted.highest >= end - 1 ? end : wanted.highest + 1;
        return fit(low, high_end, pages, wanted);
    };
    if (wanted.top_down) {
        for (auto it = holes_.end(); it != holes_.begin();) {
            --it;
            if (it->first + it->second <= wanted.lowest) break;
            if (it->second < pages) continue;
            if (const auto start = fit_hole(*it)) {
                take(it, *start, pages);
                return start;
            }
        }
        return std::nullopt;
    }
    auto it = holes_.upper_bound(wanted.lowest);
    if (it != holes_.begin()) --it;
    for (; it != holes_.end() && it->first <= wanted.highest; ++it) {
        if (it->second < pages) continue;
        if (const auto start = fit_hole(*it)) {
            take(it, *start, pages);
            return start;
        }
    }
    return std::nullopt;
}

bool RangeAllocator::allocate_at(std::uint64_t first, std::uint64_t pages) {
    if (!is_free(first, pages)) return false;
    take(std::prev(holes_.upper_bound(first)), first, pages);
    return true;
}

bool RangeAllocator::is_free(std::uint64_t first, std::uint64_t pages) const {
    auto it = holes_.upper_bound(first);
    if (pages == 0 || it == holes_.begin()) return false;
    --it;
    const std::uint64_t offset = first - it->first;
    return offset < it->second && pages <= it->second - offset;
}

void RangeAllocator::take(std::map<std::uint64_t, std::uint64_t>::iterator hole, std::uint64_t first,
                          std::uint64_t pages) {
    const std::uint64_t hole_first = hole->first;
    const std::uint64_t hole_end = hole_first + hole->second;
    const std::uint64_t end = first + pages;
    if (first == hole_first) holes_.erase(hole);
    else hole->second = first - hole_first;
    if (end < hole_end) holes_.emplace(end, hole_end - end);
    free_pages_ -= pages;
}

void RangeAllocator::extend(std::uint64_t pages) {
    const std::uint64_t end = first_ + pages_;
    pages_ += pages;
    if (pages != 0) free(end, pages);
}

void RangeAllocator::free(std::uint64_t first, std::uint64_t pages) {
    PW_CHECK(pages != 0 && first >= first_ && first - first_ <= pages_ && pages <= pages_ - (first - first_));
    free_pages_ += pages;
    auto next = holes_.lower_bound(first);
    PW_CHECK(next == holes_.end() || next->first >= first + pages);
    if (next != holes_.end() && next->first == first + pages) {
        pages += next->second;
        next = holes_.erase(next);
    }
    if (next != holes_.begin()) {
        const auto previous = std::prev(next);
        PW_CHECK(previous->first + previous->second <= first);
        if (previous->first + previous->second == first) {
            previous->second += pages;
            return;
        }
    }
    holes_.emplace_hint(next, first, pages);
}

}  // namespace pw::mm
