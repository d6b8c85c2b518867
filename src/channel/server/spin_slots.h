// SPDX-License-Identifier: Apache-2.0
// SpinSlots: the host-wide bound on pairs that wait by spinning: one per two processors.
#pragma once

#include <atomic>
#include <cstdint>

#include "platform/shared_words.h"

namespace pw::channel {

// Any thread, no lock. A pair keeps its slot while it is busy; others take it over when it has not been used for a while,
// so a pair that blocks in a long call does not keep everybody else from spinning.
class SpinSlots {
public:
    static constexpr unsigned max_slots = 64;

    // processors: how many the machine has. One processor gives no slot: spinning would only delay the peer.
    explicit SpinSlots(unsigned processors);

    // One per pair; its slot goes back when it dies.
    class Holder {
    public:
        explicit Holder(SpinSlots& slots);
        ~Holder() { release(); }
        Holder(const Holder&) = delete;
        Holder& operator=(const Holder&) = delete;

        // True if the pair has a slot now; renews it.
        [[nodiscard]] bool hold();
        // True if it still has the slot that it got before: two loads. Does not renew it.
        [[nodiscard]] bool holds() const {
            return index_ >= 0 && slots_.slots_[index_].owner.load(std::memory_order_relaxed) == id_;
        }
        // The pair goes to sleep.
        void release();

    private:
        SpinSlots& slots_;
        const std::uint64_t id_;
        int index_ = -1;
    };

    [[nodiscard]] unsigned count() const { return count_; }

private:
    struct alignas(64) Slot {
        std::atomic<std::uint64_t> owner{0};  // a Holder's id; 0: free
        std::atomic<std::uint64_t> last_use{0};  // time stamp
    };

    const unsigned count_;
    const std::uint64_t stale_ticks_;
    std::atomic<std::uint64_t> next_id_{1};
    Slot slots_[max_slots];
};

}  // namespace pw::channel
