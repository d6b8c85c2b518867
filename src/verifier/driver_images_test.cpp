// SPDX-License-Identifier: Apache-2.0
#include "verifier/driver_images.h"

#include "verifier/verifier_fixture_test.h"

using namespace pw;

namespace {

[[gnu::noinline]] verifier::CallStack CaptureHere() {
    verifier::CallStack stack = verifier::CallStack::capture(0);
    asm volatile("" ::: "memory");
    return stack;
}

class DriverImagesTest : public verifier::test::VerifierFixture {};

TEST_F(DriverImagesTest, FindsTheDriverWhoseCodeIsOnAStackWhileItIsLoaded) {
    verifier::DriverImages images;
    const verifier::CallStack stack = CaptureHere();
    EXPECT_EQ(images.of(stack), nullptr);
    images.add(driver());
    EXPECT_EQ(images.of(stack), &driver());
    EXPECT_EQ(images.of(verifier::CallStack()), nullptr);
    images.remove(driver());
    EXPECT_EQ(images.of(stack), nullptr);
}

TEST(CallStack, NamesItsFunctionsAndLeavesOurOwnOut) {
    const std::string text = CaptureHere().text("  ");
    EXPECT_NE(text.find("CaptureHere() "), std::string::npos) << text;
    EXPECT_NE(text.find("driver_images_test.cpp:"), std::string::npos) << text;
    EXPECT_EQ(text.find("CallStack::capture"), std::string::npos) << text;
}

}  // namespace
