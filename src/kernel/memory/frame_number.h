// SPDX-License-Identifier: Apache-2.0
// Frame numbers (PFNs): a frame number is a page of the system window; large numbers are foreign pages.
#pragma once

#include <cstdint>

#include "base/checked_math.h"

namespace pw::mm {

// PFN p is the page at window base + p * 4096, so contiguous frames are contiguous system addresses.
using FrameNumber = std::uint64_t;

// Frames below are never used, as on a PC.
inline constexpr FrameNumber first_usable_frame = 256;
// Ordinary allocations stay above the 4 GiB mark, so that low frames remain for callers that ask for them.
inline constexpr FrameNumber four_gigabyte_frame = 0x100000;
// As on a PC, the last 512 MiB below 4 GiB are no memory: simulated devices have their registers there.
inline constexpr FrameNumber device_hole_first = 0xE0000;
inline constexpr std::uint64_t device_hole_pages = four_gigabyte_frame - device_hole_first;
// A foreign frame is a page of this very process that lies in no segment (heap, stack, statics): its system address
// is its address, and it can never be mapped into another process.
inline constexpr FrameNumber foreign_frame_bit = FrameNumber{1} << 36;

[[nodiscard]] constexpr bool is_foreign(FrameNumber frame) { return frame >= foreign_frame_bit; }
[[nodiscard]] constexpr FrameNumber foreign_frame(std::uint64_t address) {
    return foreign_frame_bit + (address >> page_shift);
}
[[nodiscard]] constexpr std::uint64_t foreign_address(FrameNumber frame) {
    return (frame - foreign_frame_bit) << page_shift;
}

struct FrameRange {
    FrameNumber first = 0;
    std::uint64_t pages = 0;
    friend constexpr bool operator==(const FrameRange&, const FrameRange&) = default;
};

}  // namespace pw::mm
