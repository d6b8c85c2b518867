// SPDX-License-Identifier: Apache-2.0
#include "win32_api/runtime/arena_pages.h"

#include "base/checked_math.h"
#include "platform/mapping.h"
#include "platform/private_copy.h"

namespace pw::win32 {
namespace {

constinit ArenaPages the_arena;

}  // namespace

ArenaPages& arena_pages() { return the_arena; }

void ArenaPages::open(std::uint64_t base, std::uint64_t length_bytes, int descriptor) {
    const std::lock_guard<std::mutex> lock(lock_);
    descriptor_ = descriptor;
    low_ = base;
    high_ = base + length_bytes;
    base_ = base;
    length_bytes_ = length_bytes;
}

void* ArenaPages::take_heap(std::size_t length_bytes, std::size_t alignment_bytes) {
    const std::lock_guard<std::mutex> lock(lock_);
    const std::uint64_t start = align_up(low_, alignment_bytes);
    if (length_bytes_ == 0 || start > high_ || length_bytes > high_ - start) return nullptr;
    low_ = start + length_bytes;
    return reinterpret_cast<void*>(start);
}

void* ArenaPages::take_heap_at(void* address, std::size_t length_bytes) {
    const std::lock_guard<std::mutex> lock(lock_);
    if (length_bytes_ == 0 || reinterpret_cast<std::uint64_t>(address) != low_ || length_bytes > high_ - low_) return nullptr;
    low_ += length_bytes;
    return address;
}

ArenaPages::Stack ArenaPages::take_stack(std::size_t usable_bytes) {
    const std::size_t wanted = align_up(usable_bytes, page_size_bytes) + page_size_bytes;
    Stack stack;
    {
        const std::lock_guard<std::mutex> lock(lock_);
        for (std::size_t i = 0; i < free_stack_count_; ++i) {
            if (free_stacks_[i].length_bytes != wanted) continue;
            stack = free_stacks_[i];
            free_stacks_[i] = free_stacks_[--free_stack_count_];
            return stack;
        }
        if (length_bytes_ == 0 || wanted > high_ - low_) return {};
        high_ -= wanted;
        stack = {reinterpret_cast<std::byte*>(high_), wanted};
    }
    const auto guard = reinterpret_cast<std::uint64_t>(stack.lowest);
    if (platform::protect_fixed(guard, page_size_bytes, platform::PageAccess::none).is_failure()) return {};
    return stack;
}

void ArenaPages::give_back_stack(Stack stack) {
    // What the thread left there must not show up elsewhere, and its memory goes back.
    if (!punch(stack.lowest + page_size_bytes, stack.length_bytes - page_size_bytes)) return;
    const std::lock_guard<std::mutex> lock(lock_);
    if (free_stack_count_ < max_free_stacks) free_stacks_[free_stack_count_++] = stack;
}

bool ArenaPages::punch(void* address, std::size_t length_bytes) {
    if (private_) return platform::discard_private(address, length_bytes);
    if (descriptor_ < 0) return false;
    return platform::punch_file(descriptor_, reinterpret_cast<std::uint64_t>(address) - base_, length_bytes);
}

}  // namespace pw::win32
