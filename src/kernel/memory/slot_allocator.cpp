// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/slot_allocator.h"

#include <ntstatus.h>

#include "base/check.h"

namespace pw::mm {

SlotAllocator::SlotAllocator(const AddressPlan& plan) : plan_(plan) {}

Result<std::uint64_t> SlotAllocator::allocate() {
    MutexLock guard(lock_);
    // A fresh slot while there is one: an address of a process that is gone then means nothing for a long time.
    while (slots_.size() < plan_.slot_count) {
        const std::uint64_t base = plan_.slots_base + plan_.slot_bytes * slots_.size();
        auto reserved = platform::Reservation::at(base, plan_.slot_bytes);
        // An entry stays empty when its addresses are taken by somebody else.
        if (!reserved) {
            slots_.emplace_back();
            continue;
        }
        slots_.push_back(std::move(*reserved));
        return base;
    }
    if (recycled_.empty()) return STATUS_INSUFFICIENT_RESOURCES;
    const std::uint32_t index = recycled_.front();
    recycled_.erase(recycled_.begin());
    const std::uint64_t base = plan_.slots_base + plan_.slot_bytes * index;
    auto reserved = platform::Reservation::at(base, plan_.slot_bytes);
    if (!reserved) return STATUS_INSUFFICIENT_RESOURCES;
    slots_[index] = std::move(*reserved);
    return base;
}

void SlotAllocator::free(std::uint64_t base) {
    const std::uint64_t index = (base - plan_.slots_base) / plan_.slot_bytes;
    MutexLock guard(lock_);
    PW_CHECK(index < slots_.size() && slots_[index].base() == base);
    slots_[index] = platform::Reservation();
    recycled_.push_back(static_cast<std::uint32_t>(index));
}

}  // namespace pw::mm
