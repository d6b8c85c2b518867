// SPDX-License-Identifier: Apache-2.0
// SmallBlock: the 16-byte header before each small pool block, and the sizes in which such blocks come.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernel/memory/poison.h"

namespace pw::mm {

// Headers start at 48, so that payloads start at 64 and every stride that is a multiple of 64 is cache-aligned.
inline constexpr std::size_t first_header_offset = 48;
inline constexpr std::size_t header_bytes = 16;
inline constexpr std::array<std::uint16_t, 22> small_strides{32,  48,  64,  80,  96,  112, 128, 160, 192,  224,  256,
                                                             320, 384, 448, 512, 576, 672, 768, 1008, 1344, 2016, 4048};
inline constexpr std::size_t largest_small_bytes = 4048 - header_bytes;

[[nodiscard]] constexpr std::size_t blocks_in_page(std::size_t size_class) {
    return (4096 - first_header_offset) / small_strides[size_class];
}

// Precondition: bytes <= largest_small_bytes.
[[nodiscard]] constexpr std::size_t size_class_for(std::size_t bytes, bool cache_aligned) {
    std::size_t size_class = 0;
    while (small_strides[size_class] < bytes + header_bytes ||
           (cache_aligned && small_strides[size_class] % 64 != 0 && blocks_in_page(size_class) != 1)) {
        ++size_class;
    }
    return size_class;
}

enum class BlockState : std::uint64_t { allocated = 0x5ca1ab1e0a110ca7, free = 0x0ff1ce00f4ee0000 };

// All access goes through builtins: the header is poisoned for everybody else.
struct SmallBlock {
    std::uint64_t check;  // first, so that an overrun of the block before hits it
    std::uint32_t tag;
    std::uint16_t bytes;
    std::uint8_t type;
    std::uint8_t unused;

    static SmallBlock* before(std::uint64_t payload) { return reinterpret_cast<SmallBlock*>(payload - header_bytes); }
    [[nodiscard]] std::uint64_t payload() const { return reinterpret_cast<std::uint64_t>(this) + header_bytes; }

    [[nodiscard]] std::uint64_t check_for(BlockState state, std::uint64_t secret) const {
        return (reinterpret_cast<std::uint64_t>(this) * 0x9e3779b97f4a7c15u) ^ secret ^ static_cast<std::uint64_t>(state);
    }
    [[nodiscard]] PW_NO_ASAN bool is(BlockState state, std::uint64_t secret) const {
        return __atomic_load_n(&check, __ATOMIC_RELAXED) == check_for(state, secret);
    }
    PW_NO_ASAN void mark(BlockState state, std::uint64_t secret) {
        __atomic_store_n(&check, check_for(state, secret), __ATOMIC_RELAXED);
    }
    // True for one caller only when two free the same block at once.
    [[nodiscard]] PW_NO_ASAN bool change(BlockState from, BlockState to, std::uint64_t secret) {
        if (!is(from, secret)) return false;
        mark(to, secret);
        return true;
    }
    PW_NO_ASAN void describe(std::uint32_t new_tag, std::uint16_t new_bytes, std::uint8_t new_type) {
        __atomic_store_n(&tag, new_tag, __ATOMIC_RELAXED);
        __atomic_store_n(&bytes, new_bytes, __ATOMIC_RELAXED);
        __atomic_store_n(&type, new_type, __ATOMIC_RELAXED);
    }
    [[nodiscard]] PW_NO_ASAN std::uint32_t get_tag() const { return __atomic_load_n(&tag, __ATOMIC_RELAXED); }
    [[nodiscard]] PW_NO_ASAN std::uint16_t get_bytes() const { return __atomic_load_n(&bytes, __ATOMIC_RELAXED); }
    [[nodiscard]] PW_NO_ASAN std::uint8_t get_type() const { return __atomic_load_n(&type, __ATOMIC_RELAXED); }
    // The next block of a list, kept in the payload of a free block.
    [[nodiscard]] PW_NO_ASAN SmallBlock* next() const {
        return reinterpret_cast<SmallBlock*>(
            __atomic_load_n(reinterpret_cast<std::uint64_t*>(payload()), __ATOMIC_RELAXED));
    }
    PW_NO_ASAN void set_next(SmallBlock* block) {
        __atomic_store_n(reinterpret_cast<std::uint64_t*>(payload()), reinterpret_cast<std::uint64_t>(block),
                         __ATOMIC_RELAXED);
    }
};
static_assert(sizeof(SmallBlock) == header_bytes);

}  // namespace pw::mm
