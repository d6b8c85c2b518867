// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <thread>

#include "kernel/memory/contiguous_memory.h"
#include "kernel/memory/memory_test_support.h"

namespace pw::mm {
namespace {

constexpr std::uint32_t tag = 0x74736554;  // "Test"

class PoolTest : public MemoryTest {
protected:
    void* allocate(std::size_t bytes) { return manager->pool().allocate(bytes, tag, 0, PoolFill::pattern); }
    void free(void* block) { manager->pool().free(block, tag); }
};

TEST_F(PoolTest, AlignsEverySizeAsDocumented) {
    for (std::size_t bytes = 0; bytes < 20000; bytes += 37) {
        void* const block = allocate(bytes);
        ASSERT_NE(block, nullptr);
        const auto address = reinterpret_cast<std::uint64_t>(block);
        EXPECT_TRUE(is_aligned(address, bytes >= page_size_bytes ? page_size_bytes : 16)) << bytes;
        if (bytes != 0 && bytes < page_size_bytes) {
            EXPECT_EQ(address >> page_shift, (address + bytes - 1) >> page_shift) << bytes;
        }
        EXPECT_EQ(manager->pool().block_bytes(block), bytes);
        std::memset(block, 1, bytes);
        free(block);
    }
    EXPECT_TRUE(diagnostics.bug_checks.empty());
}

TEST_F(PoolTest, GivesCacheAlignedBlocks) {
    for (std::size_t bytes : {1u, 48u, 64u, 100u, 700u, 1000u, 2000u, 4000u}) {
        void* const block = manager->pool().allocate(bytes, tag, 0, PoolFill::zero, true);
        EXPECT_TRUE(is_aligned(reinterpret_cast<std::uint64_t>(block), 64)) << bytes;
        free(block);
    }
}

TEST_F(PoolTest, FillsWithAPatternOrWithZero) {
    for (std::size_t bytes : {64u, 8192u}) {
        auto* const block = static_cast<unsigned char*>(allocate(bytes));
        EXPECT_EQ(block[bytes / 2], 0xC5);
        free(block);
        auto* const zero = static_cast<unsigned char*>(manager->pool().allocate(bytes, tag, 0, PoolFill::zero));
        EXPECT_EQ(zero[0] | zero[bytes / 2] | zero[bytes - 1], 0);
        free(zero);
    }
}

TEST_F(PoolTest, BugChecksASecondFree) {
    for (std::size_t bytes : {64u, 8192u}) {
        diagnostics.bug_checks.clear();
        void* const block = allocate(bytes);
        free(block);
        free(block);
        ASSERT_EQ(diagnostics.bug_checks.size(), 1u) << bytes;
        EXPECT_EQ(diagnostics.bug_checks[0].code, 0xC2u);
    }
}

TEST_F(PoolTest, BugChecksAFreeWithAnotherTag) {
    for (std::size_t bytes : {64u, 8192u}) {
        diagnostics.bug_checks.clear();
        void* const block = allocate(bytes);
        manager->pool().free(block, tag + 1);
        ASSERT_EQ(diagnostics.bug_checks.size(), 1u);
        EXPECT_EQ(diagnostics.bug_checks[0].code, 0xC2u);
        EXPECT_EQ(diagnostics.bug_checks[0].p1, 0xAu);
        free(block);
        EXPECT_EQ(diagnostics.bug_checks.size(), 1u);
    }
}

TEST_F(PoolTest, BugChecksAFreeOfWhatIsNoBlock) {
    int local = 0;
    auto* const block = static_cast<char*>(allocate(256));
    for (void* bad : {static_cast<void*>(&local), static_cast<void*>(block + 16), static_cast<void*>(nullptr)}) {
        diagnostics.bug_checks.clear();
        free(bad);
        ASSERT_EQ(diagnostics.bug_checks.size(), 1u);
        EXPECT_EQ(diagnostics.bug_checks[0].code, 0xC2u);
    }
    free(block);
}

#if !defined(__SANITIZE_ADDRESS__)
TEST_F(PoolTest, BugChecksAnOverrun) {
    auto* const block = static_cast<char*>(allocate(112));  // fills its size class
    std::memset(block, 0x41, 120);
    free(block);
    ASSERT_EQ(diagnostics.bug_checks.size(), 1u);
    EXPECT_EQ(diagnostics.bug_checks[0].code, 0x19u);
}
#endif

TEST_F(PoolTest, ListsTheBlocksThatAreLive) {
    void* const small = allocate(100);
    void* const large = allocate(10000);
    free(allocate(100));
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
    manager->pool().for_each_block([&](const PoolBlock& block) {
        EXPECT_EQ(block.tag, tag);
        ++blocks;
        bytes += block.bytes;
    });
    EXPECT_EQ(blocks, 2u);
    EXPECT_EQ(bytes, 10100u);
    free(small);
    free(large);
}

TEST_F(PoolTest, KeepsBlocksApartUnderManyThreads) {
    std::vector<std::thread> threads;
    std::atomic<int> damaged{0};
    for (unsigned seed = 1; seed <= 4; ++seed) {
        threads.emplace_back([&, seed] {
            std::mt19937 random(seed);
            struct Held {
                unsigned char* block;
                std::size_t bytes;
            };
            std::vector<Held> held;
            for (int step = 0; step < 5000; ++step) {
                if (held.size() < 50 && random() % 3 != 0) {
                    const std::size_t bytes = 8 + random() % (random() % 20 == 0 ? 20000u : 500u);
                    auto* const block = static_cast<unsigned char*>(allocate(bytes));
                    std::memset(block, static_cast<int>(seed), bytes);
                    held.push_back({block, bytes});
                } else if (!held.empty()) {
                    const std::size_t index = random() % held.size();
                    const Held gone = held[index];
                    if (gone.block[0] != seed || gone.block[gone.bytes - 1] != seed) ++damaged;
                    free(gone.block);
                    held[index] = held.back();
                    held.pop_back();
                }
            }
            for (const Held& gone : held) free(gone.block);
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(damaged, 0);
    EXPECT_TRUE(diagnostics.bug_checks.empty());
    int live = 0;
    manager->pool().for_each_block([&live](const PoolBlock&) { ++live; });
    EXPECT_EQ(live, 0);
}

TEST_F(PoolTest, ReturnsNothingWhenTheCommitLimitIsReached) {
    TearDown();
    start({.commit_limit_pages = 2000});
    EXPECT_EQ(allocate(3000 * page_size_bytes), nullptr);
    void* const block = allocate(900 * page_size_bytes);
    EXPECT_NE(block, nullptr);
    free(block);
}

TEST_F(PoolTest, ContiguousMemoryLiesBelowTheLimitAndInOneBoundary) {
    for (std::uint64_t highest : {std::uint64_t{0xffffff}, std::uint64_t{0xffffffff}, ~std::uint64_t{0}}) {
        void* const block = manager->contiguous().allocate(3 * page_size_bytes, 0, highest, 0x10000);
        ASSERT_NE(block, nullptr);
        const std::uint64_t physical =
            manager->frame_of_system_address(reinterpret_cast<std::uint64_t>(block)) << page_shift;
        EXPECT_LE(physical + 3 * page_size_bytes - 1, highest);
        EXPECT_EQ(physical >> 16, (physical + 3 * page_size_bytes - 1) >> 16);
        EXPECT_EQ(static_cast<char*>(block)[5000], 0);
        manager->contiguous().free(block);
        manager->contiguous().free(block);
        EXPECT_EQ(diagnostics.bug_checks.size(), 1u);
        diagnostics.bug_checks.clear();
    }
    EXPECT_EQ(manager->contiguous().allocate(page_size_bytes, 0, 0xfff, 0), nullptr);
}

}  // namespace
}  // namespace pw::mm
