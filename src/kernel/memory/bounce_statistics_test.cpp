// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/bounce_statistics.h"

#include <gtest/gtest.h>

namespace pw::mm {
namespace {

CallSite site_of(const char* driver, std::uint32_t code) {
    CallSite site;
    site.driver_key = reinterpret_cast<std::uint64_t>(driver);
    site.control_code = code;
    site.major_function = 0x0e;
    site.driver_name = [](const void* name) { return std::string(static_cast<const char*>(name)); };
    site.driver = driver;
    return site;
}

TEST(BounceStatistics, TellsCallSitesKindsAndReasonsApart) {
    static const char* const alpha = "Alpha";
    BounceStatistics statistics;
    const CallSite one = site_of(alpha, 0x222003);
    const CallSite two = site_of(alpha, 0x222007);
    {
        CallSiteScope scope(one);
        statistics.count_native(BufferKind::heap, 4096);
        statistics.count_native(BufferKind::heap, 1);
        {
            CallSiteScope nested(two);
            statistics.count(BounceReason::foreign_memory, 100);
        }
        statistics.count(BounceReason::copy_on_write_view, 7, BufferKind::section_view);
    }
    statistics.count(BounceReason::system_call_argument, 16);
    ASSERT_EQ(statistics.snapshot().size(), 4u);
    for (const BounceRow& row : statistics.snapshot()) {
        EXPECT_EQ(row.bounced, row.remedy[0] != 0);
        if (row.driver.empty()) {
            EXPECT_EQ(row.reason, BounceReason::system_call_argument);
            EXPECT_EQ(row.bytes, 16u);
            continue;
        }
        EXPECT_EQ(row.driver, "Alpha");
        EXPECT_EQ(row.major_function, 0x0e);
        if (row.control_code == 0x222007) {
            EXPECT_TRUE(row.bounced);
            EXPECT_EQ(row.bytes, 100u);
        } else if (row.bounced) {
            EXPECT_EQ(row.kind, BufferKind::section_view);
            EXPECT_EQ(row.bytes, 7u);
        } else {
            EXPECT_EQ(row.transfers, 2u);
            EXPECT_EQ(row.bytes, 4097u);
        }
    }
    EXPECT_EQ(statistics[BounceReason::foreign_memory].bytes.load(), 100u);
}

TEST(BounceStatistics, IsBoundedWhateverControlCodesComeIn) {
    static const char* const driver = "Flooded";
    BounceStatistics statistics;
    std::uint64_t bytes = 0;
    for (std::uint32_t code = 0; code < 10'000; ++code) {
        const CallSite site = site_of(driver, code);
        CallSiteScope scope(site);
        statistics.count_native(BufferKind::heap, 1);
    }
    const std::vector<BounceRow> rows = statistics.snapshot();
    EXPECT_LE(rows.size(), BounceStatistics::max_sites + 1);
    for (const BounceRow& row : rows) bytes += row.bytes;
    EXPECT_EQ(bytes, 10'000u);
}

}  // namespace
}  // namespace pw::mm
