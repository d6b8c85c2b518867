// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/pinned_slot.h"

#include <gtest/gtest.h>

#include <thread>

namespace pw::ps {
namespace {

struct alignas(16) Thing {
    std::atomic<bool> is_alive{true};
};

TEST(PinnedSlot, HoldsWhatIsPublishedUntilItIsWithdrawn) {
    PinnedSlot slot;
    Thing thing;
    EXPECT_TRUE(slot.is_empty());
    EXPECT_EQ(slot.try_pin(), nullptr);
    slot.publish(&thing);
    EXPECT_FALSE(slot.is_empty());
    EXPECT_TRUE(slot.try_withdraw(&thing));
    EXPECT_TRUE(slot.is_empty());
}

TEST(PinnedSlot, IsNotWithdrawnWhileAnybodyHoldsIt) {
    PinnedSlot slot;
    Thing thing;
    slot.publish(&thing);
    EXPECT_EQ(slot.try_pin(), &thing);
    EXPECT_EQ(slot.try_pin(), &thing);
    EXPECT_FALSE(slot.try_withdraw(&thing));
    slot.unpin();
    EXPECT_FALSE(slot.try_withdraw(&thing));
    slot.unpin();
    EXPECT_TRUE(slot.try_withdraw(&thing));
}

TEST(PinnedSlot, NeverShowsWhatWasWithdrawn) {
    PinnedSlot slot;
    std::atomic<bool> stop{false};
    std::thread looker([&] {
        while (!stop.load()) {
            if (void* pinned = slot.try_pin()) {
                EXPECT_TRUE(static_cast<Thing*>(pinned)->is_alive.load());
                slot.unpin();
            }
        }
    });
    for (int i = 0; i < 20000; ++i) {
        Thing thing;
        slot.publish(&thing);
        while (!slot.try_withdraw(&thing)) std::this_thread::yield();
        thing.is_alive = false;
    }
    stop = true;
    looker.join();
}

}  // namespace
}  // namespace pw::ps
