// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/io_space.h"

#include <ntstatus.h>

#include <cstdio>

#include "base/checked_math.h"
#include "kernel/memory/diagnostics.h"
#include "kernel/memory/page_allocator.h"
#include "kernel/memory/rehoming.h"
#include "kernel/memory/system_mappings.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

// MEMORY_MANAGEMENT. 0x1233: "A driver tried to map a physical memory page that was not locked."
constexpr std::uint32_t memory_management = 0x1A;
constexpr std::uint64_t page_not_locked = 0x1233;
constexpr std::uint32_t system_pte_misuse = 0xDA;

bool overlap(FrameRange a, FrameRange b) {
    return a.first < b.first + b.pages && b.first < a.first + a.pages;
}

}  // namespace

IoSpace::~IoSpace() {
    decltype(devices_) devices;
    {
        MutexLock guard(lock_);
        devices.swap(devices_);
    }
    for (const auto& [first, segment] : devices) rehoming_.restore_at_exit({first, segment->pages()});
}

Status IoSpace::add_device(std::uint64_t physical, std::uint64_t length_bytes) {
    if (length_bytes == 0 || !is_aligned(physical | length_bytes, page_size_bytes)) return STATUS_INVALID_PARAMETER;
    const std::uint64_t limit = window_.length_bytes();
    if (physical >= limit || length_bytes > limit - physical) return STATUS_INVALID_PARAMETER;
    const std::uint64_t pages = length_bytes >> page_shift;
    PW_TRY_ASSIGN(Ref<Segment> segment, Segment::create(window_, SegmentKind::device, pages, pages));
    PW_TRY(window_.place_at(*segment, physical >> page_shift));
    MutexLock guard(lock_);
    devices_.emplace(physical >> page_shift, std::move(segment));
    return {};
}

Status IoSpace::remove_device(std::uint64_t physical) {
    Ref<Segment> removed;
    FrameRange frames;
    {
        MutexLock guard(lock_);
        const auto it = devices_.find(physical >> page_shift);
        if (it == devices_.end() || !is_aligned(physical, page_size_bytes)) return STATUS_NOT_FOUND;
        frames = {it->first, it->second->pages()};
        if (is_mapped_locked(frames)) return STATUS_DEVICE_BUSY;
        removed = std::move(it->second);
        devices_.erase(it);
    }
    rehoming_.restore(frames);  // processes that have pages of it keep them
    return {};
}

bool IoSpace::is_mapped_locked(FrameRange frames) const {
    for (const auto& [base, mapping] : mapped_) {
        if (overlap(mapping.frames, frames)) return true;
    }
    return false;
}

bool IoSpace::is_device(FrameRange frames) {
    MutexLock guard(lock_);
    auto it = devices_.upper_bound(frames.first);
    if (it == devices_.begin()) return false;
    --it;
    return frames.first + frames.pages <= it->first + it->second->pages();
}

std::vector<FrameRange> IoSpace::devices() {
    std::vector<FrameRange> found;
    MutexLock guard(lock_);
    for (const auto& [first, segment] : devices_) found.push_back({first, segment->pages()});
    return found;
}

// Physical memory may be mapped only while somebody holds it: its owner could otherwise change under the mapping.
Status IoSpace::check_memory(FrameRange frames) {
    for (const FramePiece& piece : window_.pieces(frames)) {
        if (!piece.segment) return STATUS_INVALID_ADDRESS;
        const bool held = is_kernel_memory(piece.segment->kind()) ? pages_.is_allocated(piece.frames)
                                                                  : piece.segment->pinned_pages() != 0;
        if (held) continue;
        diagnostics_.bug_check(memory_management, page_not_locked, piece.frames.first, 0, 0);
        return STATUS_INVALID_ADDRESS;
    }
    return {};
}

bool IoSpace::conflicts(FrameRange frames, CachingClass caching) {
    MutexLock guard(lock_);
    for (const auto& [base, mapping] : mapped_) {
        if (mapping.caching != caching && overlap(mapping.frames, frames)) return true;
    }
    return false;
}

Result<void*> IoSpace::map(std::uint64_t physical, std::uint64_t length_bytes, platform::PageAccess access,
                           CachingClass caching) {
    if (length_bytes == 0 || physical >= window_.length_bytes() || length_bytes > window_.length_bytes() - physical) {
        return STATUS_INVALID_PARAMETER;
    }
    const FrameRange frames{physical >> page_shift, pages_spanned(physical, length_bytes)};
    if (conflicts(frames, caching)) {
        diagnostics_.report("MmMapIoSpace of pages that are mapped with another caching type");
        return STATUS_CONFLICTING_ADDRESSES;
    }
    Status status = check(frames);
    std::uint64_t base = 0;
    if (status.is_success()) {
        auto mapped = mappings_.map(SystemMappingKind::io_space, {&frames, 1}, access);
        if (mapped) base = *mapped;
        status = mapped.status();
    }
    if (status.is_failure()) {
        if (status != Status(STATUS_INVALID_ADDRESS)) return status;
        char text[160];
        std::snprintf(text, sizeof(text),
                      "MmMapIoSpace: nothing answers at physical address 0x%llx (%llu bytes); define a device there with "
                      "pw_device_memory_add",
                      static_cast<unsigned long long>(physical), static_cast<unsigned long long>(length_bytes));
        diagnostics_.report(text);
        return status;
    }
    {
        MutexLock guard(lock_);
        mapped_.emplace(base, Mapping{frames, length_bytes, caching});
    }
    return reinterpret_cast<void*>(base + (physical & (page_size_bytes - 1)));
}

void IoSpace::unmap(void* base, std::uint64_t length_bytes) {
    const auto address = reinterpret_cast<std::uint64_t>(base);
    const std::uint64_t page = align_down(address, page_size_bytes);
    bool is_whole = false;
    {
        MutexLock guard(lock_);
        const auto it = mapped_.find(page);
        if (it != mapped_.end() && it->second.length_bytes == length_bytes) {
            is_whole = true;
            mapped_.erase(it);
        }
    }
    if (!is_whole || !mappings_.unmap(SystemMappingKind::io_space, page)) {
        diagnostics_.bug_check(system_pte_misuse, 0x1, address, length_bytes, 0);
    }
}

bool IoSpace::is_active(std::uint64_t physical, std::uint64_t length_bytes) {
    MutexLock guard(lock_);
    return length_bytes != 0 && is_mapped_locked({physical >> page_shift, pages_spanned(physical, length_bytes)});
}

}  // namespace pw::mm
