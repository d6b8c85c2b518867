// SPDX-License-Identifier: Apache-2.0
// Fills and scans PFN arrays, several numbers at a time: what locking a large buffer costs per page is here.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/memory/frame_number.h"

namespace pw::mm {

namespace frame_runs_internal {
typedef std::uint64_t Numbers __attribute__((vector_size(16), aligned(8), may_alias));
inline constexpr std::uint64_t lanes = 2;
}  // namespace frame_runs_internal

inline void fill_consecutive(std::uint64_t* numbers, FrameNumber first, std::uint64_t count) {
    using namespace frame_runs_internal;
    std::uint64_t i = 0;
    Numbers next = {first, first + 1};
    const Numbers step = {lanes, lanes};
    for (; i + 2 * lanes <= count; i += 2 * lanes) {
        *reinterpret_cast<Numbers*>(numbers + i) = next;
        *reinterpret_cast<Numbers*>(numbers + i + lanes) = next + step;
        next += step + step;
    }
    for (; i < count; ++i) numbers[i] = first + i;
}

// How many numbers from the start on are consecutive; at least 1.
[[nodiscard]] inline std::uint64_t consecutive_count(const std::uint64_t* numbers, std::uint64_t count) {
    using namespace frame_runs_internal;
    const FrameNumber first = numbers[0];
    std::uint64_t i = 0;
    Numbers expected = {first, first + 1};
    const Numbers step = {lanes, lanes};
    constexpr std::uint64_t block = 16;
    for (; i + block <= count; i += block) {
        Numbers different = {0, 0};
        for (std::uint64_t j = 0; j < block; j += lanes) {
            different |= *reinterpret_cast<const Numbers*>(numbers + i + j) ^ expected;
            expected += step;
        }
        if ((different[0] | different[1]) != 0) break;
    }
    while (i < count && numbers[i] == first + i) ++i;
    return i;
}

[[nodiscard]] inline std::vector<FrameRange> consecutive_runs(const std::uint64_t* numbers, std::uint64_t count) {
    std::vector<FrameRange> runs;
    for (std::uint64_t i = 0; i < count;) {
        const std::uint64_t length = consecutive_count(numbers + i, count - i);
        runs.push_back({numbers[i], length});
        i += length;
    }
    return runs;
}

}  // namespace pw::mm
