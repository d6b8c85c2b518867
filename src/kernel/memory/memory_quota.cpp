// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/memory_quota.h"

#include <ntstatus.h>

#include <new>

namespace pw::mm {

__thread MemoryQuota* MemoryQuotaScope::current_ = nullptr;

Ref<MemoryQuota> MemoryQuota::create(std::uint64_t max_pages, std::uint32_t max_segments) {
    return Ref<MemoryQuota>::adopt(new (std::nothrow) MemoryQuota(max_pages, max_segments));
}

Status MemoryQuota::add_segment() {
    std::uint32_t count = segments_.load(std::memory_order_relaxed);
    do {
        if (count >= max_segments_) return STATUS_QUOTA_EXCEEDED;
    } while (!segments_.compare_exchange_weak(count, count + 1, std::memory_order_relaxed));
    return {};
}

Status MemoryQuota::charge(std::uint64_t pages) {
    std::uint64_t charged = pages_.load(std::memory_order_relaxed);
    do {
        if (pages > max_pages_ || charged > max_pages_ - pages) return STATUS_COMMITMENT_LIMIT;
    } while (!pages_.compare_exchange_weak(charged, charged + pages, std::memory_order_relaxed));
    return {};
}

}  // namespace pw::mm
