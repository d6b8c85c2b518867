// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "kernel/memory/mdl.h"
#include "kernel/memory/memory_test_support.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

class LockedRunsTest : public MemoryTest {
protected:
    Mdls& mdls() { return manager->mdls(); }
};

TEST_F(LockedRunsTest, TellsWhichPagesAreLockedHowOften) {
    AddressSpace& space = make_app();
    const auto runs_of = [&](std::uint64_t user, std::uint64_t bytes) {
        std::string text;
        static_cast<void>(space.resolve(user, bytes, platform::PageAccess::read, [&](const ResolvedRun& run) {
            const FrameNumber first = run.segment->first_frame() + run.first_page;
            for (const LockedRun& part : manager->window().locked_runs({first, run.pages}, *run.segment)) {
                text += std::to_string(part.frames.first - first) + "+" + std::to_string(part.frames.pages) + "x" +
                        std::to_string(part.locks) + " ";
            }
        }));
        return text;
    };
    const std::uint64_t user = allocate(space, 0x10000);
    MDL* const a = mdls().allocate(user + 0x2000, 0x4000);
    MDL* const b = mdls().allocate(user + 0x4000, 0xC000);  // to the region's end
    MDL* const c = mdls().allocate(user + 0x4000, 0x1000);
    for (MDL* mdl : {a, b, c}) ASSERT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoReadAccess, &space).is_success());
    EXPECT_EQ(runs_of(user, 0x10000), "2+2x1 4+1x3 5+1x2 6+10x1 ");
    EXPECT_EQ(runs_of(user + 0x5000, 0x2000), "0+1x2 1+1x1 ");  // of a part
    mdls().unlock(b, true);
    EXPECT_EQ(runs_of(user, 0x10000), "2+2x1 4+1x2 5+1x1 ");
    mdls().unlock(a, true);
    mdls().unlock(c, true);
    EXPECT_EQ(runs_of(user, 0x10000), "");
    for (MDL* mdl : {a, b, c}) mdls().free(mdl);
    // The kernel's own memory counts each page.
    void* const pool = pool_block(0x3000);
    MDL* const d = mdls().allocate(reinterpret_cast<std::uint64_t>(pool) + 0x1000, 0x1000);
    ASSERT_TRUE(mdls().probe_and_lock(d, KernelMode, IoReadAccess, nullptr).is_success());
    const FrameNumber first = manager->window().frame_at(reinterpret_cast<std::uint64_t>(pool));
    const auto found = manager->window().pieces({first, 3});
    const auto locked = manager->window().locked_runs({first, 3}, *found[0].segment);
    ASSERT_EQ(locked.size(), 1u);
    EXPECT_EQ(locked[0].frames.first, first + 1);
    EXPECT_EQ(locked[0].locks, 1u);
    mdls().unlock(d, true);
    mdls().free(d);
    manager->pool().free(pool, 0);
}

}  // namespace
}  // namespace pw::mm
