// SPDX-License-Identifier: Apache-2.0
// LocalAlloc and GlobalAlloc: blocks of the process heap. A moveable block does not move: its handle is its address.
#include "win32/winbase.h"

namespace {

HANDLE allocate(UINT flags, SIZE_T size_bytes) {
    HANDLE block = HeapAlloc(GetProcessHeap(), (flags & LMEM_ZEROINIT) != 0 ? HEAP_ZERO_MEMORY : 0u, size_bytes);
    if (block == nullptr) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return block;
}

HANDLE reallocate(HANDLE block, SIZE_T size_bytes, UINT flags) {
    const SIZE_T old_size = HeapSize(GetProcessHeap(), 0, block);
    if (old_size == static_cast<SIZE_T>(-1)) {
        SetLastError(ERROR_INVALID_HANDLE);
        return nullptr;
    }
    auto* moved = static_cast<char*>(HeapReAlloc(GetProcessHeap(), 0, block, size_bytes));
    if (moved == nullptr) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    } else if ((flags & LMEM_ZEROINIT) != 0 && size_bytes > old_size) {
        __builtin_memset(moved + old_size, 0, size_bytes - old_size);
    }
    return moved;
}

// NULL where the block is freed, the handle where it is none of ours.
HANDLE release(HANDLE block) {
    if (block == nullptr || HeapFree(GetProcessHeap(), 0, block)) return nullptr;
    SetLastError(ERROR_INVALID_HANDLE);
    return block;
}

SIZE_T size_of(HANDLE block) {
    const SIZE_T size_bytes = block == nullptr ? static_cast<SIZE_T>(-1) : HeapSize(GetProcessHeap(), 0, block);
    if (size_bytes != static_cast<SIZE_T>(-1)) return size_bytes;
    SetLastError(ERROR_INVALID_HANDLE);
    return 0;
}

// "Not locked any more": FALSE with NO_ERROR.
BOOL unlock() {
    SetLastError(NO_ERROR);
    return FALSE;
}

}  // namespace

HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T size) { return allocate(flags, size); }
HLOCAL WINAPI LocalReAlloc(HLOCAL block, SIZE_T size, UINT flags) { return reallocate(block, size, flags); }
HLOCAL WINAPI LocalFree(HLOCAL block) { return release(block); }
LPVOID WINAPI LocalLock(HLOCAL block) { return block; }
BOOL WINAPI LocalUnlock(HLOCAL) { return unlock(); }
SIZE_T WINAPI LocalSize(HLOCAL block) { return size_of(block); }
HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T size) { return allocate(flags, size); }
HGLOBAL WINAPI GlobalReAlloc(HGLOBAL block, SIZE_T size, UINT flags) { return reallocate(block, size, flags); }
HGLOBAL WINAPI GlobalFree(HGLOBAL block) { return release(block); }
LPVOID WINAPI GlobalLock(HGLOBAL block) { return block; }
BOOL WINAPI GlobalUnlock(HGLOBAL) { return unlock(); }
SIZE_T WINAPI GlobalSize(HGLOBAL block) { return size_of(block); }
