// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/rehoming.h"

#include <thread>

#include "exceptions/exceptions.h"
#include "kernel/memory/memory_test_support.h"

namespace pw::mm {
namespace {

pw_fault_answer resolve(const pw_fault_info* fault, void* context) {
    const FaultAccess access = fault->is_write != 0 ? FaultAccess::write : FaultAccess::read;
    return static_cast<MemoryManager*>(context)->on_fault(fault->address, access) ? PW_FAULT_RETRY : PW_FAULT_NOT_MINE;
}

class RehomingTest : public MemoryTest {
protected:
    void SetUp() override {
        MemoryTest::SetUp();
        ASSERT_TRUE(pw_fault_add_resolver(PW_FAULT_ORDER_MAPPING, resolve, manager.get()));
    }
    void TearDown() override {
        pw_fault_remove_resolver(resolve, manager.get());
        MemoryTest::TearDown();
    }
};

TEST_F(RehomingTest, LosesNoWriteOfInterlockedWriters) {
    constexpr int rounds = 300;
    AddressSpace& space = make_app();
    std::uint64_t total_seen = 0;
    std::uint64_t total_added = 0;
    for (int round = 0; round < rounds; ++round) {
        void* const block = manager->pool().allocate(2 * page_size_bytes, 1, 0, PoolFill::zero);
        auto* const first = static_cast<std::atomic<std::uint64_t>*>(block);
        auto* const second = first + 600;  // on the other page
        std::atomic<bool> stop{false};
        std::atomic<int> running{0};
        std::atomic<std::uint64_t> added{0};
        const auto write = [&] {
            ++running;
            std::uint64_t mine = 0;
            while (!stop.load(std::memory_order_relaxed)) {
                first->fetch_add(1);
                second->fetch_add(1);
                ++mine;
            }
            added += mine;
        };
        std::thread a(write);
        std::thread b(write);
        while (running.load() != 2) std::this_thread::yield();
        MDL* const mdl = manager->mdls().allocate(reinterpret_cast<std::uint64_t>(block), 2 * page_size_bytes);
        manager->mdls().build_for_nonpaged_pool(mdl);
        auto mapped = manager->mdls().map_locked_pages(mdl, UserMode, MmCached, nullptr, NormalPagePriority, &space);
        ASSERT_TRUE(mapped.is_ok());
        stop = true;
        a.join();
        b.join();
        const auto* const user = static_cast<std::atomic<std::uint64_t>*>(*mapped);
        ASSERT_EQ(user[0].load(), added.load());
        ASSERT_EQ(user[600].load(), added.load());
        total_seen += first->load();
        total_added += added.load();
        manager->mdls().unmap_locked_pages(*mapped, mdl, &space);
        manager->mdls().free(mdl);
        manager->pool().free(block, 0);
    }
    EXPECT_EQ(total_seen, total_added);
    EXPECT_EQ(manager->rehoming().moves(), static_cast<std::uint64_t>(rounds));
}

alignas(4096) char driver_data[3 * 4096];

TEST_F(RehomingTest, ADriversStaticArraysCanBeMapped) {
    AddressSpace& space = make_app();
    std::strcpy(driver_data + 4096, "initialised");
    const auto base = reinterpret_cast<std::uint64_t>(driver_data);
    const WritableRange writable{base, sizeof(driver_data)};
    ASSERT_TRUE(manager->register_driver_image(base, sizeof(driver_data), {&writable, 1}).is_success());
    EXPECT_STREQ(driver_data + 4096, "initialised");
    EXPECT_TRUE(manager->is_system_address(base));

    MDL* const mdl = manager->mdls().allocate(base + 4096, 100);
    manager->mdls().build_for_nonpaged_pool(mdl);
    const PFN_NUMBER frame = Mdls::frames(mdl)[0];
    EXPECT_FALSE(is_foreign(frame));
    EXPECT_EQ(frame, manager->frame_of_system_address(base) + 1);
    auto mapped = manager->mdls().map_locked_pages(mdl, UserMode, MmCached, nullptr, NormalPagePriority, &space);
    ASSERT_TRUE(mapped.is_ok());
    auto* const user = static_cast<char*>(*mapped);
    EXPECT_STREQ(user, "initialised");
    std::strcpy(driver_data + 4096, "by the driver");
    EXPECT_STREQ(user, "by the driver");
    std::strcpy(user, "by the app");
    EXPECT_STREQ(driver_data + 4096, "by the app");
    EXPECT_STREQ(reinterpret_cast<char*>(manager->address_of_frame(frame)), "by the app");
    // Only that page went to the process.
    std::strcpy(driver_data, "neighbour");
    EXPECT_EQ(manager->rehoming().moves(), 1u);

    manager->mdls().unmap_locked_pages(user, mdl, &space);
    manager->mdls().free(mdl);
    manager->unregister_driver_image(base);
    EXPECT_FALSE(manager->is_system_address(base));
    EXPECT_STREQ(driver_data + 4096, "by the app");
    EXPECT_STREQ(driver_data, "neighbour");
}

TEST_F(RehomingTest, AWildAddressIsNoBusinessOfRehoming) {
    EXPECT_FALSE(manager->on_fault(manager->plan().window_base + 0x5000, FaultAccess::write));
    EXPECT_FALSE(manager->on_fault(8, FaultAccess::read));
    EXPECT_FALSE(manager->on_fault(0x8000'0000'0000'0000, FaultAccess::read));
}

}  // namespace
}  // namespace pw::mm
