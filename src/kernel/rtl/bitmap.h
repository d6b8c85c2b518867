// SPDX-License-Identifier: Apache-2.0
// A bitmap over words that the caller owns (RTL_BITMAP): bit n is bit n % 32 of word n / 32.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace pw::rtl {

// A view: it owns nothing and locks nothing.
class Bitmap {
public:
    Bitmap(std::uint32_t* words, std::uint32_t bits) : words_(words), bits_(bits) {}

    [[nodiscard]] std::uint32_t size_bits() const { return bits_; }
    [[nodiscard]] bool test(std::uint32_t bit) const { return (words_[bit / 32] >> (bit % 32) & 1) != 0; }
    void assign(std::uint32_t bit, bool value);
    // [first, first + count) must lie inside; the part outside is ignored.
    void assign_range(std::uint32_t first, std::uint32_t count, bool value);

    // Whether all of the range has this value; false for a range that is empty or leaves the bitmap.
    [[nodiscard]] bool is_range(std::uint32_t first, std::uint32_t count, bool value) const;
    [[nodiscard]] std::uint32_t count(bool value) const;

    struct Run {
        std::uint32_t first;
        std::uint32_t length;
    };
    // The next run of `value` at or after `from`; nullopt when there is none.
    [[nodiscard]] std::optional<Run> next_run(std::uint32_t from, bool value) const;
    // The run of `value` that ends at or before `from`.
    [[nodiscard]] std::optional<Run> previous_run(std::uint32_t from, bool value) const;
    // The first place for `count` bits of `value`, looked for from `hint` to the end, then from the start.
    [[nodiscard]] std::optional<std::uint32_t> find(std::uint32_t count, std::uint32_t hint, bool value) const;
    [[nodiscard]] std::optional<Run> longest_run(bool value) const;
    // As many runs as there are and `runs` has room for: the first ones, or the longest ones, longest first. Returns how many.
    std::uint32_t find_runs(bool value, bool longest, std::span<Run> runs) const;

private:
    // The first bit >= from with this value, or bits_.
    [[nodiscard]] std::uint32_t next_bit(std::uint32_t from, bool value) const;

    std::uint32_t* words_;
    std::uint32_t bits_;
};

}  // namespace pw::rtl
