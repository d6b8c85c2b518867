// SPDX-License-Identifier: Apache-2.0
#include "platform/caller_chain.h"

#include <gtest/gtest.h>

#include <thread>

namespace pw::platform {
namespace {

__attribute__((noinline)) CallerChain inner() {
    const CallerChain chain = callers_from(__builtin_return_address(0), __builtin_frame_address(0));
    __asm__ volatile("" ::: "memory");
    return chain;
}
__attribute__((noinline)) CallerChain outer(const void** own_caller) {
    *own_caller = __builtin_return_address(0);
    const CallerChain chain = inner();
    __asm__ volatile("" ::: "memory");
    return chain;
}

TEST(CallerChain, FollowsFramePointersAndStaysInTheStack) {
    const void* caller = nullptr;
    const CallerChain chain = outer(&caller);
    ASSERT_NE(chain[0], nullptr);
    EXPECT_EQ(chain[1], caller);
    CallerChain other{};
    const void* other_caller = nullptr;
    std::thread([&] { other = outer(&other_caller); }).join();
    EXPECT_EQ(other[0], chain[0]);
    EXPECT_EQ(other[1], other_caller);
}

TEST(CallerChain, StopsAtAFramePointerThatIsNone) {
    int somewhere[4] = {};
    const int marker = 0;
    const CallerChain chain = callers_from(&marker, somewhere + 1);  // misaligned for a frame
    EXPECT_EQ(chain[0], &marker);
    const CallerChain wild = callers_from(&marker, reinterpret_cast<const void*>(0x10));
    EXPECT_EQ(wild[0], &marker);
    EXPECT_EQ(wild[1], nullptr);
}

}  // namespace
}  // namespace pw::platform
