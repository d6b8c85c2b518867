// SPDX-License-Identifier: Apache-2.0
// Heaps over malloc: a program built for Partywall takes malloc from its arena, so heap blocks are shareable memory.
#include "win32/heapapi.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

#include "win32/errhandlingapi.h"
#include "win32/winerror.h"

namespace {

struct Heap;

// Stands in front of every block; keeps it 16-byte aligned.
struct alignas(16) BlockHeader {
    Heap* heap;
    SIZE_T size_bytes;
    BlockHeader* previous;  // only in private heaps, which free what is left when they are destroyed
    BlockHeader* next;
};

struct Heap {
    std::uint32_t magic = k_magic;
    SIZE_T maximum_bytes = 0;  // 0: grows
    SIZE_T used_bytes = 0;
    std::recursive_mutex lock;
    BlockHeader blocks{nullptr, 0, &blocks, &blocks};

    static constexpr std::uint32_t k_magic = 0x50414548;
};

Heap& process_heap() {
    static Heap* heap = new (std::nothrow) Heap;
    return *heap;
}

Heap* to_heap(HANDLE handle) {
    auto* heap = static_cast<Heap*>(handle);
    if (heap == nullptr || heap->magic != Heap::k_magic) {
        SetLastError(ERROR_INVALID_HANDLE);
        return nullptr;
    }
    return heap;
}

bool is_private(const Heap* heap) { return heap != &process_heap(); }

BlockHeader* header_of(LPCVOID block) {
    return static_cast<BlockHeader*>(const_cast<void*>(block)) - 1;
}

void* allocate(Heap* heap, DWORD flags, SIZE_T size_bytes) {
    SIZE_T total = 0;
    if (__builtin_add_overflow(size_bytes, sizeof(BlockHeader), &total)) return nullptr;
    const std::scoped_lock guard(heap->lock);
    if (heap->maximum_bytes != 0 && heap->used_bytes + total > heap->maximum_bytes) return nullptr;
    auto* header = static_cast<BlockHeader*>((flags & HEAP_ZERO_MEMORY) != 0 ? std::calloc(1, total) : std::malloc(total));
    if (header == nullptr) return nullptr;
    *header = {heap, size_bytes, nullptr, nullptr};
    heap->used_bytes += total;
    if (is_private(heap)) {
        header->next = heap->blocks.next;
        header->previous = &heap->blocks;
        header->next->previous = header;
        heap->blocks.next = header;
    }
    return header + 1;
}

void release(BlockHeader* header) {
    Heap* heap = header->heap;
    const std::scoped_lock guard(heap->lock);
    heap->used_bytes -= header->size_bytes + sizeof(BlockHeader);
    if (is_private(heap)) {
        header->previous->next = header->next;
        header->next->previous = header->previous;
    }
    header->heap = nullptr;  // a second free is recognised while the memory is not reused
    std::free(header);
}

bool belongs(const Heap* heap, LPCVOID block) {
    if (header_of(block)->heap == heap) return true;
    SetLastError(ERROR_INVALID_PARAMETER);
    return false;
}

}  // namespace

HANDLE WINAPI GetProcessHeap(void) { return &process_heap(); }

HANDLE WINAPI HeapCreate(DWORD options, SIZE_T initial_size, SIZE_T maximum_size) {
    if ((options & HEAP_CREATE_ENABLE_EXECUTE) != 0) {
        SetLastError(ERROR_NOT_SUPPORTED);
        return nullptr;
    }
    if (maximum_size != 0 && initial_size > maximum_size) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    auto* heap = new (std::nothrow) Heap;
    if (heap == nullptr) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return nullptr;
    }
    heap->maximum_bytes = maximum_size;
    return heap;
}

BOOL WINAPI HeapDestroy(HANDLE handle) {
    Heap* heap = to_heap(handle);
    if (heap == nullptr) return FALSE;
    if (!is_private(heap)) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    while (heap->blocks.next != &heap->blocks) release(heap->blocks.next);
    heap->magic = 0;
    delete heap;
    return TRUE;
}

LPVOID WINAPI HeapAlloc(HANDLE handle, DWORD flags, SIZE_T size_bytes) {
    Heap* heap = to_heap(handle);
    return heap == nullptr ? nullptr : allocate(heap, flags, size_bytes);
}

LPVOID WINAPI HeapReAlloc(HANDLE handle, DWORD flags, LPVOID block, SIZE_T size_bytes) {
    Heap* heap = to_heap(handle);
    if (heap == nullptr || block == nullptr || !belongs(heap, block)) return nullptr;
    const SIZE_T old_size = header_of(block)->size_bytes;
    if ((flags & HEAP_REALLOC_IN_PLACE_ONLY) != 0 && size_bytes > old_size) return nullptr;
    void* moved = allocate(heap, flags, size_bytes);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, old_size < size_bytes ? old_size : size_bytes);
    release(header_of(block));
    return moved;
}

BOOL WINAPI HeapFree(HANDLE handle, DWORD, LPVOID block) {
    Heap* heap = to_heap(handle);
    if (heap == nullptr) return FALSE;
    if (block == nullptr) return TRUE;
    if (!belongs(heap, block)) return FALSE;
    release(header_of(block));
    return TRUE;
}

SIZE_T WINAPI HeapSize(HANDLE handle, DWORD, LPCVOID block) {
    Heap* heap = to_heap(handle);
    if (heap == nullptr || block == nullptr || !belongs(heap, block)) return static_cast<SIZE_T>(-1);
    return header_of(block)->size_bytes;
}

BOOL WINAPI HeapLock(HANDLE handle) {
    Heap* heap = to_heap(handle);
    if (heap == nullptr) return FALSE;
    heap->lock.lock();
    return TRUE;
}

BOOL WINAPI HeapUnlock(HANDLE handle) {
    Heap* heap = to_heap(handle);
    if (heap == nullptr) return FALSE;
    heap->lock.unlock();
    return TRUE;
}
