// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/io_space.h"

#include "kernel/memory/contiguous_memory.h"
#include "kernel/memory/memory_copy.h"
#include "kernel/memory/memory_test_support.h"
#include "kernel/memory/physical_ranges.h"

namespace pw::mm {
namespace {

class IoSpaceTest : public MemoryTest {
protected:
    static constexpr std::uint64_t physical = 0xFEB0'0000;
    static constexpr platform::PageAccess read_write = platform::PageAccess::read_write;
    IoSpace& io() { return manager->io_space(); }
    static std::uint64_t number(const void* address) { return reinterpret_cast<std::uint64_t>(address); }
    std::uint64_t physical_of(const void* address) {
        return (manager->frame_of_system_address(number(address)) << page_shift) | (number(address) & 0xfff);
    }
};

TEST_F(IoSpaceTest, EveryMappingOfADeviceShowsTheSameMemory) {
    ASSERT_TRUE(io().add_device(physical, 0x3000).is_success());
    auto* const one = static_cast<char*>(io().map(physical + 0x1010, 0x20, read_write).value());
    auto* const two = static_cast<char*>(io().map(physical, 0x3000, read_write).value());
    EXPECT_NE(one, two + 0x1010);
    EXPECT_EQ(number(one) & 0xfff, 0x10u);
    EXPECT_EQ(one[0], 0);
    one[0] = 'r';
    EXPECT_EQ(two[0x1010], 'r');
    EXPECT_EQ(physical_of(one), physical + 0x1010);
    EXPECT_EQ(system_address_of(*manager, physical + 0x1010) & 0xfff, 0x10u);
    EXPECT_EQ(io().map(physical + 0x1000, 4, read_write, CachingClass::cached).status(), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_TRUE(io().is_active(physical + 0x1fff, 1));
    EXPECT_EQ(io().remove_device(physical), Status(STATUS_DEVICE_BUSY));
    io().unmap(one, 0x20);
    io().unmap(two, 0x3000);
    EXPECT_FALSE(io().is_active(physical, 0x3000));
    EXPECT_TRUE(io().remove_device(physical).is_success());
    EXPECT_EQ(io().remove_device(physical), Status(STATUS_NOT_FOUND));
    EXPECT_EQ(io().map(physical, 0x10, read_write).status(), Status(STATUS_INVALID_ADDRESS));
    EXPECT_TRUE(diagnostics.bug_checks.empty());
    EXPECT_EQ(diagnostics.reports.size(), 2u);
}

TEST_F(IoSpaceTest, ADeviceLiesWhereNothingElseDoes) {
    ASSERT_TRUE(io().add_device(physical, 0x2000).is_success());
    EXPECT_EQ(io().add_device(physical + 0x1000, 0x1000), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_EQ(io().add_device(physical + 0x800, 0x1000), Status(STATUS_INVALID_PARAMETER));
    EXPECT_EQ(io().add_device(physical, 0), Status(STATUS_INVALID_PARAMETER));
    EXPECT_EQ(io().add_device(~std::uint64_t{0xfff}, 0x1000), Status(STATUS_INVALID_PARAMETER));
    void* const memory = manager->contiguous().allocate(0x4000, 0, 0xffff'ffff, 0);
    EXPECT_LT(physical_of(memory), 0xE000'0000u);
    EXPECT_EQ(io().add_device(physical_of(memory), 0x1000), Status(STATUS_CONFLICTING_ADDRESSES));
    // Above 4 GiB, too, a device may lie, where no memory is.
    ASSERT_TRUE(io().add_device(0x8'0000'0000, 0x1000).is_success());
    bool told = false;
    PHYSICAL_MEMORY_RANGE* const ranges = physical_memory_ranges(*manager);
    for (PHYSICAL_MEMORY_RANGE* range = ranges; range->NumberOfBytes.QuadPart != 0; ++range) {
        const auto first = static_cast<std::uint64_t>(range->BaseAddress.QuadPart);
        const auto bytes = static_cast<std::uint64_t>(range->NumberOfBytes.QuadPart);
        EXPECT_FALSE(first <= physical && physical < first + bytes);
        EXPECT_FALSE(first <= 0x8'0000'0000 && 0x8'0000'0000 < first + bytes);
        told = told || (first <= physical_of(memory) && physical_of(memory) < first + bytes);
    }
    EXPECT_TRUE(told);
    manager->pool().free(ranges, 0);
    manager->contiguous().free(memory);
}

TEST_F(IoSpaceTest, MemoryIsMappedWhileSomebodyHoldsIt) {
    auto* const memory = static_cast<char*>(manager->contiguous().allocate(0x2000, 0, ~0ull, 0));
    const std::uint64_t where = physical_of(memory);
    auto* const mapped = static_cast<char*>(io().map(where + 5, 100, read_write).value());
    memory[5] = 'm';
    EXPECT_EQ(mapped[0], 'm');
    io().unmap(mapped, 100);
    manager->contiguous().free(memory);
    EXPECT_FALSE(io().map(where, 100, read_write).is_ok());
    ASSERT_EQ(diagnostics.bug_checks.size(), 1u);
    EXPECT_EQ(diagnostics.bug_checks[0].code, 0x1Au);
    EXPECT_EQ(diagnostics.bug_checks[0].p1, 0x1233u);
}

TEST_F(IoSpaceTest, UnmappingWhatIsNotMappedSoIsABugCheck) {
    ASSERT_TRUE(io().add_device(physical, 0x1000).is_success());
    void* const mapped = io().map(physical, 0x100, platform::PageAccess::read).value();
    EXPECT_FALSE(platform::is_accessible(number(mapped), 1, true));
    io().unmap(mapped, 0x200);  // another length
    EXPECT_EQ(diagnostics.bug_checks.size(), 1u);
    io().unmap(mapped, 0x100);
    io().unmap(mapped, 0x100);  // twice
    EXPECT_EQ(diagnostics.bug_checks.size(), 2u);
}

TEST_F(IoSpaceTest, ADevicesPagesGoToAProcess) {
    AddressSpace& space = make_app();
    ASSERT_TRUE(io().add_device(physical, 0x4000).is_success());
    auto* const registers = static_cast<char*>(io().map(physical, 0x4000, read_write).value());
    const MM_PHYSICAL_ADDRESS_LIST list[] = {{{.QuadPart = physical + 0x2000}, 0x1000}, {{.QuadPart = physical}, 0x1000}};
    MDL* const mdl = mdl_for_io_space(*manager, list, 2).value();
    EXPECT_EQ(mdl->ByteCount, 0x2000u);
    EXPECT_NE(mdl->MdlFlags & MDL_IO_SPACE, 0);
    auto mapped = manager->mdls().map_locked_pages(mdl, UserMode, MmNonCached, nullptr, NormalPagePriority, &space);
    ASSERT_TRUE(mapped.is_ok());
    auto* const user = static_cast<char*>(*mapped);
    registers[0x2000] = 'x';
    registers[0] = 'y';
    EXPECT_EQ(user[0], 'x');
    EXPECT_EQ(user[0x1000], 'y');
    user[1] = 'z';
    EXPECT_EQ(registers[0x2001], 'z');
    manager->mdls().unmap_locked_pages(user, mdl, &space);
    manager->mdls().free(mdl);
    io().unmap(registers, 0x4000);
    EXPECT_TRUE(io().remove_device(physical).is_success());
    EXPECT_TRUE(diagnostics.reports.empty());

    const MM_PHYSICAL_ADDRESS_LIST odd[] = {{{.QuadPart = physical + 1}, 0x1000}};
    EXPECT_EQ(mdl_for_io_space(*manager, odd, 1).status(), Status(STATUS_INVALID_PARAMETER_1));
    EXPECT_EQ(mdl_for_io_space(*manager, list, 2).status(), Status(STATUS_INVALID_PARAMETER_1));  // no device any more
    EXPECT_EQ(mdl_for_io_space(*manager, list, 0).status(), Status(STATUS_INVALID_PARAMETER_2));
}

TEST_F(IoSpaceTest, CopiesFromMemoryThatMayNotBeThere) {
    AddressSpace& space = make_app();
    auto* const memory = static_cast<char*>(manager->contiguous().allocate(0x2000, 0, ~0ull, 0));
    std::memset(memory, 'c', 0x2000);
    char target[0x3000];
    SIZE_T copied = 1;
    MM_COPY_ADDRESS source = {};
    source.VirtualAddress = memory + 10;
    EXPECT_TRUE(copy_memory(*manager, nullptr, target, source, 100, MM_COPY_MEMORY_VIRTUAL, &copied).is_success());
    EXPECT_EQ(copied, 100u);
    source.PhysicalAddress.QuadPart = static_cast<LONGLONG>(physical_of(memory));
    EXPECT_TRUE(copy_memory(*manager, nullptr, target, source, 0x2000, MM_COPY_MEMORY_PHYSICAL, &copied).is_success());
    EXPECT_EQ(copied, 0x2000u);
    EXPECT_EQ(copy_memory(*manager, nullptr, target, source, 1, 3, &copied), Status(STATUS_INVALID_PARAMETER));
    ASSERT_TRUE(io().add_device(physical, 0x1000).is_success());
    source.PhysicalAddress.QuadPart = physical;  // a device is no memory
    EXPECT_EQ(copy_memory(*manager, nullptr, target, source, 1, MM_COPY_MEMORY_PHYSICAL, &copied),
              Status(STATUS_INVALID_ADDRESS));
    // One page of a user range is there.
    const std::uint64_t user = allocate(space, 0x2000);
    ASSERT_TRUE(space.protect(user + 0x1000, 0x1000, PAGE_NOACCESS, nullptr).is_success());
    source.VirtualAddress = bytes_at(user + 0x800);
    EXPECT_EQ(copy_memory(*manager, &space, target, source, 0x1000, MM_COPY_MEMORY_VIRTUAL, &copied),
              Status(STATUS_INVALID_ADDRESS));
    EXPECT_EQ(copied, 0x800u);
    manager->contiguous().free(memory);
}

}  // namespace
}  // namespace pw::mm
