// SPDX-License-Identifier: Apache-2.0
// SlotAllocator: gives each process a range of addresses that is unique in the host, reserves it there, and lets it grow.
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
    // Makes the slot at least that long, at the cost of those behind it: it can be up to room_bytes(). STATUS_NO_MEMORY when
    // another process has them, STATUS_INSUFFICIENT_RESOURCES when the host cannot reserve them; nothing changed then.
    [[nodiscard]] Status grow(std::uint64_t base, std::uint64_t length_bytes);
    // Nothing may be mapped in it any more.
    void free(std::uint64_t base);
    [[nodiscard]] std::uint64_t slot_bytes() const { return plan_.slot_bytes; }
    // The most that a slot with this base can grow to.
    [[nodiscard]] std::uint64_t room_bytes(std::uint64_t base) const;
    [[nodiscard]] bool contains(std::uint64_t address) const {
        return address >= plan_.slots_base && address < plan_.slots_end();
    }

private:
    static constexpr std::uint32_t nobody = ~std::uint32_t{0};
    struct Slot {
        platform::Reservation reserved;
        std::uint32_t owner = nobody;  // the first slot of the process that has it
        bool was_used = false;         // or cannot be used
    };
    [[nodiscard]] std::uint32_t index_of(std::uint64_t base) const {
        return static_cast<std::uint32_t>((base - plan_.slots_base) / plan_.slot_bytes);
    }
    [[nodiscard]] std::uint64_t base_of(std::uint32_t index) const { return plan_.slots_base + plan_.slot_bytes * index; }
    [[nodiscard]] bool is_in_somebodys_room_locked(std::uint32_t index) const PW_REQUIRES(lock_);
    [[nodiscard]] bool take_locked(std::uint32_t index, std::uint32_t owner) PW_REQUIRES(lock_);

    const AddressPlan plan_;
    Mutex lock_{LockRank::leaf};
    std::vector<Slot> slots_ PW_GUARDED_BY(lock_);
    std::vector<std::uint32_t> order_;  // far from each other first, so that each has room to grow; constant
    std::vector<std::uint32_t> recycled_ PW_GUARDED_BY(lock_);  // least recently freed first
};

}  // namespace pw::mm
