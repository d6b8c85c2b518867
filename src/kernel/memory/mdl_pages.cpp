// SPDX-License-Identifier: Apache-2.0
// MmAllocatePagesForMdlEx: pages by physical address range, which have no address until they are mapped.
#include <algorithm>
#include <vector>

#include "base/checked_math.h"
#include "kernel/memory/caching.h"
#include "kernel/memory/frame_runs.h"
#include "kernel/memory/mdl.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_allocator.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

// The constraints for one pass: byte limits as frames, with the window's end and "anywhere" recognised.
RangeConstraints limits(std::uint64_t low, std::uint64_t high, std::uint64_t window_pages) {
    RangeConstraints wanted{.lowest = align_up(low, page_size_bytes) >> page_shift};
    wanted.highest = high == ~std::uint64_t{0} ? high : ((high + 1) >> page_shift) - 1;
    if (wanted.lowest == 0 && wanted.highest >= window_pages - 1) return PageAllocator::any_frame;
    return wanted;
}

}  // namespace

MDL* Mdls::allocate_pages(std::uint64_t low, std::uint64_t high, std::uint64_t skip, SIZE_T total_bytes,
                          MEMORY_CACHING_TYPE caching, std::uint32_t flags) {
    constexpr std::uint32_t known = MM_DONT_ZERO_ALLOCATION | MM_ALLOCATE_FROM_LOCAL_NODE_ONLY |
                                    MM_ALLOCATE_FULLY_REQUIRED | MM_ALLOCATE_NO_WAIT | MM_ALLOCATE_PREFER_CONTIGUOUS |
                                    MM_ALLOCATE_REQUIRE_CONTIGUOUS_CHUNKS | MM_ALLOCATE_FAST_LARGE_PAGES;
    if (total_bytes == 0 || (flags & ~known) != 0 || high < low) return nullptr;
    if (high < page_size_bytes - 1 || static_cast<std::uint32_t>(caching) >= MmMaximumCacheType) return nullptr;
    const std::uint64_t pages = pages_spanned(0, total_bytes);
    const bool chunked = (flags & MM_ALLOCATE_REQUIRE_CONTIGUOUS_CHUNKS) != 0;
    std::uint64_t chunk_pages = PageAllocator::largest_carved_pages;
    if (chunked) {
        // The skip is then the size of a chunk (0: all of it), to which chunks are aligned.
        chunk_pages = skip == 0 ? pages : skip >> page_shift;
        if (skip != 0 && (!is_aligned(skip, page_size_bytes) || (chunk_pages & (chunk_pages - 1)) != 0)) return nullptr;
        if (pages % chunk_pages != 0) return nullptr;
    } else if ((flags & MM_ALLOCATE_PREFER_CONTIGUOUS) != 0) {
        chunk_pages = pages;
    }
    SystemWindow& window = manager_.window();
    MDL* const mdl = allocate(0, pages << page_shift);
    if (mdl == nullptr) return nullptr;
    PFN_NUMBER* const numbers = frames(mdl);
    const bool zero = (flags & MM_DONT_ZERO_ALLOCATION) == 0;
    std::uint64_t got = 0;
    std::uint64_t window_low = low;
    std::uint64_t window_high = high;
    const std::uint8_t cache = caching_class(caching) == CachingClass::cached ? 0 : static_cast<std::uint8_t>(caching + 1);
    while (got < pages) {
        std::uint64_t count = std::min(chunk_pages, pages - got);
        RangeConstraints wanted = limits(window_low, window_high, window.length_bytes() >> page_shift);
        if (chunked && skip != 0) wanted.alignment_pages = chunk_pages;
        auto first = manager_.pages().allocate(count, SegmentKind::pool, zero, wanted);
        while (!first && !chunked && count > 1) {
            count /= 2;
            first = manager_.pages().allocate(count, SegmentKind::pool, zero, wanted);
        }
        if (first) {
            FrameInfo& info = window.info(*first);
            info.pages = static_cast<std::uint32_t>(count);
            if (cache != 0) window.set_caching({*first, count}, cache);
            info.use.store(FrameUse::mdl_pages, std::memory_order_release);
            fill_consecutive(numbers + got, *first, count);
            got += count;
            continue;
        }
        // The next range, `skip` bytes further on, as long as it lies in the window.
        if (chunked || skip == 0 || !checked_add(window_low, skip, &window_low) ||
            !checked_add(window_high, skip, &window_high) || window_low >= window.length_bytes()) {
            break;
        }
    }
    mdl->ByteCount = static_cast<ULONG>(got << page_shift);
    mdl->MdlFlags = static_cast<CSHORT>(mdl->MdlFlags | MDL_PAGES_LOCKED);
    const bool too_few = got < pages && (chunked || (flags & MM_ALLOCATE_FULLY_REQUIRED) != 0);
    if (got == 0 || too_few) {
        free_pages(mdl);
        free(mdl);
        return nullptr;
    }
    return mdl;
}

void Mdls::free_pages(MDL* mdl) {
    if ((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) != 0) unmap_from_system(mdl);
    SystemWindow& window = manager_.window();
    const PFN_NUMBER* const numbers = frames(mdl);
    const std::uint64_t pages = page_count(mdl);
    for (std::uint64_t i = 0; i < pages;) {
        if (!is_foreign(numbers[i]) && window.has_frame(numbers[i]) &&
            window.info(numbers[i]).use.load() == FrameUse::mdl_pages &&
            !may_free_pages(window, manager_.diagnostics(), {numbers[i], window.info(numbers[i]).pages}, "MmFreePagesFromMdl")) {
            break;
        }
        FrameUse expected = FrameUse::mdl_pages;
        if (is_foreign(numbers[i]) || !window.has_frame(numbers[i]) ||
            !window.info(numbers[i]).use.compare_exchange_strong(expected, FrameUse::none)) {
            report("MmFreePagesFromMdl of pages that MmAllocatePagesForMdl did not give, or that were freed before", mdl);
            break;
        }
        const std::uint64_t count = window.info(numbers[i]).pages;
        if (window.caching_of(numbers[i]) != 0) window.set_caching({numbers[i], count}, 0);
        manager_.pages().free(numbers[i], count);
        i += count;
    }
    mdl->MdlFlags = static_cast<CSHORT>(mdl->MdlFlags & ~MDL_PAGES_LOCKED);
    mdl->ByteCount = 0;
}

}  // namespace pw::mm
