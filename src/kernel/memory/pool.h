// SPDX-License-Identifier: Apache-2.0
// Pool: the kernel's heap (ExAllocatePool*): page-aligned pages for large blocks, size-classed pages for small ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.h"

namespace pw::mm {

class Diagnostics;
class PageAllocator;
class PoolObserver;
class SystemWindow;

enum class PoolFill : std::uint8_t {
    pattern,  // so that a read of uninitialised bytes shows
    zero,
    none,
};

struct PoolBlock {
    std::uint64_t address = 0;
    std::uint64_t bytes = 0;
    std::uint32_t tag = 0;
    std::uint32_t type = 0;  // POOL_TYPE without modifiers, or the low POOL_FLAGS
};

class Pool {
public:
    Pool(SystemWindow& window, PageAllocator& pages, Diagnostics& diagnostics);
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // nullptr when memory is short. Zero bytes give a block of the smallest size. At least a page: page-aligned; less:
    // 16-byte aligned (64 when `cache_aligned`) and within one page. Any IRQL ≤ DISPATCH_LEVEL; no lock in the common
    // case of small blocks.
    [[nodiscard]] void* allocate(std::size_t bytes, std::uint32_t tag, std::uint32_t type, PoolFill fill,
                                 bool cache_aligned = false);
    // `tag` 0: any. Bug checks BAD_POOL_CALLER (not a block, freed before, other tag) and BAD_POOL_HEADER (overrun).
    void free(void* block, std::uint32_t tag);

    // What the caller asked for; 0 for what is no block.
    [[nodiscard]] std::size_t block_bytes(const void* block) const;
    // PagedPool or NonPagedPool (0, also for what is no block).
    [[nodiscard]] std::uint32_t block_type(const void* block) const;
    // Live blocks, in no order; a snapshot. For tools and for the report at a driver's unload.
    void for_each_block(const std::function<void(const PoolBlock&)>& visit) const;
    // Told of every block from now on; null: nobody. Before drivers are loaded, by the composition root.
    void set_observer(PoolObserver* observer) { observer_ = observer; }
    // Pages that hold small blocks stop being used for new ones before a process sees them (called by the mapper).
    void retire_small_page(std::uint64_t frame);

private:
    void* allocate_unobserved(std::size_t bytes, std::uint32_t tag, std::uint32_t type, PoolFill fill, bool cache_aligned);

    struct Impl;
    std::unique_ptr<Impl> impl_;
    PoolObserver* observer_ = nullptr;
};

}  // namespace pw::mm
