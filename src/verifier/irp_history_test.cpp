// SPDX-License-Identifier: Apache-2.0
#include "verifier/irp_history.h"

#include <gtest/gtest.h>

namespace pw::verifier {
namespace {

IrpEvent event(IrpStep step, const char* who) {
    IrpEvent out;
    out.step = step;
    out.who = who;
    return out;
}

TEST(IrpHistory, KeepsItsFirstAndItsLatestEvents) {
    IrpHistory history(nullptr, io::RequestKind::driver, nullptr);
    for (int i = 0; i < 100; ++i) history.add(event(IrpStep::called, ("d" + std::to_string(i)).c_str()));
    const std::string text = history.text();
    EXPECT_NE(text.find("sent to d0 "), std::string::npos);
    EXPECT_NE(text.find("sent to d7 "), std::string::npos);
    EXPECT_EQ(text.find("sent to d8 "), std::string::npos);
    EXPECT_NE(text.find("60 events"), std::string::npos);
    EXPECT_NE(text.find("sent to d99 "), std::string::npos);
}

TEST(IrpHistory, IsInFlightUntilCompletionHasPassedItsOwnersLocation) {
    IrpHistory history(nullptr, io::RequestKind::driver, nullptr);
    history.descend(2);
    history.descend(1);
    EXPECT_TRUE(history.is_in_flight());
    history.climb(2, false, STATUS_SUCCESS, false);
    EXPECT_TRUE(history.is_in_flight());
    history.climb(3, false, STATUS_SUCCESS, true);
    EXPECT_FALSE(history.is_in_flight());
    EXPECT_TRUE(history.is_completed());
    history.keep();
    EXPECT_FALSE(history.is_completed());
}

TEST(IrpHistory, CountsASecondWayThroughALocationApart) {
    IrpHistory history(nullptr, io::RequestKind::driver, nullptr);
    history.descend(1);
    const std::uint32_t first = history.level(1).trip;
    history.climb(2, true, STATUS_SUCCESS, false);
    EXPECT_TRUE(history.level(1).marked);
    history.descend(1);
    EXPECT_NE(history.level(1).trip, first);
    EXPECT_FALSE(history.level(1).marked);
    // Shared by two drivers (IoSkipCurrentIrpStackLocation): the same way.
    const std::uint32_t second = history.level(1).trip;
    history.descend(1);
    EXPECT_EQ(history.level(1).trip, second);
}

TEST(IrpHistory, HasALevelForAnyNumberThatADriverMadeUp) {
    IrpHistory history(nullptr, io::RequestKind::driver, nullptr);
    history.level(-5).marked = true;
    EXPECT_TRUE(history.level(0).marked);
    EXPECT_FALSE(history.level(127).marked);
}

}  // namespace
}  // namespace pw::verifier
