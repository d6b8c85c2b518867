// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/commit_charge.h"

#include <ntstatus.h>

#include "base/check.h"

namespace pw::mm {

bool CommitLimit::try_charge(std::uint64_t pages) {
    std::uint64_t charged = charged_pages_.load(std::memory_order_relaxed);
    do {
        if (pages > limit_pages_ || charged > limit_pages_ - pages) return false;
    } while (!charged_pages_.compare_exchange_weak(charged, charged + pages, std::memory_order_relaxed));
    return true;
}

void CommitLimit::uncharge(std::uint64_t pages) {
    const std::uint64_t before = charged_pages_.fetch_sub(pages, std::memory_order_relaxed);
    PW_CHECK(before >= pages);
}

Result<CommitCharge> CommitCharge::take(CommitLimit& limit, std::uint64_t pages) {
    CommitCharge charge;
    PW_TRY(charge.grow(limit, pages));
    return charge;
}

Result<CommitCharge> CommitCharge::take_for_segment(CommitLimit& limit, std::uint64_t pages) {
    CommitCharge charge;
    if (MemoryQuota* const quota = MemoryQuotaScope::current()) {
        PW_TRY(quota->add_segment());
        charge.quota_ = Ref<MemoryQuota>(quota);
    }
    PW_TRY(charge.grow(limit, pages));
    return charge;
}

CommitCharge& CommitCharge::operator=(CommitCharge&& other) noexcept {
    std::swap(limit_, other.limit_);
    std::swap(pages_, other.pages_);
    std::swap(quota_, other.quota_);
    return *this;
}

CommitCharge::~CommitCharge() {
    if (limit_ != nullptr) limit_->uncharge(pages_);
    if (!quota_) return;
    quota_->uncharge(pages_);
    quota_->remove_segment();
}

Status CommitCharge::grow(CommitLimit& limit, std::uint64_t pages) {
    PW_CHECK(limit_ == nullptr || limit_ == &limit);
    if (quota_) PW_TRY(quota_->charge(pages));
    if (!limit.try_charge(pages)) {
        if (quota_) quota_->uncharge(pages);
        return STATUS_COMMITMENT_LIMIT;
    }
    limit_ = &limit;
    pages_ += pages;
    return {};
}

void CommitCharge::shrink(std::uint64_t pages) {
    PW_CHECK(pages <= pages_);
    if (pages == 0) return;
    limit_->uncharge(pages);
    if (quota_) quota_->uncharge(pages);
    pages_ -= pages;
}

}  // namespace pw::mm
