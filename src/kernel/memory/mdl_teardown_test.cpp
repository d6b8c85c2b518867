// SPDX-License-Identifier: Apache-2.0
// Teardown in the wrong order, twice, of what somebody still uses; caching types that exclude each other.
#include "kernel/memory/contiguous_memory.h"
#include "kernel/memory/memory_test_support.h"

namespace pw::mm {
namespace {

class MdlTeardownTest : public MemoryTest {
protected:
    Mdls& mdls() { return manager->mdls(); }
    MDL* describe(void* memory, std::size_t bytes) {
        return mdls().allocate(reinterpret_cast<std::uint64_t>(memory), bytes);
    }
    MDL* locked(void* memory, std::size_t bytes) {
        MDL* const mdl = describe(memory, bytes);
        EXPECT_TRUE(mdls().probe_and_lock(mdl, KernelMode, IoWriteAccess, nullptr).is_success());
        return mdl;
    }
    Result<void*> map_user(MDL* mdl, AddressSpace& space, MEMORY_CACHING_TYPE caching = MmCached) {
        return mdls().map_locked_pages(mdl, UserMode, caching, nullptr, NormalPagePriority, &space);
    }
    void expect_pfn_list_corrupt(std::size_t index, std::uint64_t parameter1) {
        ASSERT_GT(diagnostics.bug_checks.size(), index);
        EXPECT_EQ(diagnostics.bug_checks[index].code, 0x4Eu);
        EXPECT_EQ(diagnostics.bug_checks[index].p1, parameter1);
    }
};

TEST_F(MdlTeardownTest, FreeingWhatAnMdlHasLockedIsABugCheck) {
    void* const block = pool_block(2 * page_size_bytes);
    void* const contiguous = manager->contiguous().allocate(page_size_bytes, 0, ~0ull, 0);
    MDL* const pages = mdls().allocate_pages(0, ~0ull, 0, page_size_bytes, MmCached, 0);
    void* const page = mdls().system_address(pages, NormalPagePriority);
    MDL* const first = locked(block, 2 * page_size_bytes);
    MDL* const again = locked(static_cast<char*>(block) + page_size_bytes, 100);
    MDL* const second = locked(contiguous, 100);
    MDL* const third = locked(page, 100);
    manager->pool().free(block, 0);
    expect_pfn_list_corrupt(0, 0x9A);
    manager->contiguous().free(contiguous);
    expect_pfn_list_corrupt(1, 0x9A);
    mdls().free_pages(pages);
    expect_pfn_list_corrupt(2, 0x9A);
    mdls().unlock(first, true);
    manager->pool().free(block, 0);  // the second MDL still has a page
    expect_pfn_list_corrupt(3, 0x9A);
    for (MDL* const mdl : {again, second, third}) mdls().unlock(mdl, true);
    for (MDL* const mdl : {first, again, second, third}) mdls().free(mdl);
    manager->pool().free(block, 0);
    manager->contiguous().free(contiguous);
    EXPECT_EQ(diagnostics.bug_checks.size(), 4u);
}

TEST_F(MdlTeardownTest, UnlockingMoreOftenThanLockedIsABugCheck) {
    void* const block = pool_block(page_size_bytes);
    MDL* const mdl = locked(block, page_size_bytes);
    mdls().unlock(mdl, true);
    mdls().unlock(mdl, true);
    expect_pfn_list_corrupt(0, 0x7);
    // The flag set by hand does not make it true.
    mdl->MdlFlags = static_cast<CSHORT>(mdl->MdlFlags | MDL_PAGES_LOCKED);
    mdls().unlock(mdl, true);
    expect_pfn_list_corrupt(1, 0x7);
    // Nor does it hurt a list that a driver has written itself and gives back.
    mdl->MdlFlags = static_cast<CSHORT>(mdl->MdlFlags | MDL_PAGES_LOCKED);
    const std::size_t reports = diagnostics.reports.size();
    mdls().free(mdl);
    EXPECT_EQ(diagnostics.reports.size(), reports);
    EXPECT_EQ(diagnostics.bug_checks.size(), 2u);
    manager->pool().free(block, 0);
}

TEST_F(MdlTeardownTest, FreeingWhatAProcessHasMappedIsReported) {
    AddressSpace& space = make_app();
    void* const small = pool_block(page_size_bytes);          // of a slab
    void* const large = pool_block(100 * page_size_bytes);    // a segment of its own
    MDL* const one = describe(small, page_size_bytes);
    MDL* const two = describe(large, 100 * page_size_bytes);
    mdls().build_for_nonpaged_pool(one);
    mdls().build_for_nonpaged_pool(two);
    auto* const a = static_cast<char*>(map_user(one, space).value());
    auto* const b = static_cast<char*>(map_user(two, space).value());
    manager->pool().free(small, 0);
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    manager->pool().free(large, 0);
    EXPECT_EQ(diagnostics.reports.size(), 2u);
    a[0] = b[0] = 'k';  // the process keeps the pages
    mdls().unmap_locked_pages(a, one, &space);
    mdls().unmap_locked_pages(b, two, &space);
    mdls().free(one);
    mdls().free(two);
    EXPECT_EQ(diagnostics.reports.size(), 2u);
    // In the right order nothing is said.
    void* const third = pool_block(page_size_bytes);
    MDL* const mdl = describe(third, page_size_bytes);
    mdls().build_for_nonpaged_pool(mdl);
    mdls().unmap_locked_pages(map_user(mdl, space).value(), mdl, &space);
    mdls().free(mdl);
    manager->pool().free(third, 0);
    EXPECT_EQ(diagnostics.reports.size(), 2u);
    EXPECT_TRUE(diagnostics.bug_checks.empty());
}

TEST_F(MdlTeardownTest, UnlockOrFreeBeforeUnmapIsReportedOncePerMapping) {
    AddressSpace& first = make_app();
    AddressSpace& second = make_other();
    void* const block = pool_block(page_size_bytes);
    MDL* const mdl = locked(block, page_size_bytes);
    void* const a = map_user(mdl, first).value();
    void* const b = map_user(mdl, second).value();
    mdls().unlock(mdl, true);
    ASSERT_EQ(diagnostics.reports.size(), 2u);
    EXPECT_NE(diagnostics.reports[0].find("MmUnlockPages before MmUnmapLockedPages"), std::string::npos);
    mdls().unmap_locked_pages(a, mdl, &first);
    mdls().unmap_locked_pages(b, mdl, &second);
    mdls().free(mdl);
    EXPECT_EQ(diagnostics.reports.size(), 2u);
    // A process that ended is nobody's fault at the unlock.
    MDL* const late = locked(block, page_size_bytes);
    ASSERT_TRUE(map_user(late, second).is_ok());
    manager->forget_process(&other_process, [](const std::string&) {});
    mdls().unlock(late, true);
    mdls().free(late);
    EXPECT_EQ(diagnostics.reports.size(), 2u);
    manager->pool().free(block, 0);
}

TEST_F(MdlTeardownTest, AdvanceGivesLocksBack) {
    AddressSpace& space = make_app();
    MDL* const mdl = mdls().allocate(allocate(space, 0x4000), 0x4000);
    ASSERT_TRUE(mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space).is_success());
    EXPECT_EQ(space.locked_pages(), 4);
    ASSERT_TRUE(mdls().advance(mdl, 0x3000).is_success());
    EXPECT_EQ(space.locked_pages(), 1);
    mdls().unlock(mdl, true);
    EXPECT_EQ(space.locked_pages(), 0);
    mdls().free(mdl);
}

TEST_F(MdlTeardownTest, CachingTypesThatExcludeEachOtherAreRefused) {
    AddressSpace& space = make_app();
    void* const memory = manager->contiguous().allocate(2 * page_size_bytes, 0, ~0ull, 0, MmNonCached + 1);
    MDL* const mdl = describe(memory, 2 * page_size_bytes);
    mdls().build_for_nonpaged_pool(mdl);
    EXPECT_EQ(mdls().caching_of(mdl), MmNonCached);
    EXPECT_EQ(map_user(mdl, space, MmCached).status(), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_EQ(map_user(mdl, space, MmWriteCombined).status(), Status(STATUS_CONFLICTING_ADDRESSES));
    void* const user = map_user(mdl, space, MmNonCachedUnordered).value();
    mdls().unmap_locked_pages(user, mdl, &space);
    EXPECT_EQ(map_user(mdl, space, MmMaximumCacheType).status(), Status(STATUS_INVALID_PARAMETER));
    mdls().free(mdl);
    manager->contiguous().free(memory);
    // The same pages, allocated anew, are cached again, and all types of ordinary pool are accepted.
    void* const block = manager->contiguous().allocate(2 * page_size_bytes, 0, ~0ull, 0);
    MDL* const plain = describe(block, 2 * page_size_bytes);
    mdls().build_for_nonpaged_pool(plain);
    for (const MEMORY_CACHING_TYPE caching : {MmCached, MmNonCached, MmWriteCombined, MmHardwareCoherentCached}) {
        auto mapped = map_user(plain, space, caching);
        ASSERT_TRUE(mapped.is_ok());
        mdls().unmap_locked_pages(*mapped, plain, &space);
    }
    mdls().free(plain);
    manager->contiguous().free(block);
    MDL* const pages = mdls().allocate_pages(0, ~0ull, 0, page_size_bytes, MmWriteCombined, 0);
    EXPECT_EQ(map_user(pages, space, MmCached).status(), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_TRUE(mdls().map_locked_pages(pages, KernelMode, MmWriteCombined, nullptr, NormalPagePriority, nullptr).is_ok());
    mdls().free_pages(pages);
    manager->pool().free(pages, 0);
}

}  // namespace
}  // namespace pw::mm
