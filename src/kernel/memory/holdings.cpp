// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/holdings.h"

#include <new>

namespace pw::mm {

void Holdings::add(const Holding& holding) {
    Table* table = table_.load(std::memory_order_acquire);
    if (table == nullptr) {
        auto* const fresh = new (std::nothrow) Table();
        if (fresh == nullptr) return;
        if (table_.compare_exchange_strong(table, fresh, std::memory_order_acq_rel)) table = fresh;
        else delete fresh;
    }
    const std::uint64_t tag = tag_of(holding.kind, holding.key);
    const std::size_t first = place_of(tag);
    for (std::size_t i = 0; i < probes; ++i) {
        Entry& entry = (*table)[(first + i) % capacity];
        std::uint64_t expected = 0;
        if (!entry.tag.compare_exchange_strong(expected, busy, std::memory_order_acquire)) continue;
        entry.pages.store(holding.pages, std::memory_order_relaxed);
        for (std::size_t c = 0; c < entry.callers.size(); ++c) {
            entry.callers[c].store(holding.callers[c], std::memory_order_relaxed);
        }
        entry.tag.store(tag, std::memory_order_release);
        return;
    }
}

void Holdings::remove(HoldingKind kind, std::uint64_t key) {
    Table* const table = table_.load(std::memory_order_acquire);
    if (table == nullptr) return;
    const std::uint64_t tag = tag_of(kind, key);
    const std::size_t first = place_of(tag);
    for (std::size_t i = 0; i < probes; ++i) {
        Entry& entry = (*table)[(first + i) % capacity];
        std::uint64_t expected = tag;
        if (entry.tag.load(std::memory_order_relaxed) == tag && entry.tag.compare_exchange_strong(expected, 0)) return;
    }
}

std::vector<Holding> Holdings::snapshot() const {
    std::vector<Holding> found;
    const Table* const table = table_.load(std::memory_order_acquire);
    if (table == nullptr) return found;
    for (const Entry& entry : *table) {
        const std::uint64_t tag = entry.tag.load(std::memory_order_acquire);
        if (tag == 0 || tag == busy) continue;
        Holding holding;
        holding.kind = static_cast<HoldingKind>(tag & 1);
        holding.key = tag / 2;
        holding.pages = entry.pages.load(std::memory_order_relaxed);
        for (std::size_t c = 0; c < entry.callers.size(); ++c) {
            holding.callers[c] = entry.callers[c].load(std::memory_order_relaxed);
        }
        found.push_back(holding);
    }
    return found;
}

}  // namespace pw::mm
