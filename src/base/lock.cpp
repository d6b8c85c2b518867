// SPDX-License-Identifier: Apache-2.0
#include "base/lock.h"

#include "base/check.h"

#if defined(PW_LOCK_RANKS_CHECKED)

namespace pw {
namespace {

constexpr int max_held_locks = 16;

struct HeldRanks {
    LockRank ranks[max_held_locks];
    int count = 0;
};

thread_local HeldRanks held_ranks;

}  // namespace

void lock_rank_acquired(LockRank rank) {
    HeldRanks& held = held_ranks;
    PW_CHECK(held.count < max_held_locks);
    for (int i = 0; i < held.count; ++i) PW_CHECK(held.ranks[i] < rank);
    held.ranks[held.count++] = rank;
}

void lock_rank_released(LockRank rank) {
    HeldRanks& held = held_ranks;
    for (int i = held.count - 1; i >= 0; --i) {
        if (held.ranks[i] != rank) continue;
        for (int j = i; j + 1 < held.count; ++j) held.ranks[j] = held.ranks[j + 1];
        --held.count;
        return;
    }
    constexpr bool released_a_held_lock = false;
    PW_CHECK(released_a_held_lock);
}

bool lock_rank_any_held() { return held_ranks.count != 0; }

}  // namespace pw

#endif
