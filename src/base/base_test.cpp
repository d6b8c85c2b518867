// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <memory>

#include "base/checked_math.h"
#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/status.h"

namespace pw {
namespace {

TEST(StatusTest, PendingIsASuccess) { EXPECT_TRUE(Status(0x00000103).is_success()); }

TEST(StatusTest, BufferOverflowIsAWarningAndNoError) {
    const Status overflow(static_cast<std::int32_t>(0x80000005u));
    EXPECT_TRUE(overflow.is_warning());
    EXPECT_FALSE(overflow.is_error());
    EXPECT_TRUE(overflow.is_failure());
}

TEST(ResultTest, CarriesAMoveOnlyValue) {
    Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
    ASSERT_TRUE(result.is_ok());
    EXPECT_EQ(**result, 7);
}

struct Counted : RefCounted<Counted> {
    explicit Counted(int* deaths) : deaths_(deaths) {}
    ~Counted() { ++*deaths_; }
    int* deaths_;
};

TEST(RefTest, DeletesWithTheLastReference) {
    int deaths = 0;
    {
        auto first = Ref<Counted>::adopt(new Counted(&deaths));
        auto second = first;
        first.reset();
        EXPECT_EQ(deaths, 0);
    }
    EXPECT_EQ(deaths, 1);
}

TEST(CheckedMathTest, CountsThePagesThatABufferTouches) {
    EXPECT_EQ(pages_spanned(0x1000, 0), 0u);
    EXPECT_EQ(pages_spanned(0x1fff, 2), 2u);
    EXPECT_EQ(pages_spanned(0x1000, 4096), 1u);
    EXPECT_EQ(pages_spanned(0x1001, 4096), 2u);
}

#if defined(PW_LOCK_RANKS_CHECKED)
TEST(LockRankDeathTest, RefusesToTakeALowerRankUnderAHigherOne) {
    Mutex high(LockRank::dispatcher);
    Mutex low(LockRank::process);
    EXPECT_DEATH(
        {
            MutexLock outer(high);
            MutexLock inner(low);
        },
        "check failed");
}
#endif

}  // namespace
}  // namespace pw
