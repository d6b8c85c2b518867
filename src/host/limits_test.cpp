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

TEST(Limits, SaysWhatIsNoLimit) {
    for (const char* text : {"handles", "handles=", "handles=x", "handles=5x", "=5", "bananas=5", "handles=99999999999",
                             "committed-mib=18446744073709551615", "handles=1,,threads=2", "handles=-1"}) {
        ps::ProcessLimits limits;
        std::string error;
        EXPECT_FALSE(parse_limits(text, &limits, &error)) << text;
        EXPECT_NE(error.find("is no limit"), std::string::npos) << text;
    }
}

}  // namespace
}  // namespace pw::host
