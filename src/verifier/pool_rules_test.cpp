// SPDX-License-Identifier: Apache-2.0
#include "verifier/pool_rules.h"

#include "verifier/verifier_fixture_test.h"

using namespace pw;

namespace {

// The driver's own routine, so that its frame is on the stack.
[[gnu::noinline]] void* AllocateForDriver(mm::Pool& pool, std::size_t bytes) {
    void* const block = pool.allocate(bytes, 0x6b61654c, NonPagedPoolNx, mm::PoolFill::none);  // "Leak"
    asm volatile("" ::: "memory");
    return block;
}

class PoolRulesTest : public verifier::test::VerifierFixture {};

TEST_F(PoolRulesTest, StopsAnUnloadThatLeavesPoolWithTagSizeAndStack) {
    ASSERT_NE(AllocateForDriver(kernel().memory().pool(), 321), nullptr);
    EXPECT_TRUE(stops([&] { verifier().unloaded(driver()); }));
    const auto& seen = verifier::test::stop_seen;
    EXPECT_EQ(seen.code, verifier::driver_verifier_detected_violation);
    EXPECT_EQ(seen.parameters[0], ULONG_PTR{verifier::leaked_pool});
    EXPECT_EQ(seen.parameters[3], 1u);
    expect_said({"driver planted was unloaded with 1 allocation(s)", "not freed: 321 bytes of pool", "tag 'Leak'", "AllocateForDriver"});
}

TEST_F(PoolRulesTest, ForgetsWhatIsFreed) {
    mm::Pool& pool = kernel().memory().pool();
    for (const std::size_t bytes : {std::size_t{10}, std::size_t{5000}, std::size_t{300}}) pool.free(AllocateForDriver(pool, bytes), 0);
    // The fixture unloads the driver, and nothing stops it.
}

TEST(PoolRules, KeepsNoTrackOfBlocksThatNoDriverAskedFor) {
    verifier::DriverImages images;
    verifier::PoolRules rules(images);
    int block = 0;
    rules.allocated(&block, 4, 0);
    rules.freeing(&block);
    rules.freeing(&block);  // of whom it knows nothing
}

}  // namespace
