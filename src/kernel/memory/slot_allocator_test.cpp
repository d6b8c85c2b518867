// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/slot_allocator.h"

#include <gtest/gtest.h>
#include <ntstatus.h>

#include <vector>

#include "kernel/memory/address_plan.h"

namespace pw::mm {
namespace {

// A plan of small slots where the build's first plan has its own: the addresses suit every sanitizer.
AddressPlan small_plan(std::uint32_t count) {
    AddressPlan plan = address_plans()[0];
    plan.slot_bytes = std::uint64_t{1} << 20;
    plan.slot_count = count;
    return plan;
}

TEST(SlotAllocator, GivesProcessesRoomToGrow) {
    const AddressPlan plan = small_plan(128);
    SlotAllocator slots(plan);
    const std::uint64_t one = slots.allocate().value();
    const std::uint64_t two = slots.allocate().value();
    EXPECT_GE(two > one ? two - one : one - two, slots.room_bytes(plan.slots_base));
    EXPECT_TRUE(slots.grow(one, slots.room_bytes(one)).is_success());
    EXPECT_TRUE(slots.grow(two, 5 * plan.slot_bytes).is_success());
    EXPECT_TRUE(slots.grow(two, 5 * plan.slot_bytes).is_success());  // it has that already
    EXPECT_EQ(slots.grow(two, slots.room_bytes(two) + 1), Status(STATUS_NO_MEMORY));
    // What a slot has grown into is kept free in the host.
    EXPECT_FALSE(platform::Reservation::at(two + 4 * plan.slot_bytes, plan.slot_bytes).is_ok());
    EXPECT_TRUE(platform::Reservation::at(two + 5 * plan.slot_bytes, plan.slot_bytes).is_ok());
    slots.free(two);
    EXPECT_TRUE(platform::Reservation::at(two + 4 * plan.slot_bytes, plan.slot_bytes).is_ok());
    slots.free(one);
}

TEST(SlotAllocator, NeverGrowsIntoAnotherProcess) {
    const AddressPlan plan = small_plan(4);
    SlotAllocator slots(plan);
    std::vector<std::uint64_t> bases;
    for (int i = 0; i < 4; ++i) bases.push_back(slots.allocate().value());
    EXPECT_EQ(slots.allocate().status(), Status(STATUS_INSUFFICIENT_RESOURCES));
    EXPECT_EQ(slots.grow(plan.slots_base, 2 * plan.slot_bytes), Status(STATUS_NO_MEMORY));
    slots.free(plan.slots_base + plan.slot_bytes);
    slots.free(plan.slots_base + 2 * plan.slot_bytes);
    EXPECT_EQ(slots.grow(plan.slots_base, 4 * plan.slot_bytes), Status(STATUS_NO_MEMORY));
    EXPECT_TRUE(slots.grow(plan.slots_base, 3 * plan.slot_bytes).is_success());
    EXPECT_EQ(slots.allocate().status(), Status(STATUS_INSUFFICIENT_RESOURCES));  // they are in use
    slots.free(plan.slots_base);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(slots.allocate().is_ok());
    for (std::uint32_t i = 0; i < 4; ++i) slots.free(plan.slots_base + i * plan.slot_bytes);
}

TEST(SlotAllocator, GivesBackWhatTheHostCannotReserve) {
    const AddressPlan plan = small_plan(64);
    SlotAllocator slots(plan);
    const std::uint64_t base = slots.allocate().value();
    auto somebody = platform::Reservation::at(base + 2 * plan.slot_bytes, plan.slot_bytes);
    ASSERT_TRUE(somebody.is_ok());
    EXPECT_EQ(slots.grow(base, 3 * plan.slot_bytes), Status(STATUS_INSUFFICIENT_RESOURCES));
    EXPECT_TRUE(platform::Reservation::at(base + plan.slot_bytes, plan.slot_bytes).is_ok());
    EXPECT_TRUE(slots.grow(base, 2 * plan.slot_bytes).is_success());
    slots.free(base);
}

TEST(SlotAllocator, PrefersFreshSlotsToThoseOfTheDead) {
    const AddressPlan plan = small_plan(2);
    SlotAllocator slots(plan);
    const std::uint64_t one = slots.allocate().value();
    slots.free(one);
    const std::uint64_t two = slots.allocate().value();
    EXPECT_NE(one, two);
    EXPECT_EQ(slots.allocate().value(), one);
    slots.free(one);
    slots.free(two);
}

}  // namespace
}  // namespace pw::mm
