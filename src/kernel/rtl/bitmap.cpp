// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/bitmap.h"

#include <algorithm>
#include <bit>

namespace pw::rtl {

void Bitmap::assign(std::uint32_t bit, bool value) {
    const std::uint32_t mask = 1u << (bit % 32);
    if (value) words_[bit / 32] |= mask;
    else words_[bit / 32] &= ~mask;
}

void Bitmap::assign_range(std::uint32_t first, std::uint32_t count, bool value) {
    if (first >= bits_) return;
    const std::uint32_t end = first + std::min(count, bits_ - first);
    while (first < end) {
        const std::uint32_t in_word = std::min(end - first, 32 - first % 32);
        const std::uint32_t mask = (in_word == 32 ? ~0u : (1u << in_word) - 1) << (first % 32);
        if (value) words_[first / 32] |= mask;
        else words_[first / 32] &= ~mask;
        first += in_word;
    }
}

std::uint32_t Bitmap::next_bit(std::uint32_t from, bool value) const {
    while (from < bits_) {
        const std::uint32_t word = (value ? words_[from / 32] : ~words_[from / 32]) >> (from % 32);
        if (word != 0) return std::min(from + static_cast<std::uint32_t>(std::countr_zero(word)), bits_);
        from += 32 - from % 32;
    }
    return bits_;
}

bool Bitmap::is_range(std::uint32_t first, std::uint32_t count, bool value) const {
    if (count == 0 || first >= bits_ || count > bits_ - first) return false;
    return next_bit(first, !value) >= first + count;
}

std::uint32_t Bitmap::count(bool value) const {
    std::uint32_t set = 0;
    for (std::uint32_t i = 0; i < bits_ / 32; ++i) set += static_cast<std::uint32_t>(std::popcount(words_[i]));
    if (bits_ % 32 != 0) set += static_cast<std::uint32_t>(std::popcount(words_[bits_ / 32] & ((1u << (bits_ % 32)) - 1)));
    return value ? set : bits_ - set;
}

std::optional<Bitmap::Run> Bitmap::next_run(std::uint32_t from, bool value) const {
    const std::uint32_t first = next_bit(from, value);
    if (first >= bits_) return std::nullopt;
    return Run{first, next_bit(first, !value) - first};
}

std::optional<Bitmap::Run> Bitmap::previous_run(std::uint32_t from, bool value) const {
    if (bits_ == 0) return std::nullopt;
    std::uint32_t last = std::min(from, bits_ - 1);
    while (test(last) != value) {
        if (last == 0) return std::nullopt;
        --last;
    }
    std::uint32_t first = last;
    while (first > 0 && test(first - 1) == value) --first;
    return Run{first, last - first + 1};
}

std::optional<std::uint32_t> Bitmap::find(std::uint32_t count, std::uint32_t hint, bool value) const {
    if (count > bits_) return std::nullopt;
    if (hint >= bits_) hint = 0;
    // The second pass may run into the hint: a run that spans it counts as well.
    for (const std::uint32_t start : {hint, 0u}) {
        for (auto run = next_run(start, value); run; run = next_run(run->first + run->length, value)) {
            if (run->length >= count) return run->first;
        }
        if (start == 0) break;
    }
    return std::nullopt;
}

std::optional<Bitmap::Run> Bitmap::longest_run(bool value) const {
    std::optional<Run> longest;
    for (auto run = next_run(0, value); run; run = next_run(run->first + run->length, value)) {
        if (!longest || run->length > longest->length) longest = run;
    }
    return longest;
}

std::uint32_t Bitmap::find_runs(bool value, bool longest, std::span<Run> runs) const {
    std::uint32_t count = 0;
    for (auto run = next_run(0, value); run; run = next_run(run->first + run->length, value)) {
        if (count == runs.size() && (!longest || runs.empty() || runs.back().length >= run->length)) {
            if (!longest) break;
            continue;
        }
        // Into its place among those before it, of which the last one falls out when there is no room.
        std::uint32_t at = count < runs.size() ? count++ : count - 1;
        for (; longest && at > 0 && runs[at - 1].length < run->length; --at) runs[at] = runs[at - 1];
        runs[at] = *run;
    }
    return count;
}

}  // namespace pw::rtl
