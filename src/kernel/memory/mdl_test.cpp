// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/mdl.h"

#include "kernel/memory/contiguous_memory.h"
#include "kernel/memory/memory_test_support.h"
#include "kernel/memory/rehoming.h"

namespace pw::mm {
namespace {

class MdlTest : public MemoryTest {
protected:
    Mdls& mdls() { return manager->mdls(); }
    MDL* describe(const void* address, std::size_t bytes) {
        return mdls().allocate(reinterpret_cast<std::uint64_t>(address), bytes);
    }
    MDL* describe_pool(const void* address, std::size_t bytes) {
        MDL* const mdl = describe(address, bytes);
        mdls().build_for_nonpaged_pool(mdl);
        return mdl;
    }
    Result<void*> map_user(MDL* mdl, AddressSpace& space, std::uint32_t priority = NormalPagePriority,
                           void* base = nullptr) {
        return mdls().map_locked_pages(mdl, UserMode, MmCached, base, priority, &space);
    }
    static std::uint64_t number(const void* address) { return reinterpret_cast<std::uint64_t>(address); }
};

TEST_F(MdlTest, SystemAddressOfALockedBufferIsTheSamePages) {
    AddressSpace& space = make_app();
    const std::uint64_t user = allocate(space, 0x10000) + 0x123;
    MDL* const mdl = mdls().allocate(user, 0x5000);
    ASSERT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space).is_success());
    EXPECT_EQ(space.locked_pages(), 6);
    EXPECT_EQ(mdl->Process, static_cast<void*>(&app_process));
    auto* const system = static_cast<char*>(mdls().system_address(mdl, NormalPagePriority));
    ASSERT_NE(system, nullptr);
    EXPECT_EQ(number(system) & 0xfff, 0x123u);
    EXPECT_TRUE(manager->is_system_address(number(system)));
    std::strcpy(system + 0x4000, "from the driver");
    EXPECT_STREQ(bytes_at(user + 0x4000), "from the driver");
    EXPECT_EQ(mdls().system_address(mdl, NormalPagePriority), system);
    mdls().unlock(mdl, true);
    EXPECT_EQ(space.locked_pages(), 0);
    EXPECT_EQ(mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA), 0);
    mdls().free(mdl);
    EXPECT_TRUE(diagnostics.reports.empty());
}

TEST_F(MdlTest, TwoMdlsOverTheSameMemoryHoldTheSameFrames) {
    AddressSpace& space = make_app();
    const std::uint64_t user = allocate(space, 0x4000);
    MDL* const a = mdls().allocate(user, 0x4000);
    MDL* const b = mdls().allocate(user + 0x1000, 0x1000);
    ASSERT_TRUE(mdls().probe_and_lock(a, UserMode, IoReadAccess, &space).is_success());
    ASSERT_TRUE(mdls().probe_and_lock(b, UserMode, IoReadAccess, &space).is_success());
    EXPECT_EQ(Mdls::frames(a)[1], Mdls::frames(b)[0]);
    mdls().unlock(a, true);
    mdls().unlock(b, true);
    mdls().free(a);
    mdls().free(b);
}

TEST_F(MdlTest, RefusesToLockForAnAccessThatThePagesDoNotHave) {
    AddressSpace& space = make_app();
    const std::uint64_t user = allocate(space, 0x4000);
    ASSERT_TRUE(space.protect(user + 0x3000, 0x1000, PAGE_READONLY, nullptr).is_success());
    MDL* const mdl = mdls().allocate(user, 0x4000);
    EXPECT_EQ(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(mdls().probe_and_lock(mdl, UserMode, IoModifyAccess, &space), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoReadAccess, &space).is_success());
    mdls().unlock(mdl, true);
    mdls().free(mdl);
    // System memory in the name of a user, addresses that wrap, and nothing at all.
    void* const block = pool_block(8192);
    for (const std::uint64_t bad : {number(block), ~std::uint64_t{0} - 0xfff, std::uint64_t{0x1000}}) {
        MDL* const other_mdl = mdls().allocate(bad, 0x800);
        EXPECT_EQ(mdls().probe_and_lock(other_mdl, UserMode, IoReadAccess, &space), Status(STATUS_ACCESS_VIOLATION));
        mdls().free(other_mdl);
    }
    manager->pool().free(block, 0);
}

TEST_F(MdlTest, ForeignMemoryOfTheEmbeddedProcessIsItsOwnSystemAddress) {
    AddressSpace& space = make_app();
    std::vector<char> heap(20000);
    MDL* const mdl = describe(heap.data(), heap.size());
    ASSERT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space).is_success());
    EXPECT_TRUE(is_foreign(Mdls::frames(mdl)[0]));
    EXPECT_EQ(mdls().system_address(mdl, NormalPagePriority), heap.data());
    AddressSpace& second = make_other();
    // Both are embedded here, so only a remote process is another one.
    static_cast<void>(second);
    AddressSpace& elsewhere = make_remote();
    EXPECT_EQ(map_user(mdl, elsewhere).status(), Status(STATUS_ACCESS_DENIED));
    ASSERT_EQ(diagnostics.reports.size(), 1u);
    mdls().unlock(mdl, true);
    mdls().free(mdl);
}

TEST_F(MdlTest, MapsPoolIntoTwoProcessesAndTearsItDown) {
    AddressSpace& first = make_app();
    AddressSpace& second = make_other();
    auto* const block = static_cast<char*>(pool_block(2 * page_size_bytes));
    MDL* const mdl = describe_pool(block, 2 * page_size_bytes);
    const PFN_NUMBER frame = Mdls::frames(mdl)[0];
    auto* const a = static_cast<char*>(map_user(mdl, first).value());
    auto* const b = static_cast<char*>(map_user(mdl, second).value());
    EXPECT_TRUE(first.in_slot(number(a)));
    EXPECT_TRUE(second.in_slot(number(b)));
    std::strcpy(block, "one page for three");
    EXPECT_STREQ(a, "one page for three");
    std::strcpy(b + 5000, "back");
    EXPECT_STREQ(block + 5000, "back");
    EXPECT_EQ(manager->rehoming().moves(), 1u);
    EXPECT_EQ(manager->frame_of_system_address(number(block)), frame);

    mdls().unmap_locked_pages(a, mdl, &second);  // the wrong process
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    mdls().unmap_locked_pages(a, mdl, &first);
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    mdls().unmap_locked_pages(a, mdl, &first);  // twice
    EXPECT_EQ(diagnostics.reports.size(), 2u);
    EXPECT_FALSE(platform::is_accessible(number(a), 1, false));
    mdls().unmap_locked_pages(b, mdl, &second);
    mdls().free(mdl);
    manager->pool().free(block, 0);
    EXPECT_TRUE(diagnostics.bug_checks.empty());
}

TEST_F(MdlTest, PagesThatAProcessSawAreNeverRecycled) {
    AddressSpace& space = make_app();
    auto* const block = static_cast<char*>(pool_block(page_size_bytes));
    MDL* const mdl = describe_pool(block, page_size_bytes);
    auto* const user = static_cast<char*>(map_user(mdl, space).value());
    std::strcpy(user, "seen");
    mdls().free(mdl);
    manager->pool().free(block, 0);
    auto* const next = static_cast<char*>(manager->pool().allocate(page_size_bytes, 1, 0, PoolFill::none));
    EXPECT_EQ(next, block);  // the same address and frame, other memory
    EXPECT_EQ(next[0], 0);
    next[1] = 'k';
    EXPECT_STREQ(user, "seen");
    manager->pool().free(next, 0);
}

TEST_F(MdlTest, ASmallBlockThatIsMappedKeepsItsPageForItself) {
    AddressSpace& space = make_app();
    auto* const block = static_cast<char*>(pool_block(64));
    auto* const neighbour = static_cast<char*>(pool_block(64));
    MDL* const mdl = describe_pool(block, 64);
    auto* const user = static_cast<char*>(map_user(mdl, space).value());
    std::strcpy(block, "small");
    EXPECT_STREQ(user, "small");
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    // The process scribbles over the whole page; the pool believes nothing in it.
    std::memset(reinterpret_cast<void*>(align_down(number(user), 4096)), 0x5a, 4096);
    for (int i = 0; i < 300; ++i) {
        void* const other_block = pool_block(64);
        EXPECT_NE(align_down(number(other_block), 4096), align_down(number(block), 4096));
    }
    mdls().unmap_locked_pages(user, mdl, &space);
    mdls().free(mdl);
    manager->pool().free(block, 0);
    manager->pool().free(neighbour, 0);
    EXPECT_TRUE(diagnostics.bug_checks.empty());
}

TEST_F(MdlTest, ReadOnlyMappingsAreReadOnly) {
    AddressSpace& space = make_app();
    void* const block = manager->contiguous().allocate(3 * page_size_bytes, 0, 0xffffffff, 0);
    MDL* const mdl = describe_pool(block, 3 * page_size_bytes);
    void* const user = map_user(mdl, space, NormalPagePriority | MdlMappingNoWrite | MdlMappingNoExecute).value();
    EXPECT_TRUE(platform::is_accessible(number(user), 3 * page_size_bytes, false));
    EXPECT_FALSE(platform::is_accessible(number(user), 1, true));
    EXPECT_EQ(space.protect(number(user), 4096, PAGE_READWRITE, nullptr), Status(STATUS_SECTION_PROTECTION));
    mdls().unmap_locked_pages(user, mdl, &space);
    mdls().free(mdl);
    manager->contiguous().free(block);
}

TEST_F(MdlTest, ARingWrittenByHandIsMirrored) {
    AddressSpace& space = make_app();
    auto* const block = static_cast<char*>(manager->contiguous().allocate(4 * page_size_bytes, 0, ~0ull, 0));
    MDL* const ring = mdls().allocate(0, 8 * page_size_bytes);
    for (unsigned i = 0; i < 8; ++i) Mdls::frames(ring)[i] = manager->frame_of_system_address(number(block)) + i % 4;
    ring->MdlFlags = static_cast<CSHORT>(ring->MdlFlags | MDL_PAGES_LOCKED);
    auto* const system = static_cast<char*>(mdls().system_address(ring, NormalPagePriority));
    auto* const user = static_cast<char*>(map_user(ring, space).value());
    block[5] = 'm';
    // The system mapping was made before the pages moved for the process; it follows them.
    EXPECT_EQ(system[5], 'm');
    EXPECT_EQ(system[4 * page_size_bytes + 5], 'm');
    EXPECT_EQ(user[4 * page_size_bytes + 5], 'm');
    user[4 * page_size_bytes + 6] = 'n';
    EXPECT_EQ(block[6], 'n');
    EXPECT_EQ(system[6], 'n');
    EXPECT_EQ(manager->frame_of_system_address(number(system) + 5 * page_size_bytes), Mdls::frames(ring)[1]);
    mdls().unmap_locked_pages(user, ring, &space);
    mdls().unmap_locked_pages(system, ring, nullptr);
    EXPECT_FALSE(platform::is_accessible(number(system), 1, false));
    mdls().unmap_locked_pages(system, ring, nullptr);
    EXPECT_EQ(diagnostics.bug_checks.size(), 1u);
    ring->MdlFlags = static_cast<CSHORT>(ring->MdlFlags & ~MDL_PAGES_LOCKED);
    mdls().free(ring);
    manager->contiguous().free(block);
}

TEST_F(MdlTest, HonoursTheRequestedBaseAddress) {
    AddressSpace& space = make_app();
    void* const block = pool_block(page_size_bytes);
    MDL* const mdl = describe_pool(block, page_size_bytes);
    void* const wanted = reinterpret_cast<void*>(space.slot_base() + 0x5000'3000);
    EXPECT_EQ(map_user(mdl, space, NormalPagePriority, wanted).value(), wanted);
    EXPECT_EQ(map_user(mdl, space, NormalPagePriority, wanted).status(), Status(STATUS_CONFLICTING_ADDRESSES));
    mdls().free(mdl);
    mdls().unmap_locked_pages(wanted, describe_pool(block, page_size_bytes), &space);
}

TEST_F(MdlTest, PrivateMemoryOfOneProcessIsNotGivenToAnother) {
    AddressSpace& space = make_app();
    AddressSpace& second = make_other();
    const std::uint64_t user = allocate(space, 0x2000);
    MDL* const mdl = mdls().allocate(user, 0x2000);
    ASSERT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space).is_success());
    EXPECT_EQ(map_user(mdl, second).status(), Status(STATUS_ACCESS_DENIED));
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    void* const own = map_user(mdl, space).value();
    std::strcpy(static_cast<char*>(own), "twice");
    EXPECT_STREQ(bytes_at(user), "twice");
    mdls().unmap_locked_pages(own, mdl, &space);
    mdls().unlock(mdl, true);
    mdls().free(mdl);
}

TEST_F(MdlTest, APartOfExportedMemoryIsNotGivenToAnotherUser) {
    AddressSpace& space = make_app();
    AddressSpace& stranger = make_other(2000);
    auto* const block = static_cast<char*>(pool_block(2 * page_size_bytes));
    MDL* const whole = describe_pool(block, 2 * page_size_bytes);
    MDL* const part = describe_pool(block, page_size_bytes);
    void* const mapped = map_user(whole, space).value();
    EXPECT_EQ(map_user(part, stranger).status(), Status(STATUS_ACCESS_DENIED));
    void* const same = map_user(whole, stranger).value();
    mdls().unmap_locked_pages(mapped, whole, &space);
    mdls().unmap_locked_pages(same, whole, &stranger);
    mdls().free(whole);
    mdls().free(part);
    manager->pool().free(block, 0);
}

TEST_F(MdlTest, LockedPagesOutliveTheirAddresses) {
    AddressSpace& space = make_app();
    std::uint64_t user = allocate(space, 0x4000);
    MDL* const mdl = mdls().allocate(user, 0x4000);
    ASSERT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space).is_success());
    auto* const system = static_cast<char*>(mdls().system_address(mdl, NormalPagePriority));
    std::strcpy(bytes_at(user), "kept");
    std::uint64_t bytes = 0;
    ASSERT_TRUE(space.free(&user, &bytes, MEM_RELEASE).is_success());
    EXPECT_STREQ(system, "kept");
    system[0] = 'K';
    mdls().unlock(mdl, true);
    EXPECT_FALSE(platform::is_accessible(number(system), 1, false));
    mdls().free(mdl);
}

TEST_F(MdlTest, ExitTellsOfLockedPagesAndForgottenMappings) {
    AddressSpace& space = make_app();
    MDL* const locked = mdls().allocate(allocate(space, 0x2000), 0x2000);
    ASSERT_TRUE(mdls().probe_and_lock(locked, UserMode, IoReadAccess, &space).is_success());
    void* const block = pool_block(page_size_bytes);
    MDL* const mapped = describe_pool(block, page_size_bytes);
    ASSERT_TRUE(map_user(mapped, space).is_ok());
    manager->forget_process(&app_process, [this](const std::string& text) { leftovers.push_back(text); });
    EXPECT_EQ(leftovers.size(), 3u);
    mdls().unlock(locked, true);  // the driver comes round to it
    mdls().free(locked);
    mdls().free(mapped);
    manager->pool().free(block, 0);
}

TEST_F(MdlTest, DiagnosesUnlockOfWhatIsNotLocked) {
    AddressSpace& space = make_app();
    MDL* const mdl = mdls().allocate(allocate(space, 0x1000), 0x1000);
    mdls().unlock(mdl, true);
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    ASSERT_EQ(diagnostics.bug_checks.size(), 1u);
    EXPECT_EQ(diagnostics.bug_checks[0].code, 0x4Eu);  // PFN_LIST_CORRUPT
    EXPECT_EQ(diagnostics.bug_checks[0].p1, 0x7u);
    ASSERT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoReadAccess, &space).is_success());
    EXPECT_EQ(mdls().probe_and_lock(mdl, UserMode, IoReadAccess, &space), Status(STATUS_INVALID_PARAMETER));
    mdls().free(mdl);
    EXPECT_EQ(diagnostics.reports.size(), 3u);
    EXPECT_EQ(space.locked_pages(), 0);
}

TEST_F(MdlTest, RemoteForeignMemoryIsBouncedAndCounted) {
    AddressSpace& space = make_remote();
    std::strcpy(remote_memory.bytes + 100, "in");
    MDL* const mdl = mdls().allocate(RecordedClientMemory::base + 100, 5000);
    ASSERT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space).is_success());
    EXPECT_TRUE(mdls().is_bounced(mdl));
    auto* const system = static_cast<char*>(mdls().system_address(mdl, NormalPagePriority));
    EXPECT_STREQ(system, "in");
    std::strcpy(system, "out");
    std::strcpy(system + 4990, "end");
    EXPECT_STREQ(remote_memory.bytes + 100, "in");
    ASSERT_TRUE(mdls().finish_bounce(mdl).is_success());
    EXPECT_STREQ(remote_memory.bytes + 100, "out");
    EXPECT_STREQ(remote_memory.bytes + 5090, "end");
    mdls().unlock(mdl, false);
    EXPECT_EQ(manager->bounces()[BounceReason::foreign_memory].bytes.load(), 10000u);
    EXPECT_TRUE(diagnostics.reports.empty());
    EXPECT_EQ(space.locked_pages(), 0);
    // Read-only pages: a write through the descriptor would succeed, so the check has to refuse.
    remote_memory.writable = false;
    EXPECT_EQ(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space), Status(STATUS_ACCESS_VIOLATION));
    mdls().free(mdl);
}

TEST_F(MdlTest, PartialMdlsAndAdvance) {
    AddressSpace& space = make_app();
    const std::uint64_t user = allocate(space, 0x8000);
    MDL* const mdl = mdls().allocate(user + 0x10, 0x6000);
    ASSERT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space).is_success());
    MDL* const part = mdls().allocate(user + 0x2345, 0x1000);
    mdls().build_partial(mdl, part, user + 0x2345, 0x1000);
    auto* const system = static_cast<char*>(mdls().system_address(part, NormalPagePriority));
    *bytes_at(user + 0x2345) = 'p';
    EXPECT_EQ(*system, 'p');
    mdls().unmap_locked_pages(system, part, nullptr);
    mdls().free(part);
    ASSERT_TRUE(mdls().advance(mdl, 0x3000).is_success());
    *bytes_at(user + 0x3010) = 'a';
    EXPECT_EQ(*static_cast<char*>(mdls().system_address(mdl, NormalPagePriority)), 'a');
    EXPECT_EQ(mdl->ByteCount, 0x3000u);
    EXPECT_EQ(mdls().advance(mdl, 0x3001), Status(STATUS_INVALID_PARAMETER_2));
    mdls().unlock(mdl, true);
    mdls().free(mdl);
    EXPECT_TRUE(diagnostics.reports.empty());
}

TEST_F(MdlTest, PagesWithoutAddressCanBeMappedAndFreed) {
    AddressSpace& space = make_app();
    MDL* const mdl = mdls().allocate_pages(0, ~0ull, 0, 100 * page_size_bytes, MmCached, 0);
    ASSERT_NE(mdl, nullptr);
    EXPECT_EQ(mdl->ByteCount, 100 * page_size_bytes);
    auto* const system = static_cast<char*>(mdls().system_address(mdl, NormalPagePriority));
    auto* const user = static_cast<char*>(map_user(mdl, space).value());
    for (std::size_t page = 0; page < 100; ++page) {
        ASSERT_EQ(user[page * page_size_bytes], 0);
        system[page * page_size_bytes] = static_cast<char>(page + 1);
        ASSERT_EQ(user[page * page_size_bytes], static_cast<char>(page + 1));
    }
    mdls().unmap_locked_pages(user, mdl, &space);
    mdls().free_pages(mdl);
    EXPECT_TRUE(diagnostics.reports.empty());
    mdls().free_pages(mdl);
    manager->pool().free(mdl, 0);
    MDL* const low = mdls().allocate_pages(0, 0xffffff, 0, 16 * page_size_bytes, MmCached, MM_ALLOCATE_FULLY_REQUIRED);
    ASSERT_NE(low, nullptr);
    EXPECT_LT(Mdls::frames(low)[15] << page_shift, 0x1000000u);
    mdls().free_pages(low);
    manager->pool().free(low, 0);
    EXPECT_EQ(mdls().allocate_pages(0, 0x1fffff, 0, 0x10000000, MmCached, MM_ALLOCATE_FULLY_REQUIRED), nullptr);
}

TEST_F(MdlTest, NoWriteSystemMappingsAreReadOnly) {
    void* const block = pool_block(page_size_bytes);
    MDL* const mdl = describe(block, page_size_bytes);
    ASSERT_TRUE(mdls().probe_and_lock(mdl, KernelMode, IoWriteAccess, nullptr).is_success());
    void* const system = mdls().system_address(mdl, NormalPagePriority | MdlMappingNoWrite);
    EXPECT_NE(system, block);
    EXPECT_FALSE(platform::is_accessible(number(system), 1, true));
    ASSERT_TRUE(mdls().protect_system_address(mdl, PAGE_READWRITE).is_success());
    EXPECT_TRUE(platform::is_accessible(number(system), 1, true));
    mdls().unlock(mdl, true);
    mdls().free(mdl);
    manager->pool().free(block, 0);
}

}  // namespace
}  // namespace pw::mm
