// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/page_runs.h"

#include <algorithm>

#include "base/check.h"

namespace pw::mm {

PageRuns::PageRuns(std::uint64_t pages, std::uint32_t protection) { runs_.push_back({0, pages, protection}); }

std::size_t PageRuns::index_of(std::uint64_t page) const {
    const auto it = std::upper_bound(runs_.begin(), runs_.end(), page,
                                     [](std::uint64_t value, const PageRun& run) { return value < run.first_page; });
    return it == runs_.begin() ? 0 : static_cast<std::size_t>(it - runs_.begin()) - 1;
}

PageRun PageRuns::at(std::uint64_t page) const {
    PW_CHECK(page < pages());
    return runs_[index_of(page)];
}

std::uint64_t PageRuns::pages() const {
    return runs_.empty() ? 0 : runs_.back().first_page + runs_.back().pages;
}

void PageRuns::set(std::uint64_t first_page, std::uint64_t pages_to_set, std::uint32_t protection) {
    const std::uint64_t end = first_page + pages_to_set;
    PW_CHECK(pages_to_set != 0 && end <= pages());
    std::vector<PageRun> result;
    result.reserve(runs_.size() + 2);
    const auto append = [&result](std::uint64_t from, std::uint64_t to, std::uint32_t value) {
        if (from >= to) return;
        if (!result.empty() && result.back().protection == value) result.back().pages += to - from;
        else result.push_back({from, to - from, value});
    };
    bool placed = false;
    for (const PageRun& run : runs_) {
        const std::uint64_t run_end = run.first_page + run.pages;
        append(run.first_page, std::min(run_end, first_page), run.protection);
        if (!placed && run_end > first_page) {
            append(first_page, end, protection);
            placed = true;
        }
        append(std::max(run.first_page, end), run_end, run.protection);
    }
    runs_ = std::move(result);
}

std::uint64_t PageRuns::committed_pages(std::uint64_t first_page, std::uint64_t pages_to_count) const {
    std::uint64_t committed = 0;
    for_each(first_page, pages_to_count, [&committed](const PageRun& run) {
        if (run.is_committed()) committed += run.pages;
        return true;
    });
    return committed;
}

}  // namespace pw::mm
