// SPDX-License-Identifier: Apache-2.0
// SectionCommit: which pages of a reserved section (SEC_RESERVE) are committed, and which processes show it: a page that
// one of them commits is there in all views.
#pragma once

#include <cstdint>
#include <vector>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/commit_charge.h"
#include "kernel/memory/page_runs.h"

namespace pw::mm {

class AddressSpace;

class SectionCommit final : public RefCounted<SectionCommit> {
public:
    // `limit` outlives it. Nothing is committed at first.
    SectionCommit(CommitLimit& limit, std::uint64_t pages) : limit_(limit), pages_(pages), runs_(pages, 0) {}

    // Charges what was not committed before; for good, as in NT. STATUS_COMMITMENT_LIMIT. Any thread.
    [[nodiscard]] Status commit(std::uint64_t first_page, std::uint64_t pages);
    // Calls visit(first page, pages) for each committed run in the range. The visitor calls nothing of ours.
    template <typename Visit>
    void for_each_committed(std::uint64_t first_page, std::uint64_t pages, Visit&& visit) {
        MutexLock guard(lock_);
        runs_.for_each(first_page, pages, [&](const PageRun& run) {
            if (run.is_committed()) visit(run.first_page, run.pages);
            return true;
        });
    }
    [[nodiscard]] std::uint64_t pages() const { return pages_; }
    [[nodiscard]] std::uint64_t charged_pages();

    // A view came or went. Called by the address space with its lock held, so a viewer in the list is alive.
    void add_view(AddressSpace& space);
    void remove_view(AddressSpace& space);
    // Who has a view now, each with a reference. A view that comes later sees what was committed before.
    [[nodiscard]] std::vector<Ref<AddressSpace>> viewers();

private:
    friend class RefCounted<SectionCommit>;
    ~SectionCommit() = default;

    struct Viewer {
        AddressSpace* space;
        std::uint32_t views;
    };
    CommitLimit& limit_;
    const std::uint64_t pages_;
    Mutex lock_{LockRank::leaf};
    PageRuns runs_ PW_GUARDED_BY(lock_);
    CommitCharge charge_ PW_GUARDED_BY(lock_);
    std::vector<Viewer> viewers_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::mm
