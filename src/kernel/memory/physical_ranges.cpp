// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/physical_ranges.h"

#include <ntstatus.h>

#include <algorithm>
#include <vector>

#include "base/checked_math.h"
#include "kernel/memory/io_space.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

constexpr std::uint32_t ranges_tag = 0x6850'6d4d;  // "MmPh"
constexpr std::uint64_t most_bytes = 0xFFFF'FFFF;

std::vector<FrameRange> memory_of(MemoryManager& manager) {
    std::vector<FrameRange> holes = manager.io_space().devices();
    holes.push_back({device_hole_first, device_hole_pages});
    std::sort(holes.begin(), holes.end(), [](FrameRange a, FrameRange b) { return a.first < b.first; });
    std::vector<FrameRange> ranges;
    FrameNumber next = first_usable_frame;
    for (const FrameRange& hole : holes) {
        if (hole.first > next) ranges.push_back({next, hole.first - next});
        next = std::max(next, hole.first + hole.pages);
    }
    const FrameNumber end = manager.window().length_bytes() >> page_shift;
    if (end > next) ranges.push_back({next, end - next});
    return ranges;
}

}  // namespace

PHYSICAL_MEMORY_RANGE* physical_memory_ranges(MemoryManager& manager) {
    const std::vector<FrameRange> ranges = memory_of(manager);
    auto* const list = static_cast<PHYSICAL_MEMORY_RANGE*>(manager.pool().allocate(
        (ranges.size() + 1) * sizeof(PHYSICAL_MEMORY_RANGE), ranges_tag, 0, PoolFill::zero));
    if (list == nullptr) return nullptr;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        list[i].BaseAddress.QuadPart = static_cast<LONGLONG>(ranges[i].first << page_shift);
        list[i].NumberOfBytes.QuadPart = static_cast<LONGLONG>(ranges[i].pages << page_shift);
    }
    return list;
}

std::uint64_t system_address_of(MemoryManager& manager, std::uint64_t physical) {
    const FrameNumber frame = physical >> page_shift;
    const std::uint64_t offset = physical & (page_size_bytes - 1);
    if (is_foreign(frame)) {
        const std::uint64_t address = foreign_address(frame);
        return platform::is_accessible(address, 1, false) ? address + offset : 0;
    }
    if (!manager.window().has_frame(frame) || manager.window().home_run(frame).pages == 0) return 0;
    return manager.window().address_of(frame) + offset;
}

Result<MDL*> mdl_for_io_space(MemoryManager& manager, const MM_PHYSICAL_ADDRESS_LIST* list, SIZE_T entries) {
    if (entries == 0) return STATUS_INVALID_PARAMETER_2;
    std::vector<FrameRange> ranges;
    std::uint64_t total = 0;
    for (SIZE_T i = 0; i < entries; ++i) {
        const auto physical = static_cast<std::uint64_t>(list[i].PhysicalAddress.QuadPart);
        const std::uint64_t bytes = list[i].NumberOfBytes;
        if (bytes == 0 || !is_aligned(physical | bytes, page_size_bytes)) return STATUS_INVALID_PARAMETER_1;
        if (!checked_add(total, bytes, &total) || total > most_bytes) return STATUS_INVALID_PARAMETER_2;
        ranges.push_back({physical >> page_shift, bytes >> page_shift});
    }
    return manager.mdls().allocate_for_io_space(ranges);
}

}  // namespace pw::mm
