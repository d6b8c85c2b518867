// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/system_ranges.h"

#include <algorithm>

#include "base/check.h"

namespace pw::mm {

// Sorted bounds; readers check the sequence number before and after and read again when a writer was at work.
struct SystemRanges::Table {
    explicit Table(std::size_t capacity_bounds) : capacity(capacity_bounds), bounds(new Bound[capacity_bounds]) {}
    using Bound = std::atomic<std::uint64_t>;
    const std::size_t capacity;
    std::atomic<std::size_t> count{0};
    std::unique_ptr<Bound[]> bounds;
};

SystemRanges::SystemRanges() {
    MutexLock guard(lock_);
    tables_.push_back(std::make_unique<Table>(64));
    table_.store(tables_.back().get(), std::memory_order_release);
}

SystemRanges::~SystemRanges() = default;

void SystemRanges::add(std::uint64_t base, std::uint64_t length_bytes) {
    MutexLock guard(lock_);
    PW_CHECK(length_bytes != 0 && base + length_bytes > base);
    std::vector<std::uint64_t> bounds = bounds_;
    const auto at = std::upper_bound(bounds.begin(), bounds.end(), base);
    PW_CHECK((at - bounds.begin()) % 2 == 0 && (at == bounds.end() || *at >= base + length_bytes));
    const std::uint64_t added[] = {base, base + length_bytes};
    bounds.insert(at, std::begin(added), std::end(added));
    publish_locked(bounds);
}

void SystemRanges::remove(std::uint64_t base) {
    MutexLock guard(lock_);
    std::vector<std::uint64_t> bounds = bounds_;
    for (std::size_t i = 0; i < bounds.size(); i += 2) {
        if (bounds[i] != base) continue;
        const auto at = bounds.begin() + static_cast<std::ptrdiff_t>(i);
        bounds.erase(at, at + 2);
        publish_locked(bounds);
        return;
    }
    PW_CHECK(false && "removed a system range that was never added");
}

void SystemRanges::publish_locked(const std::vector<std::uint64_t>& bounds) {
    bounds_ = bounds;
    Table* table = table_.load(std::memory_order_relaxed);
    if (bounds.size() > table->capacity) {
        tables_.push_back(std::make_unique<Table>(table->capacity * 2));
        table = tables_.back().get();
    }
    const std::uint32_t before = sequence_.load(std::memory_order_relaxed);
    sequence_.store(before + 1, std::memory_order_seq_cst);
    for (std::size_t i = 0; i < bounds.size(); ++i) table->bounds[i].store(bounds[i], std::memory_order_release);
    table->count.store(bounds.size(), std::memory_order_release);
    table_.store(table, std::memory_order_release);
    sequence_.store(before + 2, std::memory_order_seq_cst);
}

bool SystemRanges::overlaps(std::uint64_t address, std::uint64_t length_bytes) const {
    const std::uint64_t last = address + (length_bytes == 0 ? 0 : length_bytes - 1);
    if (last < address) return true;
    for (;;) {
        const std::uint32_t before = sequence_.load(std::memory_order_acquire);
        if ((before & 1) != 0) continue;  // a writer is a few stores away from done
        const Table& table = *table_.load(std::memory_order_acquire);
        const std::size_t count = std::min(table.count.load(std::memory_order_acquire), table.capacity);
        std::size_t low = 0;
        std::size_t high = count;  // first bound above `address`
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (table.bounds[middle].load(std::memory_order_acquire) <= address) low = middle + 1;
            else high = middle;
        }
        // Inside a range when the next bound is an end; otherwise the next range must begin after `last`.
        const bool found = (low % 2 == 1) || (low < count && table.bounds[low].load(std::memory_order_acquire) <= last);
        if (sequence_.load(std::memory_order_seq_cst) == before) return found;
    }
}

}  // namespace pw::mm
