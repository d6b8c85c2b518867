// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/memory_test_support.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/user_memory.h"

namespace pw::mm {
namespace {

constexpr std::uint32_t guarded = PAGE_READWRITE | PAGE_GUARD;

class GuardPageTest : public MemoryTest {
protected:
    static std::uint32_t protection_of(AddressSpace& space, std::uint64_t address) { return space.query(address)->protection; }
};

TEST_F(GuardPageTest, GoesOffOnce) {
    AddressSpace& space = make_app();
    const std::uint64_t base = allocate(space, 0x3000, guarded);
    EXPECT_FALSE(platform::is_accessible(base, 1, false));
    EXPECT_EQ(protection_of(space, base), guarded);
    EXPECT_TRUE(space.trip_guard(base + 0x1800));
    EXPECT_FALSE(space.trip_guard(base + 0x1800));
    *bytes_at(base + 0x1800) = 'x';
    EXPECT_EQ(protection_of(space, base), guarded);
    EXPECT_EQ(protection_of(space, base + 0x1000), static_cast<std::uint32_t>(PAGE_READWRITE));
    EXPECT_EQ(protection_of(space, base + 0x2000), guarded);
    EXPECT_FALSE(space.trip_guard(base + 0x10000000));
}

TEST_F(GuardPageTest, EveryAccessOfTheKernelMeetsTheFirstOneOfTheRange) {
    AddressSpace& space = make_app();
    const std::uint64_t base = allocate(space, 0x4000);
    std::uint32_t old = 0;
    ASSERT_TRUE(space.protect(base + 0x1000, 0x2000, guarded, &old).is_success());
    const auto ignore = [](const ResolvedRun&) {};
    EXPECT_EQ(space.resolve(base, 0x4000, platform::PageAccess::read, ignore), Status(STATUS_GUARD_PAGE_VIOLATION));
    EXPECT_EQ(protection_of(space, base + 0x2000), guarded);
    char bytes[0x4000] = {};
    UserMemory& memory = manager->user_memory();
    EXPECT_EQ(memory.copy_to_user(space, base, bytes, sizeof bytes), Status(STATUS_GUARD_PAGE_VIOLATION));
    EXPECT_TRUE(memory.copy_to_user(space, base, bytes, sizeof bytes).is_success());
    // An access violation before it comes first, and leaves it alone.
    ASSERT_TRUE(space.protect(base + 0x1000, 0x1000, guarded, &old).is_success());
    ASSERT_TRUE(space.protect(base, 0x1000, PAGE_READONLY, &old).is_success());
    EXPECT_EQ(memory.copy_to_user(space, base, bytes, sizeof bytes), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(protection_of(space, base + 0x1000), guarded);
    EXPECT_EQ(memory.probe(space, base + 0x1000, 1, 1, false), Status());  // for reading only the range is looked at
    EXPECT_EQ(memory.probe(space, base + 0x1000, 1, 1, true), Status(STATUS_GUARD_PAGE_VIOLATION));
    EXPECT_EQ(memory.probe(space, base + 0x1000, 1, 1, true), Status());
}

TEST_F(GuardPageTest, LocksAndMdlsMeetItToo) {
    AddressSpace& space = make_app();
    const std::uint64_t base = allocate(space, 0x1000, guarded);
    std::uint64_t at = base;
    std::uint64_t bytes = 0x1000;
    EXPECT_EQ(space.lock_pages(&at, &bytes), Status(STATUS_GUARD_PAGE_VIOLATION));
    EXPECT_TRUE(space.lock_pages(&at, &bytes).is_success());
    EXPECT_TRUE(space.unlock_pages(&at, &bytes).is_success());
    std::uint32_t old = 0;
    ASSERT_TRUE(space.protect(base, 0x1000, guarded, &old).is_success());
    EXPECT_EQ(old, static_cast<std::uint32_t>(PAGE_READWRITE));
    ASSERT_TRUE(space.protect(base, 0x1000, PAGE_READWRITE, &old).is_success());
    EXPECT_EQ(old, guarded);
    *bytes_at(base) = 1;
}

TEST_F(GuardPageTest, ARemoteProcessIsToldOnceThatItHasSome) {
    AddressSpace& space = make_remote();
    const std::uint64_t base = allocate(space, 0x2000);
    EXPECT_EQ(remote_client.guard_notes, 0);
    std::uint32_t old = 0;
    ASSERT_TRUE(space.protect(base, 0x2000, guarded, &old).is_success());
    EXPECT_EQ(remote_client.guard_notes, 1);
    EXPECT_EQ(remote_client.last_access, platform::PageAccess::none);
    EXPECT_FALSE(space.resolve_fault(base, false));  // the host does not show it meanwhile
    EXPECT_TRUE(space.trip_guard(base));
    EXPECT_EQ(remote_client.last_access, platform::PageAccess::read_write);
    EXPECT_TRUE(space.resolve_fault(base, true));
    EXPECT_FALSE(space.resolve_fault(base + 0x1000, true));
    ASSERT_TRUE(space.protect(base, 0x1000, guarded, &old).is_success());
    EXPECT_EQ(remote_client.guard_notes, 1);
}

TEST_F(GuardPageTest, ModifiersExcludeEachOther) {
    const auto refused = Status(STATUS_INVALID_PAGE_PROTECTION);
    EXPECT_TRUE(check_protection(guarded).is_success());
    EXPECT_TRUE(check_protection(PAGE_READONLY | PAGE_NOCACHE).is_success());
    EXPECT_EQ(check_protection(PAGE_NOACCESS | PAGE_GUARD), refused);
    EXPECT_EQ(check_protection(PAGE_READWRITE | PAGE_GUARD | PAGE_NOCACHE), refused);
    EXPECT_EQ(check_protection(PAGE_READWRITE | PAGE_GUARD | PAGE_WRITECOMBINE), refused);
    EXPECT_EQ(check_protection(PAGE_READWRITE | PAGE_NOCACHE | PAGE_WRITECOMBINE), refused);
    EXPECT_EQ(check_protection(PAGE_GUARD), refused);
    EXPECT_EQ(access_of(guarded), platform::PageAccess::none);
    EXPECT_EQ(without_guard(guarded), static_cast<std::uint32_t>(PAGE_READWRITE));
}

}  // namespace
}  // namespace pw::mm
