// SPDX-License-Identifier: Apache-2.0
// MDLs at reserved addresses, of selected pages, lent to a routine; user memory that is secured.
#include "kernel/memory/memory_test_support.h"

namespace pw::mm {
namespace {

constexpr std::uint32_t tag = 0x73655267;

class MdlReservedTest : public MemoryTest {
protected:
    Mdls& mdls() { return manager->mdls(); }
    MDL* locked(AddressSpace& space, std::uint64_t address, std::size_t bytes) {
        MDL* const mdl = mdls().allocate(address, bytes);
        EXPECT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space).is_success());
        return mdl;
    }
    void unlock_and_free(MDL* mdl) {
        mdls().unlock(mdl, true);
        mdls().free(mdl);
    }
};

TEST_F(MdlReservedTest, OneReservedAddressServesManyBuffers) {
    AddressSpace& space = make_app();
    const std::uint64_t user = allocate(space, 0x8000);
    void* const reserved = mdls().allocate_mapping_address(0x3000, tag);
    ASSERT_NE(reserved, nullptr);
    for (unsigned i = 0; i < 3; ++i) {
        MDL* const mdl = locked(space, user + i * 0x2000 + 0x10, 0x2000);
        auto* const system = static_cast<char*>(mdls().map_with_reserved_mapping(reserved, tag, mdl, MmCached));
        ASSERT_EQ(system, static_cast<char*>(reserved) + 0x10);
        EXPECT_EQ(mdls().system_address(mdl, NormalPagePriority), system);
        std::strcpy(system, "by the reserved address");
        EXPECT_STREQ(bytes_at(user + i * 0x2000 + 0x10), "by the reserved address");
        mdls().unmap_reserved_mapping(system, tag, mdl);
        EXPECT_EQ(mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA, 0);
        EXPECT_FALSE(platform::is_accessible(reinterpret_cast<std::uint64_t>(reserved), 1, false));
        unlock_and_free(mdl);
    }
    MDL* const large = locked(space, user, 0x4000);
    EXPECT_EQ(mdls().map_with_reserved_mapping(reserved, tag, large, MmCached), nullptr);  // does not fit
    unlock_and_free(large);
    mdls().free_mapping_address(reserved, tag);
    EXPECT_TRUE(diagnostics.bug_checks.empty());
    EXPECT_TRUE(diagnostics.reports.empty());
}

TEST_F(MdlReservedTest, MisuseOfAReservedAddressIsABugCheck) {
    AddressSpace& space = make_app();
    const std::uint64_t user = allocate(space, 0x4000);
    MDL* const mdl = locked(space, user, 0x1000);
    MDL* const other_mdl = locked(space, user + 0x1000, 0x1000);
    void* const reserved = mdls().allocate_mapping_address(0x1000, tag);
    EXPECT_EQ(mdls().map_with_reserved_mapping(reserved, tag + 1, mdl, MmCached), nullptr);  // another tag
    ASSERT_NE(mdls().map_with_reserved_mapping(reserved, tag, mdl, MmCached), nullptr);
    EXPECT_EQ(mdls().map_with_reserved_mapping(reserved, tag, other_mdl, MmCached), nullptr);  // in use
    mdls().free_mapping_address(reserved, tag);                                               // in use
    mdls().unmap_reserved_mapping(reserved, tag + 1, mdl);
    ASSERT_EQ(diagnostics.bug_checks.size(), 4u);
    for (const auto& bug_check : diagnostics.bug_checks) EXPECT_EQ(bug_check.code, 0xDAu);
    unlock_and_free(mdl);  // takes the mapping away, with a report
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    unlock_and_free(other_mdl);
    mdls().free_mapping_address(reserved, tag);
    mdls().free_mapping_address(reserved, tag);  // twice
    EXPECT_EQ(diagnostics.bug_checks.size(), 5u);
}

TEST_F(MdlReservedTest, LocksPagesInAnyOrder) {
    AddressSpace& space = make_app();
    const std::uint64_t user = allocate(space, 0x8000);
    LARGE_INTEGER pages[3];
    for (unsigned i = 0; i < 3; ++i) pages[i].QuadPart = static_cast<LONGLONG>(user + (6 - 2 * i) * 0x1000);
    MDL* const mdl = mdls().allocate(0, 0x3000);
    ASSERT_TRUE(mdls().probe_and_lock_selected(mdl, pages, UserMode, IoWriteAccess, &space).is_success());
    EXPECT_EQ(space.locked_pages(), 3);
    auto* const system = static_cast<char*>(mdls().system_address(mdl, NormalPagePriority));
    for (unsigned i = 0; i < 3; ++i) {
        system[i * 0x1000] = static_cast<char>('a' + i);
        EXPECT_EQ(*bytes_at(user + (6 - 2 * i) * 0x1000), 'a' + static_cast<int>(i));
    }
    mdls().unlock(mdl, true);
    EXPECT_EQ(space.locked_pages(), 0);
    // A bad one among them: nothing stays locked.
    ASSERT_TRUE(space.protect(user + 0x2000, 0x1000, PAGE_READONLY, nullptr).is_success());
    EXPECT_EQ(mdls().probe_and_lock_selected(mdl, pages, UserMode, IoWriteAccess, &space), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(space.locked_pages(), 0);
    EXPECT_TRUE(mdls().probe_and_lock_selected(mdl, pages, UserMode, IoReadAccess, &space).is_success());
    unlock_and_free(mdl);
    EXPECT_TRUE(diagnostics.reports.empty());
}

TEST_F(MdlReservedTest, SelectedPagesOfMemoryThatIsNotSharedAreRefused) {
    AddressSpace& space = make_remote();
    LARGE_INTEGER page;
    page.QuadPart = RecordedClientMemory::base;
    MDL* const mdl = mdls().allocate(0, 0x1000);
    EXPECT_EQ(mdls().probe_and_lock_selected(mdl, &page, UserMode, IoReadAccess, &space), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    EXPECT_EQ(space.locked_pages(), 0);
    mdls().free(mdl);
}

TEST_F(MdlReservedTest, LendsAMappingWithTheProtectionAsked) {
    AddressSpace& space = make_app();
    MDL* const mdl = locked(space, allocate(space, 0x2000), 0x2000);
    auto lent = mdls().begin_lending(mdl, PAGE_READONLY);
    ASSERT_TRUE(lent.is_ok());
    EXPECT_FALSE(platform::is_accessible(reinterpret_cast<std::uint64_t>(*lent), 1, true));
    EXPECT_EQ(mdls().begin_lending(mdl, PAGE_READWRITE).status(), Status(STATUS_INVALID_PARAMETER));  // mapped
    mdls().unmap_locked_pages(*lent, mdl, nullptr);
    EXPECT_EQ(mdls().begin_lending(mdl, PAGE_NOACCESS).status(), Status(STATUS_INVALID_PAGE_PROTECTION));
    EXPECT_EQ(mdls().begin_lending(mdl, PAGE_WRITECOPY).status(), Status(STATUS_INVALID_PAGE_PROTECTION));
    unlock_and_free(mdl);
}

TEST_F(MdlReservedTest, SecuredMemoryIsNeitherFreedNorProtectedMore) {
    AddressSpace& space = make_app();
    const std::uint64_t user = allocate(space, 0x4000);
    const std::uint64_t handle = space.secure(user + 0x1800, 0x1000, true).value();  // two pages
    EXPECT_EQ(space.protect(user + 0x2000, 0x1000, PAGE_READONLY, nullptr), Status(STATUS_INVALID_PAGE_PROTECTION));
    EXPECT_TRUE(space.protect(user + 0x3000, 0x1000, PAGE_READONLY, nullptr).is_success());
    EXPECT_TRUE(space.protect(user + 0x1000, 0x1000, PAGE_EXECUTE_READWRITE, nullptr).is_success());
    std::uint64_t address = user;
    std::uint64_t bytes = 0;
    EXPECT_EQ(space.free(&address, &bytes, MEM_RELEASE), Status(STATUS_INVALID_PAGE_PROTECTION));
    address = user + 0x1000;
    bytes = 0x1000;
    EXPECT_EQ(space.free(&address, &bytes, MEM_DECOMMIT), Status(STATUS_INVALID_PAGE_PROTECTION));
    EXPECT_FALSE(space.secure(user + 0x3000, 0x1000, true).is_ok());  // read-only
    EXPECT_FALSE(space.secure(user + 0x3000, 0x2000, false).is_ok());  // beyond the end
    EXPECT_TRUE(space.unsecure(handle));
    EXPECT_FALSE(space.unsecure(handle));
    address = user;
    bytes = 0;
    EXPECT_TRUE(space.free(&address, &bytes, MEM_RELEASE).is_success());
}

}  // namespace
}  // namespace pw::mm
