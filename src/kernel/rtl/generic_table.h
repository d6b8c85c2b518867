// SPDX-License-Identifier: Apache-2.0
// Generic tables (RTL_GENERIC_TABLE): a splay tree of copied elements that also remembers the order of insertion.
//
// The table's owner serialises the calls: even a lookup rearranges the tree. The memory comes from the owner's routines.
#pragma once

#include <nt/rtl_tables.h>

namespace pw::rtl {

struct TableFind {
    PVOID node_or_parent;  // null in an empty table
    TABLE_SEARCH_RESULT result;
};

// Looks for the element equal to *key; what was reached becomes the root.
[[nodiscard]] TableFind table_find(RTL_GENERIC_TABLE& table, PVOID key);
// Inserts a copy at the place that table_find named, or returns the element found there. Null when the allocation failed.
PVOID table_insert_at(RTL_GENERIC_TABLE& table, const TableFind& place, PVOID buffer, CLONG bytes, bool* is_new);
// False when there is no such element.
bool table_delete(RTL_GENERIC_TABLE& table, PVOID key);
[[nodiscard]] PVOID table_element(PVOID node);

// The next element in key order, the first on `restart`; the root is the position.
PVOID table_enumerate(RTL_GENERIC_TABLE& table, bool restart);
// The same with the caller's position, which starts as null; the tree stays as it is.
PVOID table_enumerate_at(RTL_GENERIC_TABLE& table, PVOID* position);
// The element inserted as number `index`, of those that are left; null beyond the end.
PVOID table_nth_inserted(RTL_GENERIC_TABLE& table, ULONG index);

}  // namespace pw::rtl
