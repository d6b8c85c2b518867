// SPDX-License-Identifier: Apache-2.0
#include "host/limits.h"

#include <gtest/gtest.h>

namespace pw::host {
namespace {

TEST(Limits, ChangesWhatTheTextNames) {
    ps::ProcessLimits limits;
    std::string error;
    ASSERT_TRUE(parse_limits("handles=7,committed-mib=2,locked-mib=1,threads=3", &limits, &error)) << error;
    EXPECT_EQ(limits.max_handles, 7u);
    EXPECT_EQ(limits.max_threads, 3u);
    EXPECT_EQ(limits.max_committed_pages, 512u);
    EXPECT_EQ(limits.max_locked_pages, 256u);
    EXPECT_EQ(limits.max_segments, ps::ProcessLimits().max_segments);
    EXPECT_TRUE(parse_limits("", &limits, &error));
}

TEST(Limits, TakesSizesWithUnits) {
    ps::ProcessLimits limits;
    std::string error;
    ASSERT_TRUE(parse_limits("commit=3M,locked=1,irps=9", &limits, &error)) << error;
    EXPECT_EQ(limits.max_committed_pages, 768u);
    EXPECT_EQ(limits.max_locked_pages, 1u);
    EXPECT_EQ(limits.max_pending_requests, 9u);
    ASSERT_TRUE(parse_limits("commit=4096,locked=2G,commit=1T", &limits, &error)) << error;
    EXPECT_EQ(limits.max_committed_pages, std::uint64_t{1} << 28);
    EXPECT_EQ(limits.max_locked_pages, std::uint64_t{1} << 19);
}

TEST(Limits, SaysWhatIsNoLimit) {
    for (const char* text : {"handles", "handles=", "handles=x", "handles=5x", "=5", "bananas=5", "handles=99999999999",
                             "committed-mib=18446744073709551615", "handles=1,,threads=2", "handles=-1",
                             "handles=1K", "commit=M", "commit=5Q", "commit=5MM", "commit=99999999999T", "committed-mib=5M"}) {
        ps::ProcessLimits limits;
        std::string error;
        EXPECT_FALSE(parse_limits(text, &limits, &error)) << text;
        EXPECT_NE(error.find("is no limit"), std::string::npos) << text;
    }
}

}  // namespace
}  // namespace pw::host
