// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/pool.h"

#include <cstring>

#include "kernel/memory/diagnostics.h"
#include "kernel/memory/page_allocator.h"
#include "kernel/memory/pool_observer.h"
#include "kernel/memory/small_pool.h"
#include "kernel/memory/system_window.h"
#include "platform/fault_injection.h"

namespace pw::mm {
namespace {

constexpr std::uint32_t bad_pool_header = 0x19;
constexpr std::uint32_t bad_pool_caller = 0xC2;
constexpr int fill_byte = 0xC5;
constexpr std::uint32_t max_block_pages = 0x8000'0000;

}  // namespace

struct Pool::Impl {
    Impl(SystemWindow& window_in, PageAllocator& pages_in, Diagnostics& diagnostics_in)
        : window(window_in), pages(pages_in), diagnostics(diagnostics_in), small(window_in, pages_in) {}

    SystemWindow& window;
    PageAllocator& pages;
    Diagnostics& diagnostics;
    SmallPool small;

    void* allocate_pages(std::size_t bytes, std::uint32_t tag, std::uint8_t type, PoolFill fill) {
        const std::uint64_t count = pages_spanned(0, bytes);
        if (count >= max_block_pages) return nullptr;
        auto first = pages.allocate(count, SegmentKind::pool, fill == PoolFill::zero);
        if (!first) return nullptr;
        const std::uint64_t address = window.address_of(*first);
        const std::size_t slack = (count << page_shift) - bytes;
        // A segment of its own is new, zero, and too large to fill.
        if (fill == PoolFill::pattern && count <= PageAllocator::largest_carved_pages) {
            std::memset(reinterpret_cast<void*>(address), fill_byte, bytes);
        }
        poison::poison(address + bytes, slack);
        FrameInfo& info = window.info(*first);
        info.tag = tag;
        info.type = type;
        info.pages = static_cast<std::uint32_t>(count);
        info.slack_bytes = static_cast<std::uint16_t>(slack);
        info.use.store(FrameUse::pool_block, std::memory_order_release);
        return reinterpret_cast<void*>(address);
    }

    FreeResult free_pages(std::uint64_t address, std::uint32_t tag) {
        if (!window.contains(address)) return FreeResult::no_block;
        const FrameNumber first = window.frame_at(address);
        FrameInfo& info = window.info(first);
        if (info.use.load(std::memory_order_acquire) != FrameUse::pool_block) return FreeResult::no_block;
        if (tag != 0 && info.tag != tag) return FreeResult::wrong_tag;
        if (!may_free_pages(window, diagnostics, {first, info.pages}, "ExFreePool")) return FreeResult::freed;
        FrameUse expected = FrameUse::pool_block;
        if (!info.use.compare_exchange_strong(expected, FrameUse::none)) return FreeResult::freed_before;
        const std::uint64_t count = info.pages;
        poison::unpoison(address, count << page_shift);
        pages.free(first, count);
        return FreeResult::freed;
    }

    std::uint32_t tag_of(std::uint64_t address) const {
        if (is_aligned(address, page_size_bytes)) return window.info(window.frame_at(address)).tag;
        return SmallBlock::before(address)->get_tag();
    }
};

Pool::Pool(SystemWindow& window, PageAllocator& pages, Diagnostics& diagnostics)
    : impl_(std::make_unique<Impl>(window, pages, diagnostics)) {}

Pool::~Pool() = default;

void* Pool::allocate(std::size_t bytes, std::uint32_t tag, std::uint32_t type, PoolFill fill, bool cache_aligned) {
    void* const block = allocate_unobserved(bytes, tag, type, fill, cache_aligned);
    if (observer_) [[unlikely]] {
        if (block) observer_->allocated(block, bytes, tag);
    }
    return block;
}

void* Pool::allocate_unobserved(std::size_t bytes, std::uint32_t tag, std::uint32_t type, PoolFill fill, bool cache_aligned) {
    if (platform::step_fails(platform::FailurePoint::allocation)) return nullptr;
    const auto small_type = static_cast<std::uint8_t>(type);
    if (bytes > largest_small_bytes) return impl_->allocate_pages(bytes, tag, small_type, fill);
    const std::uint64_t address = impl_->small.allocate(bytes, tag, small_type, cache_aligned);
    if (address == 0) return nullptr;
    void* const block = reinterpret_cast<void*>(address);
    if (fill != PoolFill::none) std::memset(block, fill == PoolFill::zero ? 0 : fill_byte, bytes);
    return block;
}

void Pool::free(void* block, std::uint32_t tag) {
    if (observer_) [[unlikely]] observer_->freeing(block);
    const auto address = reinterpret_cast<std::uint64_t>(block);
    FreeResult result;
    if (is_aligned(address, page_size_bytes)) result = impl_->free_pages(address, tag);
    else if (impl_->small.owns(address)) result = impl_->small.free(address, tag);
    else result = FreeResult::no_block;
    // Parameter 1 of the documented bug checks says what was wrong.
    switch (result) {
        case FreeResult::freed: return;
        case FreeResult::freed_before: impl_->diagnostics.bug_check(bad_pool_caller, 0x7, 0, tag, address); return;
        case FreeResult::wrong_tag:
            impl_->diagnostics.bug_check(bad_pool_caller, 0xA, address, impl_->tag_of(address), tag);
            return;
        case FreeResult::corrupted:
            impl_->diagnostics.bug_check(bad_pool_header, 0x20, address - header_bytes, address, 0);
            return;
        case FreeResult::no_block: impl_->diagnostics.bug_check(bad_pool_caller, 0x46, address, 0, 0); return;
    }
}

std::size_t Pool::block_bytes(const void* block) const {
    const auto address = reinterpret_cast<std::uint64_t>(block);
    if (!impl_->window.contains(address)) return 0;
    const FrameInfo& info = impl_->window.info(impl_->window.frame_at(address));
    switch (info.use.load(std::memory_order_acquire)) {
        case FrameUse::pool_block:
            return (std::size_t{info.pages} << page_shift) - info.slack_bytes;
        case FrameUse::small_pool: {
            const std::size_t largest = small_strides[info.size_class] - header_bytes;
            const std::size_t bytes = SmallBlock::before(address)->get_bytes();
            return bytes < largest ? bytes : largest;
        }
        default: return 0;
    }
}

std::uint32_t Pool::block_type(const void* block) const {
    const auto address = reinterpret_cast<std::uint64_t>(block);
    if (!impl_->window.contains(address)) return 0;
    const FrameInfo& info = impl_->window.info(impl_->window.frame_at(address));
    switch (info.use.load(std::memory_order_acquire)) {
        case FrameUse::pool_block: return info.type;
        case FrameUse::small_pool: return SmallBlock::before(address)->get_type();
        default: return 0;
    }
}

void Pool::for_each_block(const std::function<void(const PoolBlock&)>& visit) const {
    impl_->small.for_each_block([&](SmallBlock& block) {
        visit({block.payload(), block.get_bytes(), block.get_tag(), block.get_type()});
    });
    for (const FrameRange& range : impl_->pages.ranges()) {
        for (FrameNumber frame = range.first; frame < range.first + range.pages; ++frame) {
            const FrameInfo& info = impl_->window.info(frame);
            if (info.use.load(std::memory_order_acquire) != FrameUse::pool_block) continue;
            visit({impl_->window.address_of(frame), (std::uint64_t{info.pages} << page_shift) - info.slack_bytes,
                   info.tag, info.type});
            frame += info.pages - 1;
        }
    }
}

void Pool::retire_small_page(std::uint64_t frame) { impl_->small.retire_page(frame); }

}  // namespace pw::mm
