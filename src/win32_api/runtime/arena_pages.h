// SPDX-License-Identifier: Apache-2.0
// ArenaPages: hands out pages of the process's arena: the heap from below, stacks from above.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>

namespace pw::win32 {

// Any thread; allocates nothing itself (the heap calls it).
class ArenaPages {
public:
    constexpr ArenaPages() = default;

    // Once. `descriptor` is the arena's memory, which starts at offset 0; -1: pages cannot be given back.
    void open(std::uint64_t base, std::uint64_t length_bytes, int descriptor);
    [[nodiscard]] bool is_open() const { return length_bytes_ != 0; }
    [[nodiscard]] bool contains(const void* address) const {
        return reinterpret_cast<std::uint64_t>(address) - base_ < length_bytes_;
    }

    // Zeroed pages for the heap, never taken back; null when the arena is used up. Powers of two for the alignment.
    [[nodiscard]] void* take_heap(std::size_t length_bytes, std::size_t alignment_bytes);
    // The same right behind what was taken last, if it is free; else null.
    [[nodiscard]] void* take_heap_at(void* address, std::size_t length_bytes);

    // A stack of at least so many usable bytes with a guard page below; null when there is no room.
    struct Stack {
        std::byte* lowest = nullptr;  // of the guard page
        std::size_t length_bytes = 0;  // with the guard page
        [[nodiscard]] std::byte* top() const { return lowest + length_bytes; }
    };
    [[nodiscard]] Stack take_stack(std::size_t usable_bytes);
    void give_back_stack(Stack stack);

    // In the child of a fork, when its pages are private copies: the descriptor is the parent's memory, hands off.
    void become_private() {
        descriptor_ = -1;
        private_ = true;
    }

    // Gives the memory behind a range back to the system; it reads as zeros afterwards. False when that is impossible.
    [[nodiscard]] bool punch(void* address, std::size_t length_bytes);

private:
    static constexpr std::size_t max_free_stacks = 256;

    std::uint64_t base_ = 0;
    std::uint64_t length_bytes_ = 0;
    int descriptor_ = -1;
    bool private_ = false;
    std::mutex lock_;
    std::uint64_t low_ = 0;   // the heap ends here
    std::uint64_t high_ = 0;  // stacks begin here
    Stack free_stacks_[max_free_stacks];
    std::size_t free_stack_count_ = 0;
};

// The process's arena.
[[nodiscard]] ArenaPages& arena_pages();

}  // namespace pw::win32
