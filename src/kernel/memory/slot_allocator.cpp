// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/slot_allocator.h"

#include <ntstatus.h>

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "base/checked_math.h"

namespace pw::mm {
namespace {

// How many slots one process can have: with 64 GiB each, a view of a terabyte beside what it has already.
constexpr std::uint32_t most_slots_of_a_process = 32;

}  // namespace

SlotAllocator::SlotAllocator(const AddressPlan& plan) : plan_(plan), slots_(plan.slot_count) {
    // Bit-reversed counting: the first, the middle one, the quarters …
    const std::uint32_t ceiling = std::bit_ceil(plan.slot_count);
    const int bits = std::countr_zero(ceiling);
    for (std::uint32_t i = 0; i < ceiling; ++i) {
        std::uint32_t reversed = 0;
        for (int bit = 0; bit < bits; ++bit) reversed |= ((i >> bit) & 1u) << (bits - 1 - bit);
        if (reversed < plan.slot_count) order_.push_back(reversed);
    }
    recycled_.reserve(plan.slot_count);  // giving back never fails
}

std::uint64_t SlotAllocator::room_bytes(std::uint64_t base) const {
    return std::min(plan_.slots_end() - base, plan_.slot_bytes * most_slots_of_a_process);
}

bool SlotAllocator::is_in_somebodys_room_locked(std::uint32_t index) const {
    const std::uint32_t first = index < most_slots_of_a_process ? 0 : index - (most_slots_of_a_process - 1);
    for (std::uint32_t i = first; i < index; ++i) {
        if (slots_[i].owner != nobody) return true;
    }
    return false;
}

bool SlotAllocator::take_locked(std::uint32_t index, std::uint32_t owner) {
    Slot& slot = slots_[index];
    slot.was_used = true;
    // Its addresses may be taken by somebody else; they stay theirs for good.
    auto reserved = platform::Reservation::at(base_of(index), plan_.slot_bytes);
    if (!reserved) return false;
    slot.reserved = std::move(*reserved);
    slot.owner = owner;
    return true;
}

Result<std::uint64_t> SlotAllocator::allocate() {
    MutexLock guard(lock_);
    // A fresh slot while there is one: an address of a process that is gone then means nothing for a long time.
    for (const bool may_crowd : {false, true}) {
        for (const std::uint32_t index : order_) {
            if (slots_[index].was_used || (!may_crowd && is_in_somebodys_room_locked(index))) continue;
            if (take_locked(index, index)) return base_of(index);
        }
    }
    while (!recycled_.empty()) {
        const std::uint32_t index = recycled_.front();
        recycled_.erase(recycled_.begin());
        if (take_locked(index, index)) return base_of(index);
    }
    return STATUS_INSUFFICIENT_RESOURCES;
}

Status SlotAllocator::grow(std::uint64_t base, std::uint64_t length_bytes) {
    if (length_bytes > room_bytes(base)) return STATUS_NO_MEMORY;
    const std::uint32_t first = index_of(base);
    const auto end = static_cast<std::uint32_t>(first + (length_bytes + plan_.slot_bytes - 1) / plan_.slot_bytes);
    MutexLock guard(lock_);
    PW_CHECK(slots_[first].owner == first);
    for (std::uint32_t i = first; i < end; ++i) {
        if (slots_[i].owner != nobody && slots_[i].owner != first) return STATUS_NO_MEMORY;
    }
    std::uint32_t taken_from = end;
    for (std::uint32_t i = first; i < end; ++i) {
        if (slots_[i].owner == first) continue;
        taken_from = std::min(taken_from, i);
        if (take_locked(i, first)) continue;
        for (std::uint32_t back = taken_from; back < i; ++back) {
            slots_[back].reserved = platform::Reservation();
            slots_[back].owner = nobody;
            // It counts as used now; one of the dead is on the list already.
            if (std::find(recycled_.begin(), recycled_.end(), back) == recycled_.end()) recycled_.push_back(back);
        }
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    std::erase_if(recycled_, [&](std::uint32_t index) { return index >= first && index < end; });
    return {};
}

void SlotAllocator::free(std::uint64_t base) {
    const std::uint32_t first = index_of(base);
    MutexLock guard(lock_);
    PW_CHECK(first < slots_.size() && slots_[first].owner == first);
    for (std::uint32_t i = first; i < slots_.size() && slots_[i].owner == first; ++i) {
        slots_[i].reserved = platform::Reservation();
        slots_[i].owner = nobody;
        recycled_.push_back(i);
    }
}

}  // namespace pw::mm
