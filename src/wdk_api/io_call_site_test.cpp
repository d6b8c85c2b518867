// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/call_site.h"

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

class CallSiteTest : public KernelFixture {};

TEST_F(CallSiteTest, AnswersWhyWasThisCopiedWithDriverAndControlCode) {
    constexpr std::uint32_t code = 0x83382003;
    {
        const mm::CallSite site = io::call_site_of(*io::DriverObject::from_nt(driver()), IRP_MJ_DEVICE_CONTROL, code);
        const mm::CallSiteScope scope(site);
        kernel().memory().bounces().count(mm::BounceReason::foreign_memory, 5000);
        kernel().memory().bounces().count_native(mm::BufferKind::heap, 7);
    }
    bool told = false;
    for (const mm::BounceRow& row : kernel().memory().bounces().snapshot()) {
        if (row.control_code != code || !row.bounced) continue;
        told = true;
        EXPECT_EQ(row.driver, "Test");
        EXPECT_EQ(row.major_function, IRP_MJ_DEVICE_CONTROL);
        EXPECT_EQ(row.bytes, 5000u);
        EXPECT_STRNE(row.remedy, "");
    }
    EXPECT_TRUE(told);
}

}  // namespace
}  // namespace pw::wdk::test
