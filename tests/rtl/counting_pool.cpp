// SPDX-License-Identifier: Apache-2.0
#include "counting_pool.h"

#include <nt/ex.h>

#include <cstdio>
#include <cstdlib>

#include "wdk_api/irql_limit.h"

int g_pool_blocks = 0;
bool g_pool_is_empty = false;

// These tests run at PASSIVE_LEVEL, for which every limit is high enough.
void pw::wdk::irql_too_high(const char* routine, KIRQL, KIRQL, const void*) {
    std::fprintf(stderr, "%s: IRQL\n", routine);
    std::abort();
}

extern "C" PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE, SIZE_T bytes, ULONG) {
    if (g_pool_is_empty) return nullptr;
    ++g_pool_blocks;
    return std::malloc(bytes);
}

extern "C" void NTAPI ExFreePoolWithTag(PVOID block, ULONG) { ExFreePool(block); }

extern "C" void NTAPI ExFreePool(PVOID block) {
    --g_pool_blocks;
    std::free(block);
}
