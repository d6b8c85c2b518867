// SPDX-License-Identifier: Apache-2.0
// SegmentPiece: some consecutive pages of a segment; what a mapping is made of.
#pragma once

#include <cstdint>

#include "base/ref.h"
#include "kernel/memory/segment.h"

namespace pw::mm {

struct SegmentPiece {
    Ref<Segment> segment;
    std::uint64_t first_page = 0;
    std::uint64_t pages = 0;
};

}  // namespace pw::mm
