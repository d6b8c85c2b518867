// SPDX-License-Identifier: Apache-2.0
// RangeAllocator: hands out ranges of page numbers; for frames of the system window and for addresses of a slot.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace pw::mm {

struct RangeConstraints {
    std::uint64_t lowest = 0;                   // first acceptable page
    std::uint64_t highest = ~std::uint64_t{0};  // last acceptable page, inclusive
    std::uint64_t alignment_pages = 1;          // power of two
    std::uint64_t boundary_pages = 0;           // the range crosses no multiple of this power of two; 0: no boundary
    bool top_down = false;
};

// Not synchronised: its owner's lock protects it.
class RangeAllocator {
public:
    // Everything in [first, first + pages) is free.
    RangeAllocator(std::uint64_t first, std::uint64_t pages);

    // First page of a free range that satisfies the constraints (lowest address first), or nothing.
    [[nodiscard]] std::optional<std::uint64_t> allocate(std::uint64_t pages, const RangeConstraints& constraints = {});
    // Takes exactly that range; false when any page of it is in use or outside.
    [[nodiscard]] bool allocate_at(std::uint64_t first, std::uint64_t pages);
    // So many more pages behind the last one, free.
    void extend(std::uint64_t pages);
    // Precondition: every page of the range is in use.
    void free(std::uint64_t first, std::uint64_t pages);

    [[nodiscard]] bool is_free(std::uint64_t first, std::uint64_t pages) const;
    [[nodiscard]] std::uint64_t free_pages() const { return free_pages_; }

private:
    void take(std::map<std::uint64_t, std::uint64_t>::iterator hole, std::uint64_t first, std::uint64_t pages);

    std::map<std::uint64_t, std::uint64_t> holes_;  // first free page -> number of free pages; never adjacent
    const std::uint64_t first_;
    std::uint64_t pages_;
    std::uint64_t free_pages_;
};

}  // namespace pw::mm
