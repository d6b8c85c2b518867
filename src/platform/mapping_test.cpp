// SPDX-License-Identifier: Apache-2.0
#include "platform/mapping.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <vector>

namespace pw::platform {
namespace {

TEST(Mapping, IsTakenAwayAlsoWhenTheProcessHasNoRoomForAnotherOne) {
    constexpr std::size_t page = 4096;
    constexpr std::size_t pages = 200'000;  // more than Linux allows mappings, every second page being one
    void* const area = mmap(nullptr, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ASSERT_NE(area, MAP_FAILED);
    const auto base = reinterpret_cast<std::uint64_t>(area);
    std::size_t last = 0;
    bool is_full = false;
    for (std::size_t i = 0; i < pages && !is_full; i += 2) {
        is_full = mmap(reinterpret_cast<void*>(base + i * page), page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
                  MAP_FAILED;
        if (!is_full) last = i;
    }
    const Status status = unmap_to_reserved(base + last * page, page);
    munmap(area, pages * page);
    if (!is_full) GTEST_SKIP() << "this machine allows a process more than 100,000 mappings";
    EXPECT_TRUE(status.is_success());
}

}  // namespace
}  // namespace pw::platform
