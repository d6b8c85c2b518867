// SPDX-License-Identifier: Apache-2.0
#include "channel/server/spin_slots.h"

#include <gtest/gtest.h>

#include "channel/wait_policy.h"

namespace pw::channel {
namespace {

TEST(SpinSlots, GivesOneSlotForTwoProcessors) {
    EXPECT_EQ(SpinSlots(1).count(), 0u);
    EXPECT_EQ(SpinSlots(2).count(), 1u);
    EXPECT_EQ(SpinSlots(3).count(), 1u);
    EXPECT_EQ(SpinSlots(8).count(), 4u);
}

TEST(SpinSlots, NobodySpinsOnOneProcessor) {
    SpinSlots slots(1);
    SpinSlots::Holder holder(slots);
    EXPECT_FALSE(holder.hold());
}

TEST(SpinSlots, GivesASlotBackWhenItsHolderSleepsOrDies) {
    SpinSlots slots(2);
    SpinSlots::Holder second(slots);
    {
        SpinSlots::Holder first(slots);
        ASSERT_TRUE(first.hold());
        first.release();
        ASSERT_TRUE(second.hold());
        second.release();
        ASSERT_TRUE(first.hold());
    }
    EXPECT_TRUE(second.hold());
}

TEST(SpinSlots, TakesOverASlotThatWasNotUsedForAWhile) {
    SpinSlots slots(2);
    SpinSlots::Holder stuck(slots);
    SpinSlots::Holder other(slots);
    ASSERT_TRUE(stuck.hold());
    const std::uint64_t start = platform::time_stamp();
    while (platform::time_stamp() - start < 3 * spin_budget_ticks()) platform::spin_pause();
    EXPECT_TRUE(other.hold());
    EXPECT_FALSE(stuck.hold());
}

}  // namespace
}  // namespace pw::channel
