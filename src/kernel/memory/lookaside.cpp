// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/lookaside.h"

#include <algorithm>
#include <cstring>

#include "kernel/dispatcher/interlocked_list.h"

namespace pw::mm {
namespace {

constexpr USHORT list_depth = 64;

void count(ULONG& counter) { __atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED); }

}  // namespace

void initialize_lookaside(GENERAL_LOOKASIDE_POOL& list, const LookasideParameters& parameters) {
    std::memset(static_cast<void*>(&list), 0, sizeof(list));
    ke::initialize_slist(list.ListHead);
    list.Depth = list_depth;
    list.MaximumDepth = EX_MAXIMUM_LOOKASIDE_DEPTH_BASE;
    list.Type = parameters.type;
    list.Tag = parameters.tag;
    // A block that waits in the list holds its link.
    list.Size = static_cast<ULONG>(std::max<SIZE_T>(parameters.block_bytes, sizeof(SLIST_ENTRY)));
    InitializeListHead(&list.ListEntry);
}

PVOID allocate_from_lookaside(GENERAL_LOOKASIDE_POOL& list, LookasideSource& source) {
    count(list.TotalAllocates);
    if (PSLIST_ENTRY entry = ke::pop_slist(list.ListHead)) return entry;
    count(list.AllocateMisses);
    return source.allocate(list);
}

void free_to_lookaside(GENERAL_LOOKASIDE_POOL& list, PVOID block, LookasideSource& source) {
    count(list.TotalFrees);
    // A link needs its alignment; what an allocation routine of the driver's aligned less is not kept.
    const bool is_aligned = reinterpret_cast<ULONG_PTR>(block) % alignof(SLIST_ENTRY) == 0;
    if (is_aligned && ke::slist_depth(list.ListHead) < list.Depth) {
        ke::push_slist(list.ListHead, *static_cast<PSLIST_ENTRY>(block));
        return;
    }
    count(list.FreeMisses);
    source.free(list, block);
}

void flush_lookaside(GENERAL_LOOKASIDE_POOL& list, LookasideSource& source) {
    PSLIST_ENTRY entry = ke::flush_slist(list.ListHead);
    while (entry) {
        PSLIST_ENTRY next = entry->Next;
        source.free(list, entry);
        entry = next;
    }
}

}  // namespace pw::mm
