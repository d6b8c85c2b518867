// SPDX-License-Identifier: Apache-2.0
// TlsAlloc and its siblings: 1,088 indexes, as on Windows. A value carries the generation of its index, so that an index
// that was freed and allocated again reads as NULL in every thread.
#include <atomic>
#include <cstdint>

#include "win32/errhandlingapi.h"
#include "win32/processthreadsapi.h"
#include "win32/winerror.h"

namespace {

constexpr DWORD k_count = 1088;

struct Slot {
    std::uint32_t generation;
    LPVOID value;
};

// Odd: allocated.
std::atomic<std::uint32_t> g_generations[k_count];
thread_local Slot t_slots[k_count];

bool is_allocated(DWORD index, std::uint32_t& generation) {
    if (index < k_count) {
        generation = g_generations[index].load(std::memory_order_acquire);
        if ((generation & 1) != 0) return true;
    }
    SetLastError(ERROR_INVALID_PARAMETER);
    return false;
}

}  // namespace

DWORD WINAPI TlsAlloc(void) {
    for (DWORD i = 0; i < k_count; ++i) {
        std::uint32_t generation = g_generations[i].load(std::memory_order_relaxed);
        if ((generation & 1) == 0 && g_generations[i].compare_exchange_strong(generation, generation + 1)) return i;
    }
    SetLastError(ERROR_NO_MORE_ITEMS);
    return TLS_OUT_OF_INDEXES;
}

LPVOID WINAPI TlsGetValue(DWORD index) {
    std::uint32_t generation = 0;
    if (!is_allocated(index, generation)) return nullptr;
    SetLastError(ERROR_SUCCESS);  // NULL is a value: documented to be told apart by the last error
    return t_slots[index].generation == generation ? t_slots[index].value : nullptr;
}

BOOL WINAPI TlsSetValue(DWORD index, LPVOID value) {
    std::uint32_t generation = 0;
    if (!is_allocated(index, generation)) return FALSE;
    t_slots[index] = {generation, value};
    return TRUE;
}

BOOL WINAPI TlsFree(DWORD index) {
    std::uint32_t generation = 0;
    if (!is_allocated(index, generation)) return FALSE;
    return g_generations[index].compare_exchange_strong(generation, generation + 1) ? TRUE : FALSE;
}
