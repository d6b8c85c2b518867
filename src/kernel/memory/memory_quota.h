// SPDX-License-Identifier: Apache-2.0
// MemoryQuota: what segments one process has made, and how many pages are promised in them; lives as long as they do.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/ref.h"
#include "base/result.h"

namespace pw::mm {

// A section may outlive the process that made it: its pages stay charged to that process's quota. Lock-free, any IRQL.
class MemoryQuota final : public RefCounted<MemoryQuota> {
public:
    // Null when memory is short.
    [[nodiscard]] static Ref<MemoryQuota> create(std::uint64_t max_pages, std::uint32_t max_segments);

    // STATUS_QUOTA_EXCEEDED. One segment; give it back with remove_segment().
    [[nodiscard]] Status add_segment();
    void remove_segment() { segments_.fetch_sub(1, std::memory_order_relaxed); }
    // STATUS_COMMITMENT_LIMIT.
    [[nodiscard]] Status charge(std::uint64_t pages);
    void uncharge(std::uint64_t pages) { pages_.fetch_sub(pages, std::memory_order_relaxed); }

    [[nodiscard]] std::uint64_t charged_pages() const { return pages_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint32_t segment_count() const { return segments_.load(std::memory_order_relaxed); }

private:
    friend class RefCounted<MemoryQuota>;
    MemoryQuota(std::uint64_t max_pages, std::uint32_t max_segments) : max_pages_(max_pages), max_segments_(max_segments) {}
    ~MemoryQuota() = default;

    const std::uint64_t max_pages_;
    const std::uint32_t max_segments_;
    std::atomic<std::uint64_t> pages_{0};
    std::atomic<std::uint32_t> segments_{0};
};

// Segments that the calling thread makes while it lives are charged to `quota` (null: to nobody but the kernel's limit). Set
// by the services that make memory for an application; what a driver makes meanwhile through Zw calls is its own.
class MemoryQuotaScope {
public:
    explicit MemoryQuotaScope(MemoryQuota* quota) : before_(current_) { current_ = quota; }
    ~MemoryQuotaScope() { current_ = before_; }
    MemoryQuotaScope(const MemoryQuotaScope&) = delete;
    MemoryQuotaScope& operator=(const MemoryQuotaScope&) = delete;
    [[nodiscard]] static MemoryQuota* current() { return current_; }

private:
    __attribute__((tls_model("initial-exec"))) static __thread MemoryQuota* current_;
    MemoryQuota* const before_;
};

}  // namespace pw::mm
