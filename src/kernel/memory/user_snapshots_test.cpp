// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/user_snapshots.h"

#include "kernel/memory/memory_test_support.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

class UserSnapshotsTest : public MemoryTest {
protected:
    static constexpr std::uint64_t base = RecordedClientMemory::base;
    UserSnapshots& snapshots() { return manager->snapshots(); }
    static volatile char* raw(std::uint64_t offset) { return reinterpret_cast<volatile char*>(base + offset); }
    char* theirs() { return remote_memory.bytes; }
};

TEST_F(UserSnapshotsTest, ADriverReadsAndWritesACopy) {
    AddressSpace& space = make_remote();
    UserSnapshots::Holder holder(snapshots());
    std::strcpy(theirs() + 100, "of a library");
    ASSERT_TRUE(snapshots().lease(holder, space, base + 100, 50, true).is_success());
    EXPECT_EQ(snapshots().leased_pages(), 1u);
    EXPECT_EQ(raw(100)[0], 'o');
    raw(100)[0] = 'O';
    raw(2000)[0] = 'x';
    theirs()[101] = 'F';  // the process writes meanwhile, beside it
    EXPECT_EQ(theirs()[100], 'o');
    holder.before_release();
    EXPECT_STREQ(theirs() + 100, "OF a library");
    EXPECT_EQ(theirs()[2000], 'x');
    holder.after_wait();
    EXPECT_EQ(snapshots().leased_pages(), 0u);
    EXPECT_FALSE(platform::is_accessible(base, 1, false));
    // The next touch takes a fresh copy.
    ASSERT_TRUE(snapshots().resolve_fault(holder, space, base + 101, false));
    EXPECT_EQ(raw(101)[0], 'F');
    EXPECT_FALSE(platform::is_accessible(base, 1, true));
    ASSERT_TRUE(snapshots().resolve_fault(holder, space, base + 101, true));
    raw(101)[0] = 'f';
    holder.before_release();
    EXPECT_EQ(theirs()[101], 'f');
    snapshots().drop(holder);
    EXPECT_GT(manager->bounces()[BounceReason::raw_access].bytes.load(), 0u);
}

TEST_F(UserSnapshotsTest, GivesNoMoreThanTheProcessHas) {
    AddressSpace& space = make_remote();
    UserSnapshots::Holder holder(snapshots());
    remote_memory.writable = false;
    EXPECT_EQ(snapshots().lease(holder, space, base, 10, true), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(snapshots().lease(holder, space, base + sizeof(remote_memory.bytes), 1, false), Status(STATUS_ACCESS_VIOLATION));
    ASSERT_TRUE(snapshots().lease(holder, space, base, sizeof(remote_memory.bytes), false).is_success());
    EXPECT_FALSE(snapshots().resolve_fault(holder, space, base, true));
    // Read-only by the time of the release: nothing is written through it.
    remote_memory.writable = true;
    ASSERT_TRUE(snapshots().resolve_fault(holder, space, base, true));
    raw(0)[0] = 'w';
    remote_memory.writable = false;
    holder.before_release();
    EXPECT_EQ(theirs()[0], 0);
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    snapshots().drop(holder);
}

TEST_F(UserSnapshotsTest, AnAddressIsOneProcessesAtATime) {
    AddressSpace& space = make_remote();
    RecordedRemoteClient second_client;
    RecordedClientMemory second_memory;
    int second_process = 0;
    auto second = manager->create_address_space(
        {.process = &second_process, .client = &second_client, .client_memory = &second_memory, .trust_domain = 1000});
    ASSERT_TRUE(second.is_ok());
    {
        UserSnapshots::Holder holder(snapshots());
        UserSnapshots::Holder sibling(snapshots());  // another thread of the same process
        UserSnapshots::Holder stranger(snapshots());
        ASSERT_TRUE(snapshots().lease(holder, space, base, 10, true).is_success());
        ASSERT_TRUE(snapshots().lease(sibling, space, base, 10, true).is_success());
        EXPECT_EQ(snapshots().lease(stranger, **second, base, 10, false), Status(STATUS_ACCESS_VIOLATION));
        EXPECT_EQ(manager->bounces()[BounceReason::raw_access_refused].transfers.load(), 1u);
        snapshots().drop(holder);
        EXPECT_TRUE(platform::is_accessible(base, 1, true));  // the sibling still works on it
        snapshots().drop(sibling);
        second_memory.bytes[0] = '2';
        ASSERT_TRUE(snapshots().lease(stranger, **second, base, 10, false).is_success());
        EXPECT_EQ(raw(0)[0], '2');
    }
    EXPECT_EQ(snapshots().leased_pages(), 0u);
    manager->forget_process(&second_process, [](const std::string&) {});
}

TEST_F(UserSnapshotsTest, AHostOfSeveralUsersLeasesNothing) {
    AddressSpace& space = make_remote();
    RecordedRemoteClient second_client;
    RecordedClientMemory second_memory;
    int second_process = 0;
    auto second = manager->create_address_space(
        {.process = &second_process, .client = &second_client, .client_memory = &second_memory, .trust_domain = 1001});
    ASSERT_TRUE(second.is_ok());
    UserSnapshots::Holder holder(snapshots());
    EXPECT_EQ(snapshots().lease(holder, space, base, 10, false), Status(STATUS_ACCESS_VIOLATION));
    manager->forget_process(&second_process, [](const std::string&) {});
}

// What a hostile client may pass for its own: nothing of the host's, nothing of another process's is good.
TEST_F(UserSnapshotsTest, ProbesBelieveTheProcessAndNeverTheHost) {
    AddressSpace& space = make_remote();
    AddressSpace& stranger = make_other();
    const std::uint64_t theirs_in_slot = allocate(stranger, 0x2000);
    std::vector<char> heap(100);
    char stack = 0;
    const auto own = [](const void* address) { return reinterpret_cast<std::uint64_t>(address); };
    for (const std::uint64_t bad : {theirs_in_slot, stranger.slot_base(), own(heap.data()), own(&stack), own(&app_process),
                                    own(pool_block(100)), manager->window().base(), space.slot_base() + space.slot_bytes() - 2,
                                    ~std::uint64_t{0} - 8}) {
        for (const bool write : {false, true}) {
            EXPECT_EQ(manager->user_memory().probe(space, bad, 4, 1, write), Status(STATUS_ACCESS_VIOLATION)) << std::hex << bad;
            EXPECT_FALSE(manager->user_memory().resolve_fault(space, bad, write));
        }
        MDL* const mdl = manager->mdls().allocate(bad, 4);
        EXPECT_FALSE(manager->mdls().probe_and_lock(mdl, UserMode, IoReadAccess, &space).is_success());
        manager->mdls().free(mdl);
        char byte = 0;
        EXPECT_FALSE(manager->user_memory().copy_from_user(space, &byte, bad, 1).is_success());
    }
}

TEST_F(UserSnapshotsTest, NeverTakesAddressesThatTheHostUses) {
    AddressSpace& space = make_remote();
    UserSnapshots::Holder holder(snapshots());
    platform::Reservation taken = platform::Reservation::at(align_down(base, 4096), 4096).value();
    EXPECT_EQ(snapshots().lease(holder, space, base, 10, false), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(snapshots().leased_pages(), 0u);
    EXPECT_EQ(snapshots().lease(holder, space, manager->window().base(), 10, false), Status(STATUS_ACCESS_VIOLATION));
}

}  // namespace
}  // namespace pw::mm
