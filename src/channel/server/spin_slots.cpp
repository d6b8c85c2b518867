// SPDX-License-Identifier: Apache-2.0
#include "channel/server/spin_slots.h"

#include <algorithm>

#include "channel/wait_policy.h"

namespace pw::channel {

SpinSlots::SpinSlots(unsigned processors)
    : count_(std::min(processors / 2, max_slots)), stale_ticks_(2 * spin_budget_ticks()) {}

SpinSlots::Holder::Holder(SpinSlots& slots)
    : slots_(slots), id_(slots.next_id_.fetch_add(1, std::memory_order_relaxed)) {}

bool SpinSlots::Holder::hold() {
    const std::uint64_t now = platform::time_stamp();
    if (holds()) {
        slots_.slots_[index_].last_use.store(now, std::memory_order_relaxed);
        return true;
    }
    index_ = -1;
    for (unsigned i = 0; i < slots_.count_; ++i) {
        Slot& slot = slots_.slots_[i];
        std::uint64_t owner = slot.owner.load(std::memory_order_relaxed);
        const std::uint64_t last_use = slot.last_use.load(std::memory_order_relaxed);
        // A time stamp that is a little ahead of ours comes from another processor: not stale.
        const bool stale = now > last_use && now - last_use > slots_.stale_ticks_;
        if (owner != 0 && !stale) continue;
        if (!slot.owner.compare_exchange_strong(owner, id_, std::memory_order_relaxed)) continue;
        slot.last_use.store(now, std::memory_order_relaxed);
        index_ = static_cast<int>(i);
        return true;
    }
    return false;
}

void SpinSlots::Holder::release() {
    if (index_ < 0) return;
    std::uint64_t expected = id_;
    slots_.slots_[index_].owner.compare_exchange_strong(expected, 0, std::memory_order_relaxed);
    index_ = -1;
}

}  // namespace pw::channel
