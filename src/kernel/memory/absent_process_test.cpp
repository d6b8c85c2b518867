// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/memory_test_support.h"

namespace pw::mm {
namespace {

class AbsentProcess : public MemoryTest {};

TEST_F(AbsentProcess, ShowsNothingOfItsSlotUntilItIsThereAgain) {
    AddressSpace& space = make_remote();
    const std::uint64_t base = allocate(space, 0x2000);
    space.thread_enters();
    space.thread_enters();
    ASSERT_TRUE(space.resolve_fault(base, true));
    *bytes_at(base + 0x1000) = 'x';
    space.thread_leaves();
    EXPECT_TRUE(platform::is_accessible(base, 1, true));  // another thread of it is still there
    space.thread_leaves();
    EXPECT_FALSE(platform::is_accessible(base, 1, false));
    space.thread_enters();
    EXPECT_FALSE(platform::is_accessible(base, 1, false));  // shown when it is touched
    ASSERT_TRUE(space.resolve_fault(base, true));
    EXPECT_EQ(*bytes_at(base + 0x1000), 'x');
    space.thread_leaves();
}

TEST_F(AbsentProcess, IsHiddenOnlyWhereThatIsAskedFor) {
    EXPECT_FALSE(manager->hides_absent_processes());
    manager->set_hides_absent_processes();
    EXPECT_TRUE(manager->hides_absent_processes());
}

}  // namespace
}  // namespace pw::mm
