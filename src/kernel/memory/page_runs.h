// SPDX-License-Identifier: Apache-2.0
// PageRuns: protection and commit state of the pages of one region, as few runs as possible.
#pragma once

#include <cstdint>
#include <vector>

namespace pw::mm {

struct PageRun {
    std::uint64_t first_page = 0;
    std::uint64_t pages = 0;
    std::uint32_t protection = 0;  // NT's PAGE_*; 0: reserved, not committed
    [[nodiscard]] bool is_committed() const { return protection != 0; }
};

// Not synchronised.
class PageRuns {
public:
    PageRuns() = default;
    PageRuns(std::uint64_t pages, std::uint32_t protection);

    [[nodiscard]] PageRun at(std::uint64_t page) const;  // the whole run that holds the page
    void set(std::uint64_t first_page, std::uint64_t pages, std::uint32_t protection);
    // Calls visit(PageRun) for each run, clipped to the range, in order; stops when it returns false.
    template <typename Visit>
    void for_each(std::uint64_t first_page, std::uint64_t pages, Visit&& visit) const {
        const std::uint64_t end = first_page + pages;
        for (std::size_t i = index_of(first_page); i < runs_.size() && runs_[i].first_page < end; ++i) {
            PageRun run = runs_[i];
            const std::uint64_t run_end = run.first_page + run.pages < end ? run.first_page + run.pages : end;
            if (run.first_page < first_page) run.first_page = first_page;
            run.pages = run_end - run.first_page;
            if (!visit(run)) return;
        }
    }
    [[nodiscard]] std::uint64_t committed_pages(std::uint64_t first_page, std::uint64_t pages) const;
    [[nodiscard]] std::uint64_t pages() const;

private:
    [[nodiscard]] std::size_t index_of(std::uint64_t page) const;

    std::vector<PageRun> runs_;
};

}  // namespace pw::mm
