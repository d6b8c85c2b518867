// SPDX-License-Identifier: Apache-2.0
// ExtentMap: which segment's pages lie behind each range of frames.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "kernel/memory/frame_number.h"

namespace pw::mm {

class Segment;

struct Extent {
    FrameRange frames;
    Segment* segment = nullptr;
    std::uint64_t first_page = 0;  // of the segment, at frames.first
    friend bool operator==(const Extent&, const Extent&) = default;
};

// Not synchronised (the window's lock protects it); keeps no references.
class ExtentMap {
public:
    // Replaces whatever the range showed before; extents that stick out at an end keep the rest.
    void assign(FrameRange frames, Segment* segment, std::uint64_t first_page);
    void erase(FrameRange frames);

    // The whole extent that holds the frame; segment nullptr when there is none.
    [[nodiscard]] Extent find(FrameNumber frame) const;
    // Extents that overlap the range, clipped to it, in order.
    [[nodiscard]] std::vector<Extent> overlapping(FrameRange frames) const;
    [[nodiscard]] std::size_t size() const { return extents_.size(); }

private:
    std::map<FrameNumber, Extent> extents_;  // by first frame; never overlapping
};

}  // namespace pw::mm
