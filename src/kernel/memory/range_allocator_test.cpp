// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/range_allocator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "kernel/memory/extent_map.h"
#include "kernel/memory/page_runs.h"

namespace pw::mm {
namespace {

TEST(RangeAllocator, HonoursHighestAcceptablePage) {
    RangeAllocator ranges(256, 10000);
    const auto first = ranges.allocate(10, {.highest = 265});
    ASSERT_TRUE(first);
    EXPECT_EQ(*first, 256u);
    EXPECT_FALSE(ranges.allocate(1, {.highest = 265}));
}

TEST(RangeAllocator, CrossesNoBoundary) {
    RangeAllocator ranges(250, 10000);
    const auto first = ranges.allocate(16, {.boundary_pages = 16});
    ASSERT_TRUE(first);
    EXPECT_EQ(*first / 16, (*first + 15) / 16);
}

TEST(RangeAllocator, BehavesLikeABitmapUnderRandomUse) {
    constexpr std::uint64_t pages = 512;
    RangeAllocator ranges(0, pages);
    std::vector<bool> used(pages, false);
    struct Taken {
        std::uint64_t first, count;
    };
    std::vector<Taken> taken;
    std::mt19937_64 random(20240601);
    for (int step = 0; step < 20000; ++step) {
        if (taken.empty() || random() % 2 == 0) {
            const std::uint64_t count = 1 + random() % 20;
            RangeConstraints wanted{.lowest = random() % 300, .alignment_pages = std::uint64_t{1} << random() % 4};
            wanted.highest = wanted.lowest + random() % 300;
            if (random() % 2) wanted.boundary_pages = std::uint64_t{32} << random() % 3;
            wanted.top_down = random() % 2 == 0;
            const auto suits = [&](std::uint64_t start) {
                if (start % wanted.alignment_pages != 0 || start < wanted.lowest) return false;
                if (start + count - 1 > wanted.highest || start + count > pages) return false;
                if (wanted.boundary_pages && start / wanted.boundary_pages != (start + count - 1) / wanted.boundary_pages)
                    return false;
                for (std::uint64_t i = 0; i < count; ++i)
                    if (used[start + i]) return false;
                return true;
            };
            bool possible = false;
            for (std::uint64_t start = 0; start < pages && !possible; ++start) possible = suits(start);
            const auto got = ranges.allocate(count, wanted);
            if (!got) {
                // Top-down with a boundary looks at one place per hole only: it may miss, never hand out wrongly.
                EXPECT_TRUE(!possible || (wanted.top_down && wanted.boundary_pages)) << step;
                continue;
            }
            ASSERT_TRUE(suits(*got)) << step;
            for (std::uint64_t i = 0; i < count; ++i) used[*got + i] = true;
            taken.push_back({*got, count});
        } else {
            const std::size_t index = random() % taken.size();
            const Taken gone = taken[index];
            taken[index] = taken.back();
            taken.pop_back();
            ranges.free(gone.first, gone.count);
            for (std::uint64_t i = 0; i < gone.count; ++i) used[gone.first + i] = false;
        }
        const auto free_pages = static_cast<std::uint64_t>(std::count(used.begin(), used.end(), false));
        ASSERT_EQ(ranges.free_pages(), free_pages);
    }
}

TEST(ExtentMap, BehavesLikeAnArrayUnderRandomUse) {
    constexpr std::uint64_t frames = 256;
    struct Entry {
        Segment* segment = nullptr;
        std::uint64_t page = 0;
    };
    std::vector<Entry> model(frames);
    ExtentMap extents;
    std::mt19937_64 random(7);
    for (int step = 0; step < 20000; ++step) {
        const std::uint64_t first = random() % frames;
        const std::uint64_t count = 1 + random() % (frames - first);
        auto* const segment = reinterpret_cast<Segment*>((1 + random() % 5) * 4096);  // a name only, never used
        if (random() % 4 == 0) {
            extents.erase({first, count});
            for (std::uint64_t i = 0; i < count; ++i) model[first + i] = {};
        } else {
            const std::uint64_t page = random() % 1000;
            extents.assign({first, count}, segment, page);
            for (std::uint64_t i = 0; i < count; ++i) model[first + i] = {segment, page + i};
        }
        const std::uint64_t probe = random() % frames;
        const Extent found = extents.find(probe);
        ASSERT_EQ(found.segment, model[probe].segment);
        if (found.segment) {
            ASSERT_EQ(found.first_page + (probe - found.frames.first), model[probe].page);
        }
        std::uint64_t covered = 0;
        for (const Extent& extent : extents.overlapping({0, frames})) covered += extent.frames.pages;
        std::uint64_t expected = 0;
        for (const Entry& entry : model) expected += entry.segment != nullptr;
        ASSERT_EQ(covered, expected);
    }
}

TEST(PageRuns, BehavesLikeAnArrayUnderRandomUse) {
    constexpr std::uint64_t pages = 64;
    PageRuns runs(pages, 0);
    std::vector<std::uint32_t> model(pages, 0);
    std::mt19937_64 random(11);
    for (int step = 0; step < 5000; ++step) {
        const std::uint64_t first = random() % pages;
        const std::uint64_t count = 1 + random() % (pages - first);
        const auto value = static_cast<std::uint32_t>(random() % 3);
        runs.set(first, count, value);
        for (std::uint64_t i = 0; i < count; ++i) model[first + i] = value;
        std::uint64_t committed = 0;
        for (std::uint64_t i = 0; i < pages; ++i) {
            ASSERT_EQ(runs.at(i).protection, model[i]);
            committed += model[i] != 0;
        }
        ASSERT_EQ(runs.committed_pages(0, pages), committed);
    }
}

TEST(RangeAllocator, GrowsAtItsEnd) {
    RangeAllocator ranges(100, 10);
    ASSERT_TRUE(ranges.allocate_at(104, 2));
    EXPECT_FALSE(ranges.allocate(8).has_value());
    ranges.extend(6);
    EXPECT_EQ(ranges.free_pages(), 14u);
    EXPECT_EQ(ranges.allocate(8).value(), 106u);  // over the old end
    ranges.free(106, 8);
    ranges.extend(0);
    EXPECT_TRUE(ranges.allocate_at(115, 1));
    EXPECT_FALSE(ranges.allocate_at(116, 1));
}

}  // namespace
}  // namespace pw::mm
