// SPDX-License-Identifier: Apache-2.0
// CommitLimit: how many pages one kernel may promise; CommitCharge: pages that somebody was promised.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/memory_quota.h"

namespace pw::mm {

class CommitLimit {
public:
    explicit CommitLimit(std::uint64_t limit_pages) : limit_pages_(limit_pages) {}
    // Takes the charge or refuses; lock-free, any IRQL.
    [[nodiscard]] bool try_charge(std::uint64_t pages);
    void uncharge(std::uint64_t pages);
    [[nodiscard]] std::uint64_t charged_pages() const { return charged_pages_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t limit_pages() const { return limit_pages_; }

private:
    const std::uint64_t limit_pages_;
    std::atomic<std::uint64_t> charged_pages_{0};
};

// Gives its pages back when it goes.
class CommitCharge {
public:
    CommitCharge() = default;
    // STATUS_COMMITMENT_LIMIT when the limit is reached.
    [[nodiscard]] static Result<CommitCharge> take(CommitLimit& limit, std::uint64_t pages);
    // The same for a new segment: also counted in the calling thread's MemoryQuotaScope. STATUS_QUOTA_EXCEEDED, too.
    [[nodiscard]] static Result<CommitCharge> take_for_segment(CommitLimit& limit, std::uint64_t pages);
    CommitCharge(CommitCharge&& other) noexcept
        : limit_(std::exchange(other.limit_, nullptr)),
          pages_(std::exchange(other.pages_, 0)),
          quota_(std::move(other.quota_)) {}
    CommitCharge& operator=(CommitCharge&& other) noexcept;
    CommitCharge(const CommitCharge&) = delete;
    CommitCharge& operator=(const CommitCharge&) = delete;
    ~CommitCharge();

    [[nodiscard]] std::uint64_t pages() const { return pages_; }
    // Changes the charge by that many pages.
    [[nodiscard]] Status grow(CommitLimit& limit, std::uint64_t pages);
    void shrink(std::uint64_t pages);

private:
    CommitLimit* limit_ = nullptr;
    std::uint64_t pages_ = 0;
    Ref<MemoryQuota> quota_;  // counts a segment, and these pages
};

}  // namespace pw::mm
