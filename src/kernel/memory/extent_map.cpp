// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/extent_map.h"

#include <algorithm>

namespace pw::mm {
namespace {

FrameNumber end_of(FrameRange range) { return range.first + range.pages; }

Extent clipped(const Extent& extent, FrameNumber first, FrameNumber end) {
    Extent part = extent;
    part.frames.first = std::max(extent.frames.first, first);
    part.frames.pages = std::min(end_of(extent.frames), end) - part.frames.first;
    part.first_page += part.frames.first - extent.frames.first;
    return part;
}

}  // namespace

void ExtentMap::erase(FrameRange frames) {
    const FrameNumber end = end_of(frames);
    auto it = extents_.upper_bound(frames.first);
    if (it != extents_.begin() && end_of(std::prev(it)->second.frames) > frames.first) --it;
    while (it != extents_.end() && it->first < end) {
        const Extent extent = it->second;
        it = extents_.erase(it);
        if (extent.frames.first < frames.first) {
            extents_.emplace(extent.frames.first, clipped(extent, 0, frames.first));
        }
        if (end_of(extent.frames) > end) {
            extents_.emplace(end, clipped(extent, end, end_of(extent.frames)));
        }
    }
}

void ExtentMap::assign(FrameRange frames, Segment* segment, std::uint64_t first_page) {
    erase(frames);
    Extent added{frames, segment, first_page};
    // Joins neighbours that continue the same segment, so that a piece that comes back leaves no scar.
    auto next = extents_.lower_bound(frames.first);
    if (next != extents_.end() && next->first == end_of(added.frames) && next->second.segment == segment &&
        next->second.first_page == first_page + frames.pages) {
        added.frames.pages += next->second.frames.pages;
        next = extents_.erase(next);
    }
    if (next != extents_.begin()) {
        Extent& previous = std::prev(next)->second;
        if (end_of(previous.frames) == frames.first && previous.segment == segment &&
            previous.first_page + previous.frames.pages == first_page) {
            previous.frames.pages += added.frames.pages;
            return;
        }
    }
    extents_.emplace(added.frames.first, added);
}

Extent ExtentMap::find(FrameNumber frame) const {
    auto it = extents_.upper_bound(frame);
    if (it == extents_.begin()) return {};
    --it;
    return frame < end_of(it->second.frames) ? it->second : Extent{};
}

std::vector<Extent> ExtentMap::overlapping(FrameRange frames) const {
    std::vector<Extent> found;
    const FrameNumber end = end_of(frames);
    auto it = extents_.upper_bound(frames.first);
    if (it != extents_.begin() && end_of(std::prev(it)->second.frames) > frames.first) --it;
    for (; it != extents_.end() && it->first < end; ++it) found.push_back(clipped(it->second, frames.first, end));
    return found;
}

}  // namespace pw::mm
