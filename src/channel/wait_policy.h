// SPDX-License-Identifier: Apache-2.0
// How one side of a thread's page pair waits for the other: spin for a while when allowed, then sleep (design D7).
#pragma once

#include <cstdint>

#include "platform/shared_words.h"

namespace pw::channel {

// Longer than the wake of a halted processor (20–40 µs), else one sleep makes the next one certain.
inline constexpr std::uint64_t spin_budget_us = 100;

inline std::uint64_t spin_budget_ticks() {
    static const std::uint64_t ticks = spin_budget_us * platform::time_stamps_per_us();
    return ticks;
}

// Why a wait ended.
enum class WaitEnd { changed, interrupted };

// What one side waits on. `own` is a word of this process: when it leaves 0, the wait is interrupted for good.
struct WaitSide {
    const platform::SharedWord& word;           // written by the peer
    std::atomic<std::uint32_t>& sleeping_flag;  // ours; tells the peer to wake us
    const platform::SharedWord& own;
};

enum class SpinEnd { at_once, later, budget_over };

// Polls the word. `at_once`: it changed before the clock was looked at, as between two sides that are both busy.
inline SpinEnd spin_until_changed(const WaitSide& side, std::uint32_t old, std::uint64_t budget_ticks) {
    for (int i = 0; i < 32; ++i) {
        if (side.word.load(std::memory_order_acquire) != old) return SpinEnd::at_once;
        platform::spin_pause();
    }
    const std::uint64_t start = platform::time_stamp();
    for (;;) {
        for (int i = 0; i < 8; ++i) {
            if (side.word.load(std::memory_order_acquire) != old) return SpinEnd::later;
            platform::spin_pause();
        }
        if (side.own.load(std::memory_order_relaxed) != 0) return SpinEnd::later;
        if (platform::time_stamp() - start > budget_ticks) return SpinEnd::budget_over;
    }
}

inline void sleep_until_changed(const WaitSide& side, std::uint32_t old) {
    // The peer stores its word, then reads our flag; we store the flag, then read the word. Both fully ordered.
    side.sleeping_flag.store(1, std::memory_order_seq_cst);
    while (side.word.load(std::memory_order_seq_cst) == old && side.own.load(std::memory_order_acquire) == 0) {
        platform::sleep_on_either(side.word, old, side.own, 0);
    }
    side.sleeping_flag.store(0, std::memory_order_relaxed);
}

// Waits until the word differs from `old`. An interruption counts only when the word has not changed.
inline WaitEnd wait_for_change(const WaitSide& side, std::uint32_t old, bool may_spin) {
    if (!may_spin || spin_until_changed(side, old, spin_budget_ticks()) == SpinEnd::budget_over) {
        sleep_until_changed(side, old);
    }
    return side.word.load(std::memory_order_acquire) != old ? WaitEnd::changed : WaitEnd::interrupted;
}

// Publishes a new value of `word` and wakes the peer if it sleeps. `peer_sleeps` may be hostile: it costs a system call.
inline void publish(platform::SharedWord& word, std::uint32_t value, const std::atomic<std::uint32_t>& peer_sleeps) {
    word.exchange(value, std::memory_order_seq_cst);
    if (peer_sleeps.load(std::memory_order_seq_cst) != 0) platform::wake_shared(word);
}

}  // namespace pw::channel
