// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "exceptions/exceptions.h"
#include "exceptions/fault_status.h"

namespace pw::seh {
namespace {

bool overflows(std::initializer_list<std::uint8_t> code, const platform::FaultRegisters& registers) {
    const std::vector<std::uint8_t> bytes(code);
    return is_quotient_overflow(bytes.data(), bytes.size(), registers);
}

bool privileged(std::initializer_list<std::uint8_t> code) {
    const std::vector<std::uint8_t> bytes(code);
    return is_privileged_instruction(bytes.data(), bytes.size());
}

TEST(FaultStatus, LooksAtTheDivisorInARegister) {
    platform::FaultRegisters registers{};
    registers.rcx = 0xFFFFFFFF00000000;
    EXPECT_FALSE(overflows({0xF7, 0xF9}, registers));       // idiv ecx: zero
    EXPECT_TRUE(overflows({0x48, 0xF7, 0xF9}, registers));  // idiv rcx
    registers.rcx = 0x0100;
    EXPECT_FALSE(overflows({0xF6, 0xF9}, registers));       // idiv cl
    EXPECT_TRUE(overflows({0xF6, 0xFD}, registers));        // idiv ch
    EXPECT_TRUE(overflows({0x66, 0xF7, 0xF1}, registers));  // div cx
    registers.r9 = 1;
    EXPECT_TRUE(overflows({0x41, 0xF7, 0xF9}, registers));  // idiv r9d
    EXPECT_FALSE(overflows({0xF7, 0xD9}, registers));       // neg ecx
    EXPECT_FALSE(overflows({0xF7}, registers));
}

TEST(FaultStatus, LooksAtTheDivisorInMemory) {
    pw_faults_install();
    std::int32_t divisors[4] = {0, 5, 0, -1};
    platform::FaultRegisters registers{};
    registers.rbx = reinterpret_cast<std::uint64_t>(divisors);
    registers.r14 = 3;
    EXPECT_FALSE(overflows({0xF7, 0x3B}, registers));                    // idiv dword [rbx]
    EXPECT_TRUE(overflows({0xF7, 0x7B, 0x04}, registers));               // idiv dword [rbx+4]
    EXPECT_FALSE(overflows({0xF7, 0xBB, 8, 0, 0, 0}, registers));        // idiv dword [rbx+8]
    EXPECT_TRUE(overflows({0x42, 0xF7, 0x3C, 0xB3}, registers));         // idiv dword [rbx+r14*4]
    registers.rip = reinterpret_cast<std::uint64_t>(divisors) - 6 + 12;  // [rip+0] is right behind the instruction
    EXPECT_TRUE(overflows({0xF7, 0x3D, 0, 0, 0, 0}, registers));
    registers.rbx = 16;
    EXPECT_FALSE(overflows({0xF7, 0x3B}, registers));
}

TEST(FaultStatus, KnowsPrivilegedInstructions) {
    EXPECT_TRUE(privileged({0xFA}));
    EXPECT_TRUE(privileged({0xF4}));
    EXPECT_TRUE(privileged({0xEC}));
    EXPECT_TRUE(privileged({0x66, 0xED}));
    EXPECT_TRUE(privileged({0x0F, 0x20, 0xC0}));
    EXPECT_TRUE(privileged({0x44, 0x0F, 0x22, 0xC0}));
    EXPECT_TRUE(privileged({0x0F, 0x32}));
    EXPECT_FALSE(privileged({0x8B, 0x00}));
    EXPECT_FALSE(privileged({0x0F, 0x28, 0x00}));  // movaps, misaligned
    EXPECT_FALSE(privileged({}));
}

}  // namespace
}  // namespace pw::seh
