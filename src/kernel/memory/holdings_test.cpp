// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/holdings.h"

#include <gtest/gtest.h>

#include <thread>

namespace pw::mm {
namespace {

TEST(Holdings, TellsWhatWasTakenAndNotGivenBack) {
    Holdings holdings;
    EXPECT_TRUE(holdings.snapshot().empty());
    int place = 0;
    holdings.add({HoldingKind::locked_pages, 0x1000, 3, {&place}});
    holdings.add({HoldingKind::user_mapping, 0x1000, 5, {}});
    holdings.remove(HoldingKind::user_mapping, 0x1000);
    holdings.remove(HoldingKind::user_mapping, 0x9999);
    const auto left = holdings.snapshot();
    ASSERT_EQ(left.size(), 1u);
    EXPECT_EQ(left[0].kind, HoldingKind::locked_pages);
    EXPECT_EQ(left[0].key, 0x1000u);
    EXPECT_EQ(left[0].pages, 3u);
    EXPECT_EQ(left[0].callers[0], &place);
}

TEST(Holdings, ForgetsWhenItIsFullAndWorksAgainWhenItIsNot) {
    Holdings holdings;
    for (std::uint64_t i = 1; i < 2000; ++i) holdings.add({HoldingKind::locked_pages, i * 64, 1, {}});
    EXPECT_LE(holdings.snapshot().size(), 256u);
    for (std::uint64_t i = 1; i < 2000; ++i) holdings.remove(HoldingKind::locked_pages, i * 64);
    EXPECT_TRUE(holdings.snapshot().empty());
    holdings.add({HoldingKind::locked_pages, 64, 1, {}});
    EXPECT_EQ(holdings.snapshot().size(), 1u);
}

TEST(Holdings, ManyThreadsTakeAndGiveBack) {
    Holdings holdings;
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 1; t <= 4; ++t) {
        threads.emplace_back([&, t] {
            for (std::uint64_t i = 0; i < 20'000; ++i) {
                holdings.add({HoldingKind::locked_pages, t * 4096 + i % 8 * 64, 1, {}});
                holdings.remove(HoldingKind::locked_pages, t * 4096 + i % 8 * 64);
            }
        });
    }
    threads.clear();
    EXPECT_TRUE(holdings.snapshot().empty());
}

}  // namespace
}  // namespace pw::mm
