// SPDX-License-Identifier: Apache-2.0
// Read-only means read-only (decision 0017): a process that got a read-only descriptor tries everything that it could do.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <ntstatus.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "kernel/memory/memory_test_support.h"
#include "kernel/memory/segment.h"
#include "kernel/memory/system_mappings.h"
#include "kernel/memory/system_window.h"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace pw::mm {
namespace {

constexpr uid_t other_user = 65534;
constexpr std::size_t length_bytes = 4 * 4096;

int open_again(int fd, int flags) {
    char path[40];
    std::snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, flags);
}

bool maps_writable(int fd) {
    void* const mapped = mmap(nullptr, length_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return mapped != MAP_FAILED;
}

// Each attempt by its number; 0: none succeeded.
int break_out(int fd) {
    char* const view = static_cast<char*>(mmap(nullptr, length_bytes, PROT_READ, MAP_SHARED, fd, 0));
    if (view == MAP_FAILED || view[0] != 'k') return 1;  // reading works
    if (maps_writable(fd)) return 2;
    if (mprotect(view, length_bytes, PROT_READ | PROT_WRITE) == 0) return 3;
    if (pwrite(fd, "x", 1, 0) == 1 || write(fd, "x", 1) == 1) return 4;
    void* const moved = mremap(view, 0, length_bytes, MREMAP_MAYMOVE);
    if (moved != MAP_FAILED && mprotect(moved, length_bytes, PROT_READ | PROT_WRITE) == 0) return 5;
    fchmod(fd, 0666);  // the owner and root may
    for (const int flags : {O_RDWR, O_WRONLY}) {
        const int again = open_again(fd, flags);
        if (again < 0) continue;
        if (maps_writable(again)) return 6;
        if (pwrite(again, "x", 1, 0) == 1) return 7;
        if (fallocate(again, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0) return 8;
        if (ftruncate(again, 0) == 0) return 9;
        if (fcntl(again, F_ADD_SEALS, F_SEAL_WRITE) == 0) return 10;
    }
    if (madvise(view, 4096, MADV_REMOVE) == 0) return 11;
    return view[0] == 'k' ? 0 : 12;
}

int in_child(const std::function<int()>& body, uid_t user) {
    const pid_t child = fork();
    if (child == 0) {
        if (user != getuid() && (setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0)) _exit(99);
        _exit(body());
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

class ReadOnlyExport : public MemoryTest {
protected:
    void SetUp() override {
        MemoryTest::SetUp();
        auto created = Segment::create(manager->window(), SegmentKind::section, 4, 4);
        ASSERT_TRUE(created.is_ok());
        segment_ = std::move(created).value();
    }
    void TearDown() override {
        segment_.reset();
        MemoryTest::TearDown();
    }
    // As a transport does it.
    [[nodiscard]] platform::SharedMemory reader() { return segment_->memory().reopen_read_only().value(); }
    [[nodiscard]] volatile char* kernel_view() {
        return reinterpret_cast<volatile char*>(manager->window().address_of(segment_->ensure_window().value()));
    }
    Ref<Segment> segment_;
};

TEST_F(ReadOnlyExport, ASealedSegmentResistsEverybody) {
    ASSERT_TRUE(segment_->note_export(0, true, true).is_success());
    EXPECT_TRUE(segment_->is_sealed());
    kernel_view()[0] = 'k';
    const platform::SharedMemory memory = reader();
    EXPECT_EQ(in_child([&] { return break_out(memory.descriptor()); }, getuid()), 0);  // the host's own user, perhaps root
    if (getuid() == 0) {
        EXPECT_EQ(in_child([&] { return break_out(memory.descriptor()); }, other_user), 0);
    }
    // The kernel itself goes on writing, also through mappings that it makes from now on.
    const FrameRange frames{segment_->first_frame(), 4};
    auto again = manager->system_mappings().map(SystemMappingKind::mdl, {&frames, 1}, platform::PageAccess::read_write);
    ASSERT_TRUE(again.is_ok());
    reinterpret_cast<volatile char*>(*again)[4096] = 'w';
    EXPECT_EQ(kernel_view()[4096], 'w');
    EXPECT_TRUE(manager->system_mappings().unmap(SystemMappingKind::mdl, *again));
    // Nobody becomes a writer later.
    EXPECT_EQ(segment_->note_export(0, true, false).code(), STATUS_ACCESS_DENIED);
    EXPECT_TRUE(segment_->note_export(0, true, true).is_success());
}

TEST_F(ReadOnlyExport, BesideWritersAnotherUsersReaderStaysOne) {
    if (getuid() != 0) GTEST_SKIP() << "needs a second user";
    ASSERT_TRUE(segment_->note_export(0, true, false).is_success());
    EXPECT_FALSE(segment_->is_sealed());
    kernel_view()[0] = 'k';
    const platform::SharedMemory memory = reader();
    EXPECT_EQ(in_child([&] { return break_out(memory.descriptor()); }, other_user), 0);
    // A writer that came first goes on, and readers cannot take that away with a seal.
    const int writer = segment_->descriptor();
    EXPECT_EQ(in_child([&] { return maps_writable(writer) && fcntl(writer, F_ADD_SEALS, F_SEAL_WRITE) != 0 ? 0 : 1; }, getuid()), 0);
}

}  // namespace
}  // namespace pw::mm
