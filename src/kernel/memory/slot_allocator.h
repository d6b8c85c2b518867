// SPDX-License-Identifier: Apache-2.0
// SlotAllocator: gives each process a range of addresses that is unique in the host, and reserves it there.
#pragma once

#include <cstdint>
#include <vector>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/memory/address_plan.h"
#include "platform/mapping.h"

namespace pw::mm {

class SlotAllocator {
public:
    explicit SlotAllocator(const AddressPlan& plan);

    // Base of a reserved slot. STATUS_INSUFFICIENT_RESOURCES when all are taken.
    [[nodiscard]] Result<std::uint64_t> allocate();
    // Nothing may be mapped in it any more.
    void free(std::uint64_t base);
    [[nodiscard]] std::uint64_t slot_bytes() const { return plan_.slot_bytes; }
    [[nodiscard]] bool contains(std::uint64_t address) const {
        return address >= plan_.slots_base && address < plan_.slots_end();
    }

private:
    const AddressPlan plan_;
    Mutex lock_{LockRank::leaf};
    std::vector<platform::Reservation> slots_ PW_GUARDED_BY(lock_);
    std::vector<std::uint32_t> recycled_ PW_GUARDED_BY(lock_);  // least recently freed first
};

}  // namespace pw::mm
