// SPDX-License-Identifier: Apache-2.0
// Fills and scans PFN arrays, several numbers at a time: what locking a large buffer costs per page is here.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/memory/frame_number.h"

namespace pw::mm {

namespace frame_runs_internal {
typedef std::uint64_t Numbers __attribute__((vector_size(32), aligned(8), may_alias));
inline constexpr std::uint64_t lanes = 4;
}  // namespace frame_runs_internal

inline void fill_consecutive(std::uint64_t* numbers, FrameNumber first, std::uint64_t count) {
    using namespace frame_runs_internal;
    std::uint64_t i = 0;
    Numbers next = {first, first + 1, first + 2, first + 3};
    const Numbers step = {lanes, lanes, lanes, lanes};
    for (; i + lanes <= count; i += lanes) {
        *reinterpret_cast<Numbers*>(numbers + i) = next;
        next += step;
    }
    for (; i < count; ++i) numbers[i] = first + i;
}

// How many numbers from the start on are consecutive; at least 1.
[[nodiscard]] inline std::uint64_t consecutive_count(const std::uint64_t* numbers, std::uint64_t count) {
    using namespace frame_runs_internal;
    const FrameNumber first = numbers[0];
    std::uint64_t i = 0;
    Numbers expected = {first, first + 1, first + 2, first + 3};
    const Numbers step = {lanes, lanes, lanes, lanes};
    for (; i + 2 * lanes <= count; i += 2 * lanes) {
        const Numbers low = *reinterpret_cast<const Numbers*>(numbers + i) ^ expected;
        expected += step;
        const Numbers different = low | (*reinterpret_cast<const Numbers*>(numbers + i + lanes) ^ expected);
        expected += step;
        if ((different[0] | different[1] | different[2] | different[3]) != 0) break;
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
