// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/address_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pw::mm {
namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;

bool overlap(std::uint64_t base, std::uint64_t end, std::uint64_t other_base, std::uint64_t other_end) {
    return base < other_end && other_base < end;
}

TEST(AddressPlan, RangesOfPlansAreApart) {
    for (const AddressPlan& plan : address_plans()) {
        const std::uint64_t window_end = plan.window_base + plan.window_bytes;
        EXPECT_FALSE(overlap(plan.window_base, window_end, plan.slots_base, plan.slots_end())) << std::hex << plan.window_base;
        for (const AddressPlan& other : address_plans()) {
            if (&other == &plan) continue;
            EXPECT_FALSE(overlap(plan.window_base, window_end, other.window_base, other.window_base + other.window_bytes))
                << std::hex << plan.window_base;
        }
    }
}

// An arena is 8 GiB, at most half a slot, and takes as much of the window once the kernel has used it. A server takes 256
// clients; a sanitizer's plan has fewer slots than that, and the last plan is the one for when nothing else is free.
TEST(AddressPlan, WindowHoldsTheArenasOfAllClients) {
    const auto plans = address_plans();
    for (const AddressPlan& plan : plans.first(2)) {
        const std::uint64_t arena_bytes = std::min(8 * gib, plan.slot_bytes / 2);
        const std::uint64_t clients = std::min<std::uint64_t>(256, plan.slot_count);
        EXPECT_GT(plan.window_bytes / 4 * 3, (clients - 1) * arena_bytes) << std::hex << plan.window_base;
    }
}

}  // namespace
}  // namespace pw::mm
