// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/memory_test_support.h"
#include "kernel/memory/section.h"

namespace pw::mm {
namespace {

constexpr std::uint32_t placeholder = MEM_RESERVE | MEM_RESERVE_PLACEHOLDER;
constexpr std::uint32_t split = MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER;
constexpr std::uint32_t coalesce = MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS;
constexpr std::uint64_t part = 0x10000;

class PlaceholderTest : public MemoryTest {
protected:
    static std::uint64_t reserve(AddressSpace& space, std::uint64_t bytes) {
        std::uint64_t base = 0;
        EXPECT_TRUE(space.allocate(&base, &bytes, placeholder, PAGE_NOACCESS).is_success());
        return base;
    }
    static Status free(AddressSpace& space, std::uint64_t address, std::uint64_t bytes, std::uint32_t type) {
        return space.free(&address, &bytes, type);
    }
    static Status replace(AddressSpace& space, std::uint64_t address, std::uint64_t bytes) {
        return space.allocate(&address, &bytes, MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE);
    }
    Ref<SectionCore> section(std::uint64_t bytes) {
        auto created = SectionCore::create(*manager, {bytes, PAGE_READWRITE, SEC_COMMIT});
        EXPECT_TRUE(created.is_ok());
        return *created;
    }
    static Status map(SectionCore& core, AddressSpace& space, std::uint64_t address, std::uint64_t bytes) {
        return core
            .map_view(&space, {.requested_base = address,
                               .view_bytes = bytes,
                               .protection = PAGE_READWRITE,
                               .replaces_placeholder = true})
            .status();
    }
};

TEST_F(PlaceholderTest, IsReservedAndHoldsItsAddresses) {
    AddressSpace& space = make_app();
    const std::uint64_t base = reserve(space, 2 * part);
    const RegionInformation region = space.query(base + 0x1000).value();
    EXPECT_EQ(region.state, static_cast<std::uint32_t>(MEM_RESERVE));
    EXPECT_EQ(region.type, static_cast<std::uint32_t>(MEM_PRIVATE));
    EXPECT_EQ(region.allocation_protection, static_cast<std::uint32_t>(PAGE_NOACCESS));
    EXPECT_EQ(region.allocation_base, base);
    std::uint64_t at = base;
    std::uint64_t bytes = part;
    EXPECT_EQ(space.allocate(&at, &bytes, MEM_RESERVE, PAGE_READWRITE), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_EQ(space.allocate(&at, &bytes, MEM_COMMIT, PAGE_READWRITE), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_EQ(free(space, base, 0x1000, MEM_DECOMMIT), Status(STATUS_UNABLE_TO_FREE_VM));
    EXPECT_TRUE(free(space, base, 0, MEM_RELEASE).is_success());
    EXPECT_EQ(space.query(base)->state, static_cast<std::uint32_t>(MEM_FREE));
    at = 0;
    EXPECT_EQ(space.allocate(&at, &bytes, placeholder, PAGE_READWRITE), Status(STATUS_INVALID_PARAMETER_6));
    EXPECT_EQ(space.allocate(&at, &bytes, placeholder | MEM_COMMIT, PAGE_NOACCESS), Status(STATUS_INVALID_PARAMETER_5));
    EXPECT_EQ(space.allocate(&at, &bytes, MEM_COMMIT | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE),
              Status(STATUS_INVALID_PARAMETER_5));
}

TEST_F(PlaceholderTest, IsSplitAndJoinedExactly) {
    AddressSpace& space = make_app();
    const std::uint64_t base = reserve(space, 4 * part);
    EXPECT_EQ(free(space, base, 4 * part, split), Status(STATUS_CONFLICTING_ADDRESSES));  // it is one already
    EXPECT_EQ(free(space, base, 5 * part, split), Status(STATUS_UNABLE_TO_FREE_VM));
    ASSERT_TRUE(free(space, base + part, part, split).is_success());  // a piece out of the middle: three
    EXPECT_EQ(space.query(base)->region_bytes, part);
    EXPECT_EQ(space.query(base + part)->region_bytes, part);
    EXPECT_EQ(space.query(base + 2 * part)->region_bytes, 2 * part);
    EXPECT_EQ(free(space, base, 3 * part, coalesce), Status(STATUS_CONFLICTING_ADDRESSES));  // not the overall range
    EXPECT_EQ(free(space, base, part, coalesce), Status(STATUS_CONFLICTING_ADDRESSES));      // nothing to join
    EXPECT_TRUE(free(space, base, 2 * part, coalesce).is_success());
    EXPECT_TRUE(free(space, base, 4 * part, coalesce).is_success());
    EXPECT_EQ(space.query(base)->region_bytes, 4 * part);
    EXPECT_EQ(free(space, base, 0, split | MEM_COALESCE_PLACEHOLDERS), Status(STATUS_INVALID_PARAMETER_4));
    EXPECT_EQ(free(space, base, 0, MEM_DECOMMIT | MEM_PRESERVE_PLACEHOLDER), Status(STATUS_INVALID_PARAMETER_4));
    EXPECT_TRUE(free(space, base, 0, MEM_RELEASE).is_success());
}

TEST_F(PlaceholderTest, BecomesMemoryAndAPlaceholderAgain) {
    AddressSpace& space = make_app();
    const std::uint64_t base = reserve(space, 2 * part);
    EXPECT_EQ(replace(space, base, part), Status(STATUS_CONFLICTING_ADDRESSES));  // not its size
    EXPECT_EQ(replace(space, base + part, part), Status(STATUS_CONFLICTING_ADDRESSES));
    ASSERT_TRUE(replace(space, base, 2 * part).is_success());
    *bytes_at(base + part) = 'x';
    EXPECT_EQ(free(space, base, part, split), Status(STATUS_UNABLE_TO_FREE_VM));
    ASSERT_TRUE(free(space, base, 2 * part, split).is_success());
    EXPECT_FALSE(platform::is_accessible(base, 1, false));
    EXPECT_EQ(space.query(base)->state, static_cast<std::uint32_t>(MEM_RESERVE));
    ASSERT_TRUE(replace(space, base, 2 * part).is_success());
    EXPECT_EQ(*bytes_at(base + part), 0);  // new memory
    EXPECT_TRUE(free(space, base, 0, MEM_RELEASE).is_success());
    EXPECT_EQ(space.query(base)->state, static_cast<std::uint32_t>(MEM_FREE));
    // Ordinary memory never was one.
    const std::uint64_t plain = allocate(space, part);
    EXPECT_EQ(free(space, plain, part, split), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_TRUE(free(space, plain, 0, MEM_RELEASE).is_success());
}

TEST_F(PlaceholderTest, HoldsTwoViewsOfOneSectionSideBySide) {
    AddressSpace& space = make_app();
    const Ref<SectionCore> core = section(part);
    const std::uint64_t base = reserve(space, 2 * part);
    ASSERT_TRUE(free(space, base, part, split).is_success());
    EXPECT_EQ(map(*core, space, base, 0x1000), Status(STATUS_CONFLICTING_ADDRESSES));
    ASSERT_TRUE(map(*core, space, base, part).is_success());
    ASSERT_TRUE(map(*core, space, base + part, part).is_success());
    *bytes_at(base + 5) = 'r';
    EXPECT_EQ(*bytes_at(base + part + 5), 'r');
    EXPECT_EQ(map(*core, space, base, part), Status(STATUS_CONFLICTING_ADDRESSES));  // no placeholder any more

    EXPECT_TRUE(SectionCore::unmap_view(*manager, &space, base + 100, true).is_success());
    EXPECT_EQ(space.query(base)->state, static_cast<std::uint32_t>(MEM_RESERVE));
    EXPECT_TRUE(map(*core, space, base, part).is_success());
    EXPECT_EQ(*bytes_at(base + 5), 'r');
    EXPECT_TRUE(SectionCore::unmap_view(*manager, &space, base).is_success());
    EXPECT_TRUE(SectionCore::unmap_view(*manager, &space, base + part).is_success());
    EXPECT_EQ(space.query(base)->state, static_cast<std::uint32_t>(MEM_FREE));
    const std::uint64_t plain = core->map_view(&space, {.protection = PAGE_READWRITE})->base;
    EXPECT_EQ(SectionCore::unmap_view(*manager, &space, plain, true), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_TRUE(SectionCore::unmap_view(*manager, &space, plain).is_success());
}

// What a remote process acknowledges gives no address away that it still holds.
TEST_F(PlaceholderTest, KeepsItsAddressesWhenARemoteProcessAcknowledges) {
    AddressSpace& space = make_remote();
    const Ref<SectionCore> core = section(part);
    const std::uint64_t base = reserve(space, part);
    ASSERT_TRUE(map(*core, space, base, part).is_success());
    ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, base, true).is_success());
    ASSERT_TRUE(map(*core, space, base, part).is_success());
    ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, base).is_success());
    EXPECT_TRUE(space.unmap_acknowledged(base, part));  // of the first unmap
    std::uint64_t at = base;
    std::uint64_t bytes = part;
    EXPECT_EQ(space.allocate(&at, &bytes, MEM_RESERVE, PAGE_READWRITE), Status(STATUS_CONFLICTING_ADDRESSES));
    EXPECT_TRUE(space.unmap_acknowledged(base, part));  // of the second
    EXPECT_FALSE(space.unmap_acknowledged(base, part));
    EXPECT_TRUE(space.allocate(&at, &bytes, MEM_RESERVE, PAGE_READWRITE).is_success());
}

TEST_F(PlaceholderTest, AllocationsLieWhereTheyAreRequired) {
    AddressSpace& space = make_app();
    std::uint64_t address = 0;
    std::uint64_t bytes = part;
    AddressRequirements where;
    where.alignment_bytes = std::uint64_t{1} << 24;
    where.lowest = align_up(space.slot_base() + space.slot_bytes() / 2, where.alignment_bytes);
    where.highest = where.lowest + 2 * where.alignment_bytes - 1;
    ASSERT_TRUE(space.allocate(&address, &bytes, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE, where).is_success());
    EXPECT_EQ(address, where.lowest + where.alignment_bytes);
    std::uint64_t second = 0;
    ASSERT_TRUE(space.allocate(&second, &bytes, placeholder, PAGE_NOACCESS, where).is_success());
    EXPECT_EQ(second, where.lowest);
    std::uint64_t third = 0;
    EXPECT_EQ(space.allocate(&third, &bytes, MEM_RESERVE, PAGE_READWRITE, where), Status(STATUS_NO_MEMORY));
    where.alignment_bytes = 0x3000;
    EXPECT_EQ(space.allocate(&third, &bytes, MEM_RESERVE, PAGE_READWRITE, where), Status(STATUS_INVALID_PARAMETER));
    where.alignment_bytes = 0;
    third = second;
    EXPECT_EQ(space.allocate(&third, &bytes, MEM_RESERVE, PAGE_READWRITE, where), Status(STATUS_INVALID_PARAMETER));
    third = 0;
    where.highest -= 1;
    EXPECT_EQ(space.allocate(&third, &bytes, MEM_RESERVE, PAGE_READWRITE, where), Status(STATUS_INVALID_PARAMETER));
}

}  // namespace
}  // namespace pw::mm
