// SPDX-License-Identifier: Apache-2.0
// Façade: lookaside lists (Ex).
#include <nt/ex.h>

#include "kernel/memory/lookaside.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

namespace {

// "If Allocate is NULL, ExAllocatePoolWithTag is called, if Free is NULL, ExFreePool": those stand in the structure then.
class PlainSource final : public mm::LookasideSource {
public:
    PVOID allocate(GENERAL_LOOKASIDE_POOL& list) override { return list.Allocate(list.Type, list.Size, list.Tag); }
    void free(GENERAL_LOOKASIDE_POOL& list, PVOID block) override { list.Free(block); }
};
PlainSource plain;

class ExSource final : public mm::LookasideSource {
public:
    PVOID allocate(GENERAL_LOOKASIDE_POOL& list) override {
        return list.AllocateEx(list.Type, list.Size, list.Tag, CONTAINING_RECORD(&list, LOOKASIDE_LIST_EX, L));
    }
    void free(GENERAL_LOOKASIDE_POOL& list, PVOID block) override {
        list.FreeEx(block, CONTAINING_RECORD(&list, LOOKASIDE_LIST_EX, L));
    }
};
ExSource extended;

PVOID NTAPI allocate_pool_ex(POOL_TYPE type, SIZE_T bytes, ULONG tag, PLOOKASIDE_LIST_EX) {
    return ExAllocatePoolWithTag(type, bytes, tag);
}
void NTAPI free_pool_ex(PVOID block, PLOOKASIDE_LIST_EX) { ExFreePool(block); }

void initialize(GENERAL_LOOKASIDE& list, POOL_TYPE type, ULONG flags, SIZE_T bytes, ULONG tag, PALLOCATE_FUNCTION allocate,
                PFREE_FUNCTION free) {
    GENERAL_LOOKASIDE_POOL& general = mm::general(list);
    mm::initialize_lookaside(general, {static_cast<POOL_TYPE>(static_cast<ULONG>(type) | flags), bytes, tag});
    general.Allocate = allocate ? allocate : ExAllocatePoolWithTag;
    general.Free = free ? free : ExFreePool;
}

KIRQL highest_for(const LOOKASIDE_LIST_EX& list) { return (list.L.Type & PagedPool) ? APC_LEVEL : DISPATCH_LEVEL; }

}  // namespace

extern "C" {

void NTAPI ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list, PALLOCATE_FUNCTION allocate, PFREE_FUNCTION free,
                                           ULONG flags, SIZE_T bytes, ULONG tag, USHORT) {
    PW_IRQL_LIMIT(ExInitializeNPagedLookasideList);
    initialize(list->L, NonPagedPool, flags & (POOL_NX_ALLOCATION | POOL_RAISE_IF_ALLOCATION_FAILURE), bytes, tag, allocate,
               free);
}
void NTAPI ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list) {
    PW_IRQL_LIMIT(ExDeleteNPagedLookasideList);
    mm::flush_lookaside(mm::general(list->L), plain);
}
PVOID NTAPI ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list) {
    PW_IRQL_LIMIT(ExAllocateFromNPagedLookasideList);
    return mm::allocate_from_lookaside(mm::general(list->L), plain);
}
void NTAPI ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST list, PVOID block) {
    PW_IRQL_LIMIT(ExFreeToNPagedLookasideList);
    mm::free_to_lookaside(mm::general(list->L), block, plain);
}

void NTAPI ExInitializePagedLookasideList(PPAGED_LOOKASIDE_LIST list, PALLOCATE_FUNCTION allocate, PFREE_FUNCTION free,
                                          ULONG flags, SIZE_T bytes, ULONG tag, USHORT) {
    PW_IRQL_LIMIT(ExInitializePagedLookasideList);
    initialize(list->L, PagedPool, flags & POOL_RAISE_IF_ALLOCATION_FAILURE, bytes, tag, allocate, free);
}
void NTAPI ExDeletePagedLookasideList(PPAGED_LOOKASIDE_LIST list) {
    PW_IRQL_LIMIT(ExDeletePagedLookasideList);
    mm::flush_lookaside(mm::general(list->L), plain);
}
PVOID NTAPI ExAllocateFromPagedLookasideList(PPAGED_LOOKASIDE_LIST list) {
    PW_IRQL_LIMIT(ExAllocateFromPagedLookasideList);
    return mm::allocate_from_lookaside(mm::general(list->L), plain);
}
void NTAPI ExFreeToPagedLookasideList(PPAGED_LOOKASIDE_LIST list, PVOID block) {
    PW_IRQL_LIMIT(ExFreeToPagedLookasideList);
    mm::free_to_lookaside(mm::general(list->L), block, plain);
}

NTSTATUS NTAPI ExInitializeLookasideListEx(PLOOKASIDE_LIST_EX list, PALLOCATE_FUNCTION_EX allocate, PFREE_FUNCTION_EX free,
                                           POOL_TYPE type, ULONG flags, SIZE_T bytes, ULONG tag, USHORT) {
    PW_IRQL_LIMIT(ExInitializeLookasideListEx);
    constexpr ULONG raise = EX_LOOKASIDE_LIST_EX_FLAGS_RAISE_ON_FAIL;
    constexpr ULONG fail = EX_LOOKASIDE_LIST_EX_FLAGS_FAIL_NO_RAISE;
    // "The two flags are mutually exclusive"; the second one is for quota, which raises otherwise.
    if ((flags & ~(raise | fail)) || flags == (raise | fail)) return STATUS_INVALID_PARAMETER_5;
    const ULONG modifiers = ((flags & raise) ? POOL_RAISE_IF_ALLOCATION_FAILURE : 0u) |
                            ((flags & fail) ? POOL_QUOTA_FAIL_INSTEAD_OF_RAISE : 0u);
    mm::initialize_lookaside(list->L, {static_cast<POOL_TYPE>(static_cast<ULONG>(type) | modifiers), bytes, tag});
    list->L.AllocateEx = allocate ? allocate : allocate_pool_ex;
    list->L.FreeEx = free ? free : free_pool_ex;
    return STATUS_SUCCESS;
}
void NTAPI ExDeleteLookasideListEx(PLOOKASIDE_LIST_EX list) {
    PW_IRQL_LIMIT(ExDeleteLookasideListEx);
    mm::flush_lookaside(list->L, extended);
}
void NTAPI ExFlushLookasideListEx(PLOOKASIDE_LIST_EX list) {
    PW_IRQL_LIMIT(ExFlushLookasideListEx);
    mm::flush_lookaside(list->L, extended);
}
PVOID NTAPI ExAllocateFromLookasideListEx(PLOOKASIDE_LIST_EX list) {
    PW_IRQL_AT_MOST(ExAllocateFromLookasideListEx, highest_for(*list));
    return mm::allocate_from_lookaside(list->L, extended);
}
void NTAPI ExFreeToLookasideListEx(PLOOKASIDE_LIST_EX list, PVOID block) {
    PW_IRQL_AT_MOST(ExFreeToLookasideListEx, highest_for(*list));
    mm::free_to_lookaside(list->L, block, extended);
}

}  // extern "C"
