// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/version_check.h"

#include <gtest/gtest.h>

namespace pw::rtl {
namespace {

constexpr std::uint32_t minor_version = 1, major_version = 2, build_number = 4, suite_name = 0x40, product_type = 0x80;
constexpr std::uint8_t equal = 1, greater = 2, greater_equal = 3, less = 4, all_of = 6, any_of = 7;
constexpr Version windows{.major = 10, .minor = 0, .build = 22621, .platform = 2, .suites = 0x100, .product_type = 1};

VersionVerdict at_least(std::uint32_t major, std::uint32_t minor) {
    const std::uint64_t conditions = set_condition(set_condition(0, major_version, greater_equal), minor_version, greater_equal);
    return verify_version(windows, {.major = major, .minor = minor}, major_version | minor_version, conditions);
}

TEST(VersionCheck, ComparesMinorVersionsOnlyWithinAMajorVersion) {
    EXPECT_EQ(at_least(6, 3), VersionVerdict::meets);
    EXPECT_EQ(at_least(10, 0), VersionVerdict::meets);
    EXPECT_EQ(at_least(10, 1), VersionVerdict::differs);
    EXPECT_EQ(at_least(11, 0), VersionVerdict::differs);
}

TEST(VersionCheck, KnowsEveryOrder) {
    const auto build = [](std::uint8_t condition, std::uint32_t wanted) {
        return verify_version(windows, {.build = wanted}, build_number, set_condition(0, build_number, condition)) == VersionVerdict::meets;
    };
    EXPECT_TRUE(build(equal, 22621));
    EXPECT_FALSE(build(equal, 1));
    EXPECT_TRUE(build(greater, 22620));
    EXPECT_FALSE(build(greater, 22621));
    EXPECT_TRUE(build(less, 22622));
    EXPECT_FALSE(build(less, 22621));
    const std::uint64_t newer = set_condition(set_condition(0, major_version, greater), minor_version, greater);
    EXPECT_EQ(verify_version(windows, {.major = 10, .minor = 0}, major_version | minor_version, newer), VersionVerdict::differs);
    EXPECT_EQ(verify_version(windows, {.major = 9, .minor = 9}, major_version | minor_version, newer), VersionVerdict::meets);
}

TEST(VersionCheck, AsksForSuitesTogetherOrOneOfThem) {
    const auto suites = [](std::uint8_t condition, std::uint32_t wanted) {
        return verify_version(windows, {.suites = wanted}, suite_name, set_condition(0, suite_name, condition));
    };
    EXPECT_EQ(suites(any_of, 0x102), VersionVerdict::meets);
    EXPECT_EQ(suites(all_of, 0x102), VersionVerdict::differs);
    EXPECT_EQ(suites(all_of, 0x100), VersionVerdict::meets);
}

TEST(VersionCheck, RefusesAMaskWithoutConditions) {
    EXPECT_EQ(verify_version(windows, {}, 0, 0), VersionVerdict::invalid);
    EXPECT_EQ(verify_version(windows, {}, product_type, 0), VersionVerdict::invalid);
    EXPECT_EQ(verify_version(windows, {}, build_number, set_condition(0, build_number, all_of)), VersionVerdict::invalid);
}

}  // namespace
}  // namespace pw::rtl
