// SPDX-License-Identifier: Apache-2.0
// Placeholders ("VirtualAlloc2", "VirtualFree"): addresses that a process keeps to put views and allocations at later, cut and
// joined on purpose. They have no memory; the process sees them as reserved.
#include <ntstatus.h>
#include <pw_memory.h>

#include "kernel/memory/address_space.h"
#include "kernel/memory/memory_manager.h"

namespace pw::mm {

Status AddressSpace::reserve_placeholder(std::uint64_t* address, std::uint64_t* length_bytes, std::uint32_t allocation_type,
                                         std::uint32_t protection, const AddressRequirements& where) {
    // "Call VirtualAlloc2 with MEM_RESERVE | MEM_RESERVE_PLACEHOLDER and PageProtection set to PAGE_NOACCESS."
    if (protection != PAGE_NOACCESS) return STATUS_INVALID_PARAMETER_6;
    MapRequest request;
    request.kind = VadKind::placeholder;
    request.requested_base = align_down(*address, allocation_granularity_bytes);
    request.pages = pages_spanned(0, *length_bytes + (*address - request.requested_base));
    request.protection = protection;
    request.committed = false;
    request.top_down = (allocation_type & MEM_TOP_DOWN) != 0;
    request.where = where;
    MutexLock guard(lock_);
    PW_TRY_ASSIGN(*address, map_locked(request));
    *length_bytes = request.pages << page_shift;
    return {};
}

Status AddressSpace::take_placeholder_locked(std::uint64_t base, std::uint64_t pages) {
    // "BaseAddress and Size must exactly match those of the placeholder."
    const auto it = vads_.find(base);
    if (it == vads_.end() || it->second.kind != VadKind::placeholder || it->second.pages != pages) {
        return STATUS_CONFLICTING_ADDRESSES;
    }
    vads_.erase(it);
    return {};
}

void AddressSpace::put_placeholder_locked(std::uint64_t base, std::uint64_t pages) {
    Vad vad;
    vad.base = base;
    vad.pages = pages;
    vad.kind = VadKind::placeholder;
    vad.initial_protection = vad.maximum_protection = PAGE_NOACCESS;
    vad.runs = PageRuns(pages, 0);
    vads_.emplace(base, std::move(vad));
}

Status AddressSpace::split_placeholder_locked(const Vad& vad, std::uint64_t base, std::uint64_t pages) {
    const std::uint64_t first = vad.base;
    const std::uint64_t end = vad.end();
    const std::uint64_t part_end = base + (pages << page_shift);
    // All of it is one placeholder already.
    if (base == first && part_end == end) return STATUS_CONFLICTING_ADDRESSES;
    vads_.erase(first);
    if (base > first) put_placeholder_locked(first, (base - first) >> page_shift);
    put_placeholder_locked(base, pages);
    if (end > part_end) put_placeholder_locked(part_end, (end - part_end) >> page_shift);
    return {};
}

Status AddressSpace::coalesce_placeholders_locked(std::uint64_t base, std::uint64_t pages) {
    // "lpAddress and dwSize must exactly match the overall range of the placeholders to be merged."
    const std::uint64_t end = base + (pages << page_shift);
    std::size_t count = 0;
    std::uint64_t next = base;
    for (auto it = vads_.find(base); it != vads_.end() && it->first == next && next < end; ++it, ++count) {
        if (it->second.kind != VadKind::placeholder) return STATUS_CONFLICTING_ADDRESSES;
        next = it->second.end();
    }
    if (next != end || count < 2) return STATUS_CONFLICTING_ADDRESSES;
    vads_.erase(vads_.find(base), vads_.lower_bound(end));
    put_placeholder_locked(base, pages);
    return {};
}

}  // namespace pw::mm
