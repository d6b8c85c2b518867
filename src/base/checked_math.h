// SPDX-License-Identifier: Apache-2.0
// Arithmetic on lengths and addresses that says when it overflows, and page arithmetic.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pw {

inline constexpr std::size_t page_size_bytes = 4096;
inline constexpr unsigned page_shift = 12;
// Documented as the allocation granularity of views and of VirtualAlloc reservations.
inline constexpr std::size_t allocation_granularity_bytes = 65536;

template <typename T>
[[nodiscard]] constexpr bool checked_add(T a, T b, T* sum) { return !__builtin_add_overflow(a, b, sum); }
template <typename T>
[[nodiscard]] constexpr bool checked_multiply(T a, T b, T* product) { return !__builtin_mul_overflow(a, b, product); }

[[nodiscard]] constexpr std::uint64_t align_down(std::uint64_t value, std::uint64_t alignment) {
    return value & ~(alignment - 1);
}
// Precondition: value + alignment - 1 does not overflow.
[[nodiscard]] constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
    return align_down(value + alignment - 1, alignment);
}
[[nodiscard]] constexpr bool is_aligned(std::uint64_t value, std::uint64_t alignment) {
    return (value & (alignment - 1)) == 0;
}
// Pages that [address, address + bytes) touches; ADDRESS_AND_SIZE_TO_SPAN_PAGES without its overflow.
[[nodiscard]] constexpr std::uint64_t pages_spanned(std::uint64_t address, std::uint64_t length_bytes) {
    const std::uint64_t offset = address & (page_size_bytes - 1);
    return (length_bytes >> page_shift) + (((length_bytes & (page_size_bytes - 1)) + offset + page_size_bytes - 1) >> page_shift);
}

}  // namespace pw
