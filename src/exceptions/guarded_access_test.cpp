// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <cstring>

#include "exceptions/exceptions.h"

namespace {

constexpr std::size_t page_bytes = 4096;

class GuardedAccess : public testing::Test {
protected:
    GuardedAccess() {
        pw_faults_install();
        void* const memory = mmap(nullptr, 3 * page_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        base_ = static_cast<std::uint8_t*>(memory);
        mprotect(base_, page_bytes, PROT_READ | PROT_WRITE);
        mprotect(base_ + page_bytes, page_bytes, PROT_READ);
        // base_ + 2 * page_bytes stays inaccessible.
    }
    ~GuardedAccess() override { munmap(base_, 3 * page_bytes); }

    std::uint8_t* base_ = nullptr;
};

TEST_F(GuardedAccess, CopiesEverySizeThatIsAccessible) {
    std::array<std::uint8_t, 1100> source;
    for (std::size_t i = 0; i < source.size(); ++i) source[i] = static_cast<std::uint8_t>(i + 1);
    for (std::size_t n = 0; n <= source.size(); ++n) {
        std::memset(base_, 0, 1200);
        ASSERT_EQ(pw_guarded_copy(base_ + 3, source.data(), n, nullptr), 0u);
        ASSERT_EQ(std::memcmp(base_ + 3, source.data(), n), 0);
        ASSERT_EQ(base_[3 + n], 0);
    }
}

TEST_F(GuardedAccess, SaysHowManyBytesRemainWhenTheSourceEnds) {
    std::array<std::uint8_t, 300> target{};
    for (std::size_t n = 1; n <= 200; ++n) {
        for (std::size_t readable = 0; readable < n; readable += 7) {
            std::uintptr_t address = 0;
            const std::uint8_t* const end = base_ + 2 * page_bytes;
            ASSERT_EQ(pw_guarded_copy(target.data(), end - readable, n, &address), n - readable);
            ASSERT_EQ(address, reinterpret_cast<std::uintptr_t>(end));
        }
    }
}

TEST_F(GuardedAccess, StopsAtAReadOnlyTarget) {
    std::array<std::uint8_t, 100> source;
    source.fill(7);
    std::uintptr_t address = 0;
    EXPECT_EQ(pw_guarded_copy(base_ + page_bytes - 60, source.data(), 100, &address), 40u);
    EXPECT_EQ(address, reinterpret_cast<std::uintptr_t>(base_ + page_bytes));
    EXPECT_EQ(base_[page_bytes - 1], 7);
}

TEST_F(GuardedAccess, FillsUpToTheFault) {
    EXPECT_EQ(pw_guarded_fill(base_ + page_bytes - 10, 0x5A, 30, nullptr), 20u);
    EXPECT_EQ(base_[page_bytes - 10], 0x5A);
    EXPECT_EQ(base_[page_bytes - 1], 0x5A);
}

TEST_F(GuardedAccess, AnswersForNonCanonicalAddresses) {
    std::uint8_t byte = 0;
    const auto* const wild = reinterpret_cast<const void*>(std::uintptr_t{0x4242424242424242});
    EXPECT_EQ(pw_guarded_copy(&byte, wild, 1, nullptr), 1u);
    EXPECT_EQ(pw_guarded_read8(wild, &byte), 0);
}

TEST_F(GuardedAccess, ReadsAndWritesOneValueOfEachWidth) {
    std::uint8_t a = 0;
    std::uint16_t b = 0;
    std::uint32_t c = 0;
    std::uint64_t d = 0;
    ASSERT_EQ(pw_guarded_write64(base_, 0x1122334455667788), 1);
    EXPECT_TRUE(pw_guarded_read8(base_, &a) == 1 && a == 0x88);
    EXPECT_TRUE(pw_guarded_read16(base_, &b) == 1 && b == 0x7788);
    EXPECT_TRUE(pw_guarded_read32(base_, &c) == 1 && c == 0x55667788);
    EXPECT_TRUE(pw_guarded_read64(base_, &d) == 1 && d == 0x1122334455667788);
    EXPECT_TRUE(pw_guarded_write8(base_, 1) == 1 && pw_guarded_write16(base_ + 2, 2) == 1 && pw_guarded_write32(base_ + 4, 3) == 1);
    EXPECT_TRUE(pw_guarded_read64(base_, &d) == 1 && d == 0x0000000300027701);
    for (std::uint8_t* const bad : {base_ + page_bytes, base_ + 2 * page_bytes}) {
        EXPECT_EQ(pw_guarded_write8(bad, 0) + pw_guarded_write16(bad, 0) + pw_guarded_write32(bad, 0) + pw_guarded_write64(bad, 0), 0);
    }
    std::uint8_t* const bad = base_ + 2 * page_bytes;
    EXPECT_EQ(pw_guarded_read8(bad, &a) + pw_guarded_read16(bad, &b) + pw_guarded_read32(bad, &c) + pw_guarded_read64(bad, &d), 0);
}

TEST_F(GuardedAccess, TouchSaysWhetherBothBytesAreWritable) {
    base_[0] = 3;
    base_[page_bytes - 1] = 4;
    EXPECT_EQ(pw_guarded_touch(base_, base_ + page_bytes - 1), 1);
    EXPECT_TRUE(base_[0] == 3 && base_[page_bytes - 1] == 4);
    EXPECT_EQ(pw_guarded_touch(base_, base_ + page_bytes), 0);
    EXPECT_EQ(pw_guarded_touch(base_ + 2 * page_bytes, base_), 0);
}

struct Appearing {
    std::uint8_t* page;
    int calls;
};

pw_fault_answer make_page_appear(const pw_fault_info* fault, void* context) {
    auto* const appearing = static_cast<Appearing*>(context);
    const auto page = reinterpret_cast<std::uintptr_t>(appearing->page);
    if (fault->address < page || fault->address >= page + page_bytes) return PW_FAULT_NOT_MINE;
    ++appearing->calls;
    mprotect(appearing->page, page_bytes, PROT_READ | PROT_WRITE);
    return PW_FAULT_RETRY;
}

TEST_F(GuardedAccess, LetsAnEarlierResolverMapThePage) {
    Appearing appearing{base_ + 2 * page_bytes, 0};
    ASSERT_EQ(pw_fault_add_resolver(PW_FAULT_ORDER_MAPPING, make_page_appear, &appearing), 1);
    const std::array<std::uint8_t, 64> source{1, 2, 3};
    EXPECT_EQ(pw_guarded_copy(base_ + 2 * page_bytes, source.data(), source.size(), nullptr), 0u);
    EXPECT_EQ(base_[2 * page_bytes + 1], 2);
    EXPECT_EQ(appearing.calls, 1);
    pw_fault_remove_resolver(make_page_appear, &appearing);
    mprotect(base_ + 2 * page_bytes, page_bytes, PROT_NONE);
    EXPECT_EQ(pw_guarded_copy(base_ + 2 * page_bytes, source.data(), source.size(), nullptr), source.size());
    EXPECT_EQ(appearing.calls, 1);
}

}  // namespace
