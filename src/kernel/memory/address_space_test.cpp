// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/memory_test_support.h"
#include "kernel/memory/section.h"

namespace pw::mm {
namespace {

class AddressSpaceTest : public MemoryTest {
protected:
    Ref<SectionCore> section(std::uint64_t bytes, std::uint32_t protection = PAGE_READWRITE) {
        auto created = SectionCore::create(*manager, {bytes, protection, SEC_COMMIT});
        EXPECT_TRUE(created.is_ok());
        return *created;
    }
};

TEST_F(AddressSpaceTest, CommitsAndDecommitsPartsOfAReservation) {
    AddressSpace& space = make_app();
    const std::uint64_t charged = manager->commit_limit().charged_pages();
    std::uint64_t base = 0;
    std::uint64_t bytes = 0x100000;
    ASSERT_TRUE(space.allocate(&base, &bytes, MEM_RESERVE, PAGE_READWRITE).is_success());
    EXPECT_TRUE(is_aligned(base, allocation_granularity_bytes));
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged);
    EXPECT_FALSE(platform::is_accessible(base, 1, false));

    std::uint64_t part = base + 0x3800;
    std::uint64_t part_bytes = 0x1000;
    ASSERT_TRUE(space.allocate(&part, &part_bytes, MEM_COMMIT, PAGE_READWRITE).is_success());
    EXPECT_EQ(part, base + 0x3000);
    EXPECT_EQ(part_bytes, 0x2000u);
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged + 2);
    *bytes_at(base + 0x3800) = 'x';
    EXPECT_FALSE(platform::is_accessible(base + 0x5000, 1, false));

    const RegionInformation region = space.query(base + 0x3000).value();
    EXPECT_EQ(region.state, static_cast<std::uint32_t>(MEM_COMMIT));
    EXPECT_EQ(region.allocation_base, base);
    EXPECT_EQ(region.region_bytes, 0x2000u);

    part = base;
    part_bytes = 0x4000;
    ASSERT_TRUE(space.free(&part, &part_bytes, MEM_DECOMMIT).is_success());
    EXPECT_FALSE(platform::is_accessible(base + 0x3000, 1, false));
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged + 1);
    part = base + 0x3000;
    part_bytes = 0x1000;
    ASSERT_TRUE(space.allocate(&part, &part_bytes, MEM_COMMIT, PAGE_READWRITE).is_success());
    EXPECT_EQ(*bytes_at(base + 0x3800), 0);  // the hole was punched

    bytes = 0;
    ASSERT_TRUE(space.free(&base, &bytes, MEM_RELEASE).is_success());
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged);
    EXPECT_EQ(space.free(&base, &bytes, MEM_RELEASE), Status(STATUS_MEMORY_NOT_ALLOCATED));
}

TEST_F(AddressSpaceTest, GrowsForWhatDoesNotFit) {
    AddressSpace& space = make_app();
    const std::uint64_t before = space.slot_bytes();
    const std::uint64_t beyond = space.slot_base() + before;
    ASSERT_GT(space.room_bytes(), 4 * before);
    EXPECT_FALSE(space.in_slot(beyond));
    std::uint64_t base = 0;
    std::uint64_t bytes = 3 * before;
    ASSERT_TRUE(space.allocate(&base, &bytes, MEM_RESERVE, PAGE_READWRITE).is_success());
    EXPECT_GE(space.slot_bytes(), 4 * before);
    EXPECT_TRUE(space.in_slot(beyond));
    EXPECT_TRUE(space.in_slot(base + bytes - 1));
    std::uint64_t page = base + bytes - page_size_bytes;
    std::uint64_t page_bytes = page_size_bytes;
    ASSERT_TRUE(space.allocate(&page, &page_bytes, MEM_COMMIT, PAGE_READWRITE).is_success());
    *bytes_at(page) = 'x';
    EXPECT_EQ(space.query(page)->allocation_base, base);
    std::uint64_t more = 0;
    bytes = space.room_bytes();
    EXPECT_EQ(space.allocate(&more, &bytes, MEM_RESERVE, PAGE_READWRITE), Status(STATUS_NO_MEMORY));
    bytes = 0;
    ASSERT_TRUE(space.free(&base, &bytes, MEM_RELEASE).is_success());
    // What has grown stays: the same fits again.
    bytes = 3 * before;
    const std::uint64_t grown = space.slot_bytes();
    ASSERT_TRUE(space.allocate(&more, &bytes, MEM_RESERVE, PAGE_READWRITE).is_success());
    EXPECT_EQ(space.slot_bytes(), grown);
}

TEST_F(AddressSpaceTest, GrowsOnlyAsFarAsARemoteProcessHasReserved) {
    AddressSpace& space = make_remote();
    const std::uint64_t before = space.slot_bytes();
    remote_client.reserved = before;
    EXPECT_EQ(space.room_bytes(), before);
    std::uint64_t base = 0;
    std::uint64_t bytes = before;
    EXPECT_EQ(space.allocate(&base, &bytes, MEM_RESERVE, PAGE_READWRITE), Status(STATUS_NO_MEMORY));
    remote_client.reserved = 3 * before;
    EXPECT_TRUE(space.allocate(&base, &bytes, MEM_RESERVE, PAGE_READWRITE).is_success());
}

TEST_F(AddressSpaceTest, RefusesAddressesThatAreTaken) {
    AddressSpace& space = make_app();
    std::uint64_t base = allocate(space, 0x20000);
    std::uint64_t bytes = 0x10000;
    std::uint64_t again = base + 0x10000;
    EXPECT_EQ(space.allocate(&again, &bytes, MEM_RESERVE, PAGE_READWRITE), Status(STATUS_CONFLICTING_ADDRESSES));
    std::uint64_t outside = 0x400000;
    EXPECT_EQ(space.allocate(&outside, &bytes, MEM_RESERVE, PAGE_READWRITE), Status(STATUS_CONFLICTING_ADDRESSES));
    std::uint64_t uncommitted = space.slot_base() + 0x4000'0000;
    EXPECT_EQ(space.allocate(&uncommitted, &bytes, MEM_COMMIT, PAGE_READWRITE), Status(STATUS_CONFLICTING_ADDRESSES));
}

TEST_F(AddressSpaceTest, ProtectsPartsAndSplitsWhatVirtualQueryShows) {
    AddressSpace& space = make_app();
    const std::uint64_t base = allocate(space, 0x4000);
    std::uint32_t old_protection = 0;
    ASSERT_TRUE(space.protect(base + 0x1000, 0x1000, PAGE_READONLY, &old_protection).is_success());
    EXPECT_EQ(old_protection, static_cast<std::uint32_t>(PAGE_READWRITE));
    EXPECT_TRUE(platform::is_accessible(base + 0x1000, 1, false));
    EXPECT_FALSE(platform::is_accessible(base + 0x1000, 1, true));
    EXPECT_EQ(space.query(base)->region_bytes, 0x1000u);
    EXPECT_EQ(space.query(base + 0x1000)->protection, static_cast<std::uint32_t>(PAGE_READONLY));
    EXPECT_EQ(space.protect(base, 0x10000000, PAGE_READONLY, nullptr), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_EQ(space.protect(base, 0x1000, 0x30, nullptr), Status(STATUS_INVALID_PAGE_PROTECTION));
}

TEST_F(AddressSpaceTest, EachViewHasAnotherAddressAndTheSamePages) {
    AddressSpace& space = make_app();
    AddressSpace& second = make_other();
    const Ref<SectionCore> core = section(0x30000);
    const View a = core->map_view(&space, {.protection = PAGE_READWRITE}).value();
    const View b = core->map_view(&space, {.protection = PAGE_READWRITE}).value();
    const View c = core->map_view(&second, {.offset_bytes = 0x10000, .protection = PAGE_READONLY}).value();
    const View d = core->map_view(nullptr, {.protection = PAGE_READWRITE}).value();
    const View e = core->map_view(nullptr, {.protection = PAGE_READWRITE}).value();
    EXPECT_NE(a.base, b.base);
    EXPECT_NE(d.base, e.base);
    EXPECT_EQ(c.length_bytes, 0x20000u);
    EXPECT_TRUE(second.in_slot(c.base));
    EXPECT_TRUE(manager->is_system_address(d.base));
    std::strcpy(bytes_at(a.base + 0x10000), "party wall");
    EXPECT_STREQ(bytes_at(b.base + 0x10000), "party wall");
    EXPECT_STREQ(bytes_at(c.base), "party wall");
    EXPECT_STREQ(bytes_at(d.base + 0x10000), "party wall");
    EXPECT_FALSE(platform::is_accessible(c.base, 1, true));
    EXPECT_EQ(manager->frame_of_system_address(d.base), manager->frame_of_system_address(e.base));

    EXPECT_TRUE(SectionCore::unmap_view(*manager, nullptr, d.base).is_success());
    EXPECT_EQ(SectionCore::unmap_view(*manager, nullptr, d.base), Status(STATUS_NOT_MAPPED_VIEW));
    EXPECT_TRUE(SectionCore::unmap_view(*manager, nullptr, e.base).is_success());
    EXPECT_TRUE(SectionCore::unmap_view(*manager, &space, a.base + 0x12345).is_success());
    EXPECT_EQ(SectionCore::unmap_view(*manager, &space, a.base), Status(STATUS_NOT_MAPPED_VIEW));
}

TEST_F(AddressSpaceTest, ViewsSurviveTheSection) {
    AddressSpace& space = make_app();
    const std::uint64_t charged = manager->commit_limit().charged_pages();
    View view;
    {
        const Ref<SectionCore> core = section(0x10000);
        view = core->map_view(&space, {.protection = PAGE_READWRITE}).value();
    }
    *bytes_at(view.base) = 'v';
    EXPECT_EQ(*bytes_at(view.base), 'v');
    EXPECT_GT(manager->commit_limit().charged_pages(), charged);
    ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, view.base).is_success());
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged);
}

TEST_F(AddressSpaceTest, RefusesViewsAsDocumented) {
    AddressSpace& space = make_app();
    const Ref<SectionCore> core = section(0x20000, PAGE_READONLY);
    const auto status = [&](const ViewRequest& request) { return core->map_view(&space, request).status(); };
    EXPECT_EQ(status({.offset_bytes = 0x1000, .protection = PAGE_READONLY}), Status(STATUS_MAPPED_ALIGNMENT));
    EXPECT_EQ(status({.requested_base = space.slot_base() + 0x1000, .protection = PAGE_READONLY}),
              Status(STATUS_MAPPED_ALIGNMENT));
    EXPECT_EQ(status({.view_bytes = 0x30000, .protection = PAGE_READONLY}), Status(STATUS_INVALID_VIEW_SIZE));
    EXPECT_EQ(status({.offset_bytes = 0x20000, .protection = PAGE_READONLY}), Status(STATUS_INVALID_VIEW_SIZE));
    EXPECT_EQ(status({.protection = PAGE_READWRITE}), Status(STATUS_SECTION_PROTECTION));
    EXPECT_EQ(status({.protection = 0}), Status(STATUS_INVALID_PAGE_PROTECTION));
    const std::uint64_t base = space.slot_base() + 0x10'0000;
    EXPECT_EQ(core->map_view(&space, {.requested_base = base, .protection = PAGE_READONLY})->base, base);
    EXPECT_EQ(status({.requested_base = base, .protection = PAGE_READONLY}), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_EQ(space.protect(base, 0x1000, PAGE_READWRITE, nullptr), Status(STATUS_SECTION_PROTECTION));
    EXPECT_EQ(SectionCore::create(*manager, {0, PAGE_READWRITE, SEC_COMMIT}).status(),
              Status(STATUS_INVALID_PARAMETER_4));
    EXPECT_EQ(SectionCore::create(*manager, {4096, PAGE_READWRITE, 0}).status(), Status(STATUS_INVALID_PARAMETER_6));
}

TEST_F(AddressSpaceTest, CopyOnWriteViewsKeepTheirChangesToThemselves) {
    AddressSpace& space = make_app();
    const Ref<SectionCore> core = section(0x10000);
    const View shared = core->map_view(&space, {.protection = PAGE_READWRITE}).value();
    const View own = core->map_view(&space, {.protection = PAGE_WRITECOPY}).value();
    *bytes_at(shared.base) = 's';
    EXPECT_EQ(*bytes_at(own.base), 's');
    *bytes_at(own.base) = 'o';
    EXPECT_EQ(*bytes_at(shared.base), 's');
    char seen = 0;
    EXPECT_TRUE(manager->user_memory().copy_from_user(space, &seen, own.base, 1).is_success());
    EXPECT_EQ(seen, 'o');
}

TEST_F(AddressSpaceTest, CopiesOnlyWhereTheProtectionAllows) {
    AddressSpace& space = make_app();
    UserMemory& memory = manager->user_memory();
    const std::uint64_t base = allocate(space, 0x4000);
    ASSERT_TRUE(space.protect(base + 0x1000, 0x1000, PAGE_READONLY, nullptr).is_success());
    ASSERT_TRUE(space.protect(base + 0x2000, 0x1000, PAGE_NOACCESS, nullptr).is_success());
    char buffer[0x1800] = "text";
    EXPECT_TRUE(memory.copy_to_user(space, base, buffer, 0x1000).is_success());
    EXPECT_EQ(memory.copy_to_user(space, base, buffer, 0x1001), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_TRUE(memory.copy_from_user(space, buffer, base, 0x1800).is_success());
    EXPECT_STREQ(buffer, "text");
    EXPECT_EQ(memory.copy_from_user(space, buffer, base + 0x1fff, 2), Status(STATUS_ACCESS_VIOLATION));
    // Outside of every region: the process's own memory, or nothing at all.
    char on_stack[16] = {};
    EXPECT_TRUE(memory.copy_to_user(space, reinterpret_cast<std::uint64_t>(on_stack), "stack", 6).is_success());
    EXPECT_STREQ(on_stack, "stack");
    EXPECT_EQ(memory.copy_from_user(space, buffer, 16, 8), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(memory.copy_from_user(space, buffer, ~std::uint64_t{0} - 3, 8), Status(STATUS_ACCESS_VIOLATION));
    void* const block = pool_block(100);
    EXPECT_EQ(memory.copy_from_user(space, buffer, reinterpret_cast<std::uint64_t>(block), 8),
              Status(STATUS_ACCESS_VIOLATION));
    manager->pool().free(block, 0);
}

TEST_F(AddressSpaceTest, ProbesAsDocumented) {
    AddressSpace& space = make_app();
    UserMemory& memory = manager->user_memory();
    const std::uint64_t base = allocate(space, 0x2000);
    ASSERT_TRUE(space.protect(base + 0x1000, 0x1000, PAGE_READONLY, nullptr).is_success());
    const std::uint64_t system = manager->plan().window_base + 0x1000;
    EXPECT_TRUE(memory.probe(space, 3, 0, 4, true).is_success());
    EXPECT_EQ(memory.probe(space, base + 2, 8, 4, false), Status(STATUS_DATATYPE_MISALIGNMENT));
    EXPECT_EQ(memory.probe(space, system, 8, 1, false), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(memory.probe(space, system - 0x10'0000'0000, 0x20'0000'0000, 1, false), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(memory.probe(space, ~std::uint64_t{0} - 7, 16, 1, false), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_TRUE(memory.probe(space, base, 0x2000, 4, false).is_success());
    EXPECT_TRUE(memory.probe(space, base, 0x1000, 4, true).is_success());
    EXPECT_EQ(memory.probe(space, base, 0x1001, 4, true), Status(STATUS_ACCESS_VIOLATION));
}

TEST_F(AddressSpaceTest, RemoteUserAddressesWorkInTheHostOnceTouched) {
    AddressSpace& space = make_remote();
    const std::uint64_t base = allocate(space, 0x3000);
    EXPECT_GT(remote_client.maps, 0);
    EXPECT_FALSE(platform::is_accessible(base, 1, false));
    ASSERT_TRUE(space.resolve_fault(base + 0x1000, true));
    *bytes_at(base + 0x1000) = 'h';
    char seen = 0;
    ASSERT_TRUE(manager->user_memory().copy_from_user(space, &seen, base + 0x1000, 1).is_success());
    EXPECT_EQ(seen, 'h');
    EXPECT_TRUE(space.resolve_fault(base, true));
    EXPECT_FALSE(space.resolve_fault(base + 0x3000, false));
    // A change of protection takes effect in the host, too.
    ASSERT_TRUE(space.protect(base, 0x3000, PAGE_READONLY, nullptr).is_success());
    EXPECT_FALSE(platform::is_accessible(base, 1, false));
    EXPECT_FALSE(space.resolve_fault(base, true));
    EXPECT_TRUE(space.resolve_fault(base, false));
    EXPECT_FALSE(platform::is_accessible(base, 1, true));
}

TEST_F(AddressSpaceTest, AddressesWaitInQuarantineUntilTheProcessAcknowledges) {
    AddressSpace& space = make_remote();
    std::uint64_t base = allocate(space, 0x10000);
    std::uint64_t bytes = 0;
    ASSERT_TRUE(space.free(&base, &bytes, MEM_RELEASE).is_success());
    EXPECT_EQ(remote_client.unmaps, 1);
    std::uint64_t again = base;
    bytes = 0x10000;
    EXPECT_EQ(space.allocate(&again, &bytes, MEM_RESERVE, PAGE_READWRITE), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_FALSE(space.unmap_acknowledged(base + 0x1000, 0x1000));
    EXPECT_TRUE(space.unmap_acknowledged(base, 0x10000));
    EXPECT_FALSE(space.unmap_acknowledged(base, 0x10000));
    EXPECT_TRUE(space.allocate(&again, &bytes, MEM_RESERVE, PAGE_READWRITE).is_success());
}

TEST_F(AddressSpaceTest, NothingIsLeftAfterExit) {
    const std::uint64_t charged = manager->commit_limit().charged_pages();
    AddressSpace& space = make_app();
    allocate(space, 0x100000);
    const Ref<SectionCore> core = section(0x10000);
    static_cast<void>(core->map_view(&space, {.protection = PAGE_READWRITE}));
    manager->forget_process(&app_process, [this](const std::string& text) { leftovers.push_back(text); });
    EXPECT_TRUE(leftovers.empty());
    std::uint64_t address = 0;
    std::uint64_t bytes = 4096;
    EXPECT_EQ(space.allocate(&address, &bytes, MEM_RESERVE, PAGE_READWRITE), Status(STATUS_PROCESS_IS_TERMINATING));
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged + 16);
}

}  // namespace
}  // namespace pw::mm
