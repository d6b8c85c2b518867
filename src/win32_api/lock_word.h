// SPDX-License-Identifier: Apache-2.0
// LockWord: a 32-bit word in a structure that belongs to the application, used as futex; deadlines from milliseconds.
#pragma once

#include <cstdint>

#include "platform/clock.h"
#include "platform/futex.h"

namespace pw::win32 {

// The structure's layout is Windows'; the word is some 32 bits of it. Sequentially consistent where nothing else is said.
class LockWord {
public:
    explicit LockWord(void* bytes) : word_(static_cast<std::uint32_t*>(bytes)) {}

    [[nodiscard]] std::uint32_t load() const { return __atomic_load_n(word_, __ATOMIC_ACQUIRE); }
    void store(std::uint32_t value) { __atomic_store_n(word_, value, __ATOMIC_RELEASE); }
    std::uint32_t exchange(std::uint32_t value) { return __atomic_exchange_n(word_, value, __ATOMIC_SEQ_CST); }
    std::uint32_t add(std::uint32_t value) { return __atomic_fetch_add(word_, value, __ATOMIC_SEQ_CST); }
    // On failure `expected` becomes what was found.
    bool compare_exchange(std::uint32_t& expected, std::uint32_t value) {
        return __atomic_compare_exchange_n(word_, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    }
    bool wait(std::uint32_t expected, const platform::SleepDeadline& deadline = {}) {
        return platform::futex_wait(word_, expected, deadline);
    }
    void wake_one() { platform::futex_wake(word_, 1); }
    void wake_all() { platform::futex_wake(word_, platform::wake_all); }

private:
    std::uint32_t* word_;
};

// 0xFFFFFFFF milliseconds (INFINITE) is no deadline.
inline platform::SleepDeadline deadline_after(std::uint32_t milliseconds) {
    if (milliseconds == 0xFFFFFFFF) return platform::SleepDeadline::never();
    return platform::SleepDeadline::at_monotonic(platform::monotonic_time_ns() +
                                                 std::int64_t{milliseconds} * 1'000'000);
}

}  // namespace pw::win32
