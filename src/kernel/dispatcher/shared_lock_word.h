// SPDX-License-Identifier: Apache-2.0
// SharedLockWord: a reader-writer lock in one word of the driver's memory: push locks and reader-writer spin locks.
#pragma once

#include <atomic>
#include <cstdint>

#include "kernel/dispatcher/spin_word.h"

namespace pw::ke {

// The word: bit 0 held exclusively, bit 1 somebody sleeps, from bit 2 on the number of shared holders. New readers queue
// behind sleepers, so writers do not starve.
template <typename Word>
class SharedLockWord {
public:
    explicit SharedLockWord(Word& word) : word_(word), address_(&word) {}

    [[nodiscard]] bool try_acquire_exclusive() {
        Word seen = 0;
        return word_.compare_exchange_strong(seen, exclusive, std::memory_order_acquire, std::memory_order_relaxed);
    }
    [[nodiscard]] bool try_acquire_shared() {
        Word seen = word_.load(std::memory_order_relaxed);
        while ((seen & (exclusive | sleepers)) == 0) {
            if (word_.compare_exchange_weak(seen, seen + one_reader, std::memory_order_acquire, std::memory_order_relaxed)) return true;
        }
        return false;
    }
    void acquire_exclusive() {
        wait([this] {
            Word seen = word_.load(std::memory_order_relaxed);
            return (seen & ~sleepers) == 0 &&
                   word_.compare_exchange_strong(seen, seen | exclusive, std::memory_order_acquire, std::memory_order_relaxed);
        });
    }
    void acquire_shared() {
        wait([this] { return try_acquire_shared(); });
    }
    // False: it was not held that way.
    [[nodiscard]] bool release_exclusive() {
        Word seen = word_.load(std::memory_order_relaxed);
        if ((seen & exclusive) == 0) return false;
        release_to(word_.exchange(0, std::memory_order_release));
        return true;
    }
    [[nodiscard]] bool release_shared() {
        Word seen = word_.load(std::memory_order_relaxed);
        for (;;) {
            if (seen < one_reader || (seen & exclusive) != 0) return false;
            const Word left = seen - one_reader;
            const Word next = left < one_reader ? Word{0} : left;  // the last one wakes who sleeps
            if (!word_.compare_exchange_weak(seen, next, std::memory_order_release, std::memory_order_relaxed)) continue;
            if (next == 0) release_to(seen);
            return true;
        }
    }
    // The only shared holder becomes the exclusive one. False when there are others.
    [[nodiscard]] bool try_convert() {
        Word seen = word_.load(std::memory_order_relaxed);
        while ((seen & ~sleepers) == one_reader) {
            if (word_.compare_exchange_weak(seen, (seen & sleepers) | exclusive, std::memory_order_acq_rel, std::memory_order_relaxed)) return true;
        }
        return false;
    }

private:
    static constexpr Word exclusive = 1;
    static constexpr Word sleepers = 2;
    static constexpr Word one_reader = 4;

    template <typename Try>
    void wait(Try acquire) {
        for (int spin = 0; !acquire(); ++spin) {
            if (spin < spins_before_sleep) {
                __builtin_ia32_pause();
                continue;
            }
            Word seen = word_.load(std::memory_order_relaxed);
            // Free again, or free but for a mark that its sleepers left behind: clear it, and try.
            if ((seen & ~sleepers) == 0) {
                if (seen != 0) (void)word_.compare_exchange_strong(seen, 0, std::memory_order_relaxed);
                continue;
            }
            if ((seen & sleepers) == 0 && !word_.compare_exchange_weak(seen, seen | sleepers, std::memory_order_relaxed)) continue;
            platform::futex_wait(address_, static_cast<std::uint32_t>(seen | sleepers));
        }
    }
    void release_to(Word before) {
        // Everyone looks again: readers go together, writers in turn.
        if ((before & sleepers) != 0) platform::futex_wake(address_, platform::wake_all);
    }

    std::atomic_ref<Word> word_;
    const void* address_;
};

}  // namespace pw::ke
