// SPDX-License-Identifier: Apache-2.0
// BounceStatistics: how many bytes were copied instead of shared, and why.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "kernel/memory/client_memory.h"

namespace pw::mm {

class BounceStatistics {
public:
    struct Counter {
        std::atomic<std::uint64_t> transfers{0};
        std::atomic<std::uint64_t> bytes{0};
    };
    void count(BounceReason reason, std::uint64_t bytes) {
        Counter& counter = counters_[static_cast<std::size_t>(reason)];
        counter.transfers.fetch_add(1, std::memory_order_relaxed);
        counter.bytes.fetch_add(bytes, std::memory_order_relaxed);
    }
    [[nodiscard]] const Counter& operator[](BounceReason reason) const {
        return counters_[static_cast<std::size_t>(reason)];
    }

private:
    std::array<Counter, static_cast<std::size_t>(BounceReason::count)> counters_;
};

}  // namespace pw::mm
