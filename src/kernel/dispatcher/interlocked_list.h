// SPDX-License-Identifier: Apache-2.0
// Lists that are safe against concurrent use: under a caller's spin lock, and sequenced lists with a lock in their header.
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {

// Any IRQL. The lock must be used by these calls only. Insertions return the entry that was first (or last), or null if the
// list was empty; removals return the entry, or null.
PLIST_ENTRY interlocked_insert_head(LIST_ENTRY& head, LIST_ENTRY& entry, KSPIN_LOCK& lock);
PLIST_ENTRY interlocked_insert_tail(LIST_ENTRY& head, LIST_ENTRY& entry, KSPIN_LOCK& lock);
PLIST_ENTRY interlocked_remove_head(LIST_ENTRY& head, KSPIN_LOCK& lock);
PSINGLE_LIST_ENTRY interlocked_push(SINGLE_LIST_ENTRY& head, SINGLE_LIST_ENTRY& entry, KSPIN_LOCK& lock);
PSINGLE_LIST_ENTRY interlocked_pop(SINGLE_LIST_ENTRY& head, KSPIN_LOCK& lock);
// Both return the value before the addition.
LARGE_INTEGER interlocked_add(LARGE_INTEGER& addend, LARGE_INTEGER increment, KSPIN_LOCK& lock);
ULONG interlocked_add(ULONG& addend, ULONG increment, KSPIN_LOCK& lock);

// Sequenced lists, in the documented 16 bytes: depth, count of changes, first entry. The header's four reserved bits are
// the list's lock: a pop never touches an entry that another pop has taken and freed. Any IRQL.
void initialize_slist(SLIST_HEADER& header);
PSLIST_ENTRY push_slist(SLIST_HEADER& header, SLIST_ENTRY& entry);  // returns the previous first entry
PSLIST_ENTRY pop_slist(SLIST_HEADER& header);
PSLIST_ENTRY flush_slist(SLIST_HEADER& header);
[[nodiscard]] USHORT slist_depth(const SLIST_HEADER& header);  // modulo 65,536

}  // namespace pw::ke
