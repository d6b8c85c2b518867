// SPDX-License-Identifier: Apache-2.0
// DrainLock: a lock that a fault handler may take; it says when the faulting thread holds it already.
#pragma once

#include <atomic>
#include <cstdint>

#include "platform/shared_words.h"

namespace pw::channel {

// Who holds it allocates nothing and touches no memory of the slot, so it never faults there itself.
class DrainLock {
public:
    // False when the calling thread holds the lock already.
    [[nodiscard]] bool lock() {
        const std::uint32_t self = platform::current_thread_id();
        if (owner_.load(std::memory_order_relaxed) == self) return false;
        std::uint32_t expected = 0;
        if (!word_.compare_exchange_strong(expected, 1, std::memory_order_acquire)) {
            while (word_.exchange(2, std::memory_order_acquire) != 0) platform::sleep_on_private(word_, 2);
        }
        owner_.store(self, std::memory_order_relaxed);
        return true;
    }
    void unlock() {
        owner_.store(0, std::memory_order_relaxed);
        if (word_.exchange(0, std::memory_order_release) == 2) platform::wake_private(word_);
    }

private:
    platform::SharedWord word_{0};  // 0 free, 1 held, 2 held and someone may sleep
    std::atomic<std::uint32_t> owner_{0};
};

}  // namespace pw::channel
