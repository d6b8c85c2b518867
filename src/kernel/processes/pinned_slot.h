// SPDX-License-Identifier: Apache-2.0
// PinnedSlot: one pointer that its thread publishes and withdraws without a lock, and that others may hold for a moment.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/check.h"

namespace pw::ps {

// What is published is aligned to 16 bytes; the low bits count those that look at it.
class PinnedSlot {
public:
    // The owner's thread only.
    [[nodiscard]] bool is_empty() const { return value_.load(std::memory_order_relaxed) == 0; }
    // A full barrier: what the owner reads afterwards is not older than this.
    void publish(void* object) { value_.exchange(reinterpret_cast<std::uintptr_t>(object), std::memory_order_seq_cst); }
    // False while somebody has it pinned: try again. The owner's thread only, or whoever took its place.
    [[nodiscard]] bool try_withdraw(void* object) {
        std::uintptr_t expected = reinterpret_cast<std::uintptr_t>(object);
        return value_.compare_exchange_strong(expected, 0, std::memory_order_acq_rel, std::memory_order_relaxed);
    }

    // Any thread: what is published, kept from being withdrawn until unpin(); null when there is nothing.
    [[nodiscard]] void* try_pin() {
        std::uintptr_t value = value_.load(std::memory_order_seq_cst);
        do {
            if (value == 0) return nullptr;
            PW_CHECK((value & pin_mask) != pin_mask);
        } while (!value_.compare_exchange_weak(value, value + 1, std::memory_order_seq_cst));
        return reinterpret_cast<void*>(value & ~pin_mask);
    }
    void unpin() { value_.fetch_sub(1, std::memory_order_release); }

private:
    static constexpr std::uintptr_t pin_mask = 15;
    std::atomic<std::uintptr_t> value_{0};
};

}  // namespace pw::ps
