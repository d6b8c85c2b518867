// SPDX-License-Identifier: Apache-2.0
#include "platform/process_memory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "platform/errno_status.h"
#include "platform/shared_memory.h"

namespace pw::platform {
namespace {

constexpr std::string_view maps =
    "00400000-00402000 r-xp 00000000 08:01 1 /bin/app\n"
    "00402000-00403000 rw-p 00002000 08:01 1 /bin/app\n"
    "00405000-00406000 rw-s 00000000 00:01 2 /memfd:x (deleted)\n";

TEST(ProcessMemory, MapsTextDecidesAccess) {
    EXPECT_TRUE(maps_allow(maps, 0x400000, 0x3000, PageAccess::read));
    EXPECT_TRUE(maps_allow(maps, 0x402ff0, 0x10, PageAccess::read_write));
    EXPECT_FALSE(maps_allow(maps, 0x401ff0, 0x20, PageAccess::write));
    EXPECT_FALSE(maps_allow(maps, 0x402ff0, 0x11, PageAccess::read));
    EXPECT_FALSE(maps_allow(maps, 0x404000, 1, PageAccess::read));
    EXPECT_FALSE(maps_allow(maps, ~std::uint64_t{0}, 2, PageAccess::read));
    EXPECT_FALSE(maps_allow("rubbish\n", 0x400000, 1, PageAccess::read));
    EXPECT_FALSE(maps_allow("", 0x400000, 1, PageAccess::read));
}

TEST(ProcessMemory, MapsTextTellsWhatLiesWhere) {
    const MapsRegion code = maps_region(maps, 0x401fff);
    EXPECT_TRUE(code.is_mapped && code.is_file && code.is_program && !code.is_shared);
    EXPECT_EQ(code.begin, 0x400000u);
    EXPECT_EQ(code.end, 0x402000u);
    const MapsRegion data = maps_region(maps, 0x402000);
    EXPECT_TRUE(data.is_program);
    EXPECT_EQ(data.file_begin, 0x400000u);
    EXPECT_EQ(data.access, PageAccess::read_write);
    const MapsRegion gap = maps_region(maps, 0x403000);
    EXPECT_FALSE(gap.is_mapped);
    EXPECT_EQ(gap.begin, 0x403000u);
    EXPECT_EQ(gap.end, 0x405000u);
    const MapsRegion memory = maps_region(maps, 0x405800);
    EXPECT_TRUE(memory.is_mapped && memory.is_shared && !memory.is_file && !memory.is_program);
    EXPECT_EQ(maps_region(maps, 0x500000).begin, 0x406000u);
    EXPECT_EQ(maps_region(maps, 0x500000).end, ~std::uint64_t{0});
    EXPECT_EQ(maps_region(maps, 0).end, 0x400000u);
    // A file whose first mapping only reads is a program nevertheless.
    constexpr std::string_view library =
        "00100000-00101000 r--p 00000000 08:01 7 /lib/a b.so\n"
        "00101000-00102000 r-xp 00001000 08:01 7 /lib/a b.so\n"
        "00102000-00103000 r--p 00000000 08:01 8 /data\n";
    EXPECT_TRUE(maps_region(library, 0x100000).is_program);
    EXPECT_FALSE(maps_region(library, 0x102000).is_program);
    EXPECT_EQ(maps_region(library, 0x102000).file_begin, 0x102000u);
    EXPECT_FALSE(maps_region("rubbish", 0x102000).is_mapped);
}

TEST(ProcessMemory, ReadsAndWritesThroughDescriptors) {
    const int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
    const int maps_file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    ASSERT_GE(memory, 0);
    ASSERT_GE(maps_file, 0);
    char here[100] = "there";
    char copy[100] = {};
    const auto address = reinterpret_cast<std::uint64_t>(here);
    EXPECT_TRUE(check_process_access(maps_file, address, sizeof(here), PageAccess::read_write).is_success());
    EXPECT_TRUE(read_process_memory(memory, copy, address, sizeof(here)).is_success());
    EXPECT_STREQ(copy, "there");
    EXPECT_TRUE(write_process_memory(memory, address, "back", 5).is_success());
    EXPECT_STREQ(here, "back");
    EXPECT_TRUE(check_process_access(maps_file, 16, 8, PageAccess::read).is_error());
    EXPECT_EQ(read_process_memory(memory, copy, 16, 8), status_from_errno(EFAULT));
    close(memory);
    close(maps_file);
}

TEST(SharedMemory, AReadOnlyDescriptorCannotBeMappedWritable) {
    auto memory = SharedMemory::create(8192, "test");
    ASSERT_TRUE(memory.is_ok());
    auto read_only = memory->reopen_read_only();
    ASSERT_TRUE(read_only.is_ok());
    EXPECT_FALSE(read_only->is_writable());
    EXPECT_EQ(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, read_only->descriptor(), 0), MAP_FAILED);
    void* const view = mmap(nullptr, 4096, PROT_READ, MAP_SHARED, read_only->descriptor(), 0);
    ASSERT_NE(view, MAP_FAILED);
    EXPECT_NE(mprotect(view, 4096, PROT_READ | PROT_WRITE), 0);
    munmap(view, 4096);
}

TEST(SharedMemory, CannotBeShrunkOrGrownOrSealedFurther) {
    auto memory = SharedMemory::create(8192, "test");
    ASSERT_TRUE(memory.is_ok());
    EXPECT_NE(ftruncate(memory->descriptor(), 4096), 0);
    EXPECT_NE(ftruncate(memory->descriptor(), 16384), 0);
    ASSERT_TRUE(memory->close_seals(false).is_success());
    EXPECT_NE(fcntl(memory->descriptor(), F_ADD_SEALS, F_SEAL_WRITE), 0);
}

TEST(SharedMemory, AHoleReadsAsZero) {
    auto memory = SharedMemory::create(8192, "test");
    ASSERT_TRUE(memory.is_ok());
    ASSERT_TRUE(memory->copy_in(4096, "page", 5).is_success());
    char byte = 0;
    ASSERT_EQ(pread(memory->descriptor(), &byte, 1, 4096), 1);
    EXPECT_EQ(byte, 'p');
    ASSERT_TRUE(memory->punch_hole(4096, 4096).is_success());
    ASSERT_EQ(pread(memory->descriptor(), &byte, 1, 4096), 1);
    EXPECT_EQ(byte, 0);
}

}  // namespace
}  // namespace pw::platform
