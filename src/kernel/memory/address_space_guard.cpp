// SPDX-License-Identifier: Apache-2.0
// Guard pages: a one-shot alarm for access to a page.
#include "kernel/memory/address_space.h"
#include "kernel/memory/page_protection.h"

namespace pw::mm {

void AddressSpace::note_guard_locked(std::uint32_t protection) {
    if (!is_guarded(protection) || has_guards_.exchange(true, std::memory_order_acq_rel)) return;
    options_.client->note_guard_pages();
}

bool AddressSpace::trip_guard_locked(Vad& vad, std::uint64_t page) {
    const std::uint32_t protection = vad.runs.at(page).protection;
    if (!is_guarded(protection)) return false;
    drop_host_mapping_locked(vad);
    vad.runs.set(page, 1, without_guard(protection));
    // Should the client not follow, it has no access where it could have: its own trouble, which the next access shows.
    options_.client->protect(vad.base + (page << page_shift), page_size_bytes, access_of(without_guard(protection))).ignore();
    return true;
}

bool AddressSpace::trip_guard(std::uint64_t address) {
    if (!has_guards_.load(std::memory_order_acquire)) return false;
    MutexLock guard(lock_);
    const auto it = find_locked(address);
    return it != vads_.end() && trip_guard_locked(it->second, it->second.page_at(address));
}

}  // namespace pw::mm
