// SPDX-License-Identifier: Apache-2.0
// The clock of every benchmark: monotonic nanoseconds, the same in every process of the machine.
#pragma once

#include <chrono>
#include <cstdint>

namespace pw::bench {

// Nanoseconds since an arbitrary start. Costs 20-30 ns: time batches of operations, not single short ones.
[[nodiscard]] inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

} // namespace pw::bench
