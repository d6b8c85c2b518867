// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "kernel/memory/memory_test_support.h"
#include "kernel/memory/system_window.h"
#include "kernel/memory/user_memory.h"

namespace pw::mm {
namespace {

class UserMemoryQueryTest : public MemoryTest {};

int initialised_data = 3;

TEST_F(UserMemoryQueryTest, KnowsTheProgramAndTheGapsOfThisProcess) {
    AddressSpace& space = make_app();
    UserMemory& memory = manager->user_memory();
    const auto code = memory.query(space, reinterpret_cast<std::uint64_t>(&std::abort)).value();
    EXPECT_EQ(code.state, static_cast<std::uint32_t>(MEM_COMMIT));
    EXPECT_EQ(code.type, static_cast<std::uint32_t>(MEM_IMAGE));
    EXPECT_EQ(code.protection, static_cast<std::uint32_t>(PAGE_EXECUTE_READ));
    EXPECT_LT(code.allocation_base, code.base_address);
    const auto data = memory.query(space, reinterpret_cast<std::uint64_t>(&initialised_data)).value();
    EXPECT_EQ(data.type, static_cast<std::uint32_t>(MEM_IMAGE));
    EXPECT_EQ(data.protection, static_cast<std::uint32_t>(PAGE_READWRITE));
    const auto none = memory.query(space, 0).value();
    EXPECT_EQ(none.state, static_cast<std::uint32_t>(MEM_FREE));
    EXPECT_GE(none.region_bytes, 0x10000u);
    EXPECT_EQ(memory.query(space, user_address_end).status(), Status(STATUS_INVALID_PARAMETER));
    EXPECT_EQ(memory.query(space, manager->window().base()).status(), Status(STATUS_INVALID_PARAMETER));
    // In the slot the kernel's own books count.
    const std::uint64_t own = allocate(space, 0x1000);
    EXPECT_EQ(memory.query(space, own)->type, static_cast<std::uint32_t>(MEM_PRIVATE));
    EXPECT_EQ(memory.query(space, own + 0x1000)->state, static_cast<std::uint32_t>(MEM_FREE));
}

TEST_F(UserMemoryQueryTest, AsksForARemoteProcessesMaps) {
    AddressSpace& space = make_remote();
    UserMemory& memory = manager->user_memory();
    const auto foreign = memory.query(space, RecordedClientMemory::base + 0x1234).value();
    EXPECT_EQ(foreign.state, static_cast<std::uint32_t>(MEM_COMMIT));
    EXPECT_EQ(foreign.type, static_cast<std::uint32_t>(MEM_PRIVATE));
    EXPECT_EQ(foreign.protection, static_cast<std::uint32_t>(PAGE_READWRITE));
    EXPECT_EQ(foreign.base_address, RecordedClientMemory::base + 0x1000);
    EXPECT_EQ(foreign.allocation_base, RecordedClientMemory::base);
    EXPECT_EQ(foreign.region_bytes, 0x3000u);
    EXPECT_EQ(memory.query(space, 0x1000)->state, static_cast<std::uint32_t>(MEM_FREE));
}

}  // namespace
}  // namespace pw::mm
