// SPDX-License-Identifier: Apache-2.0
#include "win32_api/runtime/heap_arena.h"

#include <cstddef>

#include <jemalloc/jemalloc.h>
#include <sys/mman.h>

#include "win32_api/runtime/arena_pages.h"

// Absent in a program that does not link the allocator.
#pragma weak mallctl

namespace pw::win32 {
namespace {

constinit unsigned heap_arena = 0;
constinit bool has_heap_arena = false;

// The allocator's extent hooks. They run with the allocator's locks held: no malloc here.
void* extent_alloc(extent_hooks_t*, void* wanted, std::size_t size, std::size_t alignment, bool* zero, bool* commit, unsigned) {
    void* got = wanted == nullptr ? arena_pages().take_heap(size, alignment) : arena_pages().take_heap_at(wanted, size);
    if (got == nullptr && wanted == nullptr) {
        // The arena is used up: ordinary memory, which is copied when a driver uses it. Over-allocate to align.
        void* const raw = ::mmap(nullptr, size + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (raw == MAP_FAILED) return nullptr;
        const auto start = reinterpret_cast<std::uintptr_t>(raw);
        const std::uintptr_t aligned = (start + alignment - 1) & ~(alignment - 1);
        if (aligned != start) ::munmap(raw, aligned - start);
        const std::uintptr_t end = start + size + alignment;
        if (end != aligned + size) ::munmap(reinterpret_cast<void*>(aligned + size), end - aligned - size);
        got = reinterpret_cast<void*>(aligned);
    }
    if (got == nullptr) return nullptr;
    *zero = true;
    *commit = true;
    return got;
}

// True means "keep it": the allocator purges the pages and uses the addresses again.
bool extent_dalloc(extent_hooks_t*, void*, std::size_t, bool, unsigned) { return true; }

bool extent_purge(extent_hooks_t*, void* address, std::size_t, std::size_t offset, std::size_t length, unsigned) {
    void* const start = static_cast<std::byte*>(address) + offset;
    // MADV_DONTNEED does not clear shared pages.
    if (arena_pages().contains(start)) return !arena_pages().punch(start, length);
    return ::madvise(start, length, MADV_DONTNEED) != 0;
}

bool extent_split(extent_hooks_t*, void*, std::size_t, std::size_t, std::size_t, bool, unsigned) { return false; }

bool extent_merge(extent_hooks_t*, void* first, std::size_t, void* second, std::size_t, bool, unsigned) {
    return arena_pages().contains(first) != arena_pages().contains(second);
}

constinit extent_hooks_t hooks = {
    extent_alloc, extent_dalloc, nullptr, nullptr, nullptr, nullptr, extent_purge, extent_split, extent_merge,
};

}  // namespace

void enter_heap_arena(const ProcessSlot& slot) {
    if (slot.arena_bytes == 0) return;
    arena_pages().open(slot.arena_base, slot.arena_bytes, slot.arena_descriptor);
    if (mallctl == nullptr) return;
    extent_hooks_t* wanted = &hooks;
    std::size_t length = sizeof heap_arena;
    if (mallctl("arenas.create", &heap_arena, &length, &wanted, sizeof wanted) != 0) return;
    has_heap_arena = true;
    enter_heap_arena_on_this_thread();
}

void enter_heap_arena_on_this_thread() {
    if (!has_heap_arena) return;
    // What the thread's cache holds comes from outside the arena.
    mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
    mallctl("thread.arena", nullptr, nullptr, &heap_arena, sizeof heap_arena);
}

}  // namespace pw::win32
