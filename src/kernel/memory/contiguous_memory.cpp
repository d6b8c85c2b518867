// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/contiguous_memory.h"

#include "kernel/memory/diagnostics.h"
#include "kernel/memory/page_allocator.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

constexpr std::uint32_t bad_pool_caller = 0xC2;

}  // namespace

void* ContiguousMemory::allocate(std::uint64_t bytes, std::uint64_t lowest, std::uint64_t highest,
                                 std::uint64_t boundary, std::uint8_t caching) {
    if (bytes == 0 || bytes > window_.length_bytes() || (boundary & (boundary - 1)) != 0) return nullptr;
    if (boundary != 0 && boundary < page_size_bytes) return nullptr;
    const std::uint64_t pages = pages_spanned(0, bytes);
    RangeConstraints wanted{.lowest = align_up(lowest, page_size_bytes) >> page_shift,
                            .boundary_pages = boundary >> page_shift};
    if (highest < lowest || highest + 1 < page_size_bytes) {
        if (highest != ~std::uint64_t{0}) return nullptr;
    }
    // The last frame must lie wholly below the limit.
    wanted.highest = highest == ~std::uint64_t{0} ? highest : ((highest + 1) >> page_shift) - 1;
    if (wanted.lowest == 0 && wanted.highest >= (window_.length_bytes() >> page_shift) - 1) {
        wanted.lowest = four_gigabyte_frame;
        wanted.highest = ~std::uint64_t{0};
    }
    auto first = pages_.allocate(pages, SegmentKind::contiguous, true, wanted);
    if (!first) return nullptr;
    FrameInfo& info = window_.info(*first);
    info.pages = static_cast<std::uint32_t>(pages);
    if (caching != 0) window_.set_caching({*first, pages}, caching);
    info.use.store(FrameUse::contiguous, std::memory_order_release);
    return reinterpret_cast<void*>(window_.address_of(*first));
}

void ContiguousMemory::free(void* base) {
    const auto address = reinterpret_cast<std::uint64_t>(base);
    const bool is_block = is_aligned(address, page_size_bytes) && window_.contains(address) &&
                          window_.info(window_.frame_at(address)).use.load() == FrameUse::contiguous;
    const FrameNumber first = window_.frame_at(address);
    if (is_block && !may_free_pages(window_, diagnostics_, {first, window_.info(first).pages}, "MmFreeContiguousMemory")) return;
    FrameUse expected = FrameUse::contiguous;
    if (!is_block || !window_.info(first).use.compare_exchange_strong(expected, FrameUse::none)) {
        diagnostics_.bug_check(bad_pool_caller, 0x60, address, 0, 0);  // 0x60: not contiguous memory, or freed before
        return;
    }
    const FrameRange frames{first, window_.info(first).pages};
    if (window_.caching_of(first) != 0) window_.set_caching(frames, 0);
    pages_.free(first, frames.pages);
}

}  // namespace pw::mm
