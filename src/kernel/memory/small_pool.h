// SPDX-License-Identifier: Apache-2.0
// SmallPool: pool blocks of less than a page, in size-classed pages, with caches per group of threads.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <unordered_set>

#include "base/lock.h"
#include "kernel/memory/frame_number.h"
#include "kernel/memory/small_block.h"

namespace pw::mm {

class PageAllocator;
class SystemWindow;

enum class FreeResult : std::uint8_t { freed, freed_before, wrong_tag, corrupted, no_block };

class SmallPool {
public:
    SmallPool(SystemWindow& window, PageAllocator& pages);

    // Payload address or 0. Contents undefined.
    [[nodiscard]] std::uint64_t allocate(std::size_t bytes, std::uint32_t tag, std::uint8_t type, bool cache_aligned);
    [[nodiscard]] FreeResult free(std::uint64_t address, std::uint32_t tag);
    // Whether the address is inside a page of small blocks.
    [[nodiscard]] bool owns(std::uint64_t address) const;
    void retire_page(FrameNumber frame);
    void for_each_block(const std::function<void(SmallBlock&)>& visit);

private:
    static constexpr std::size_t shard_count = 16;
    static constexpr std::uint32_t batch_blocks = 16;

    struct Bin {
        SmallBlock* head = nullptr;
        std::uint32_t count = 0;
    };
    // A shard is only ever tried: who finds it busy takes the next.
    struct alignas(64) Shard {
        std::atomic<bool> busy{false};
        std::array<Bin, small_strides.size()> bins;
        [[nodiscard]] bool try_lock() { return !busy.exchange(true, std::memory_order_acquire); }
        void unlock() { busy.store(false, std::memory_order_release); }
    };

    [[nodiscard]] Shard* lock_shard();
    [[nodiscard]] SmallBlock* take(std::size_t size_class);
    [[nodiscard]] SmallBlock* take_batch(std::size_t size_class, std::uint32_t wanted, std::uint32_t* got);
    [[nodiscard]] SmallBlock* new_page(std::size_t size_class, std::uint32_t wanted, std::uint32_t* got);
    void give_back(SmallBlock* list);
    [[nodiscard]] FreeResult free_retired(FrameNumber frame, std::uint64_t address);
    [[nodiscard]] SmallBlock* pop_from_page_locked(FrameNumber frame) PW_REQUIRES(lock_);

    SystemWindow& window_;
    PageAllocator& pages_;
    const std::uint64_t secret_;
    std::array<std::uint8_t, largest_small_bytes / 16 + 1> class_of_;  // by (bytes + 15) / 16
    std::array<Shard, shard_count> shards_;
    Mutex lock_{LockRank::pool};
    std::array<std::unordered_set<FrameNumber>, small_strides.size()> partial_ PW_GUARDED_BY(lock_);
    std::unordered_set<FrameNumber> all_pages_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::mm
