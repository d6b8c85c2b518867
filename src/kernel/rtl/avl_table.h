// SPDX-License-Identifier: Apache-2.0
// Generic tables over AVL trees (RTL_AVL_TABLE): copied elements, found without rearranging anything.
//
// The table's owner serialises changes. The memory comes from the owner's routines.
#pragma once

#include <nt/rtl_tables.h>

#include "kernel/rtl/generic_table.h"

namespace pw::rtl {

[[nodiscard]] TableFind avl_table_find(RTL_AVL_TABLE& table, PVOID key);
PVOID avl_table_insert_at(RTL_AVL_TABLE& table, const TableFind& place, PVOID buffer, CLONG bytes, bool* is_new);
bool avl_table_delete(RTL_AVL_TABLE& table, PVOID key);
[[nodiscard]] PVOID avl_table_element(PVOID node);
// The next element in key order after the caller's position, which starts as null.
PVOID avl_table_enumerate_at(RTL_AVL_TABLE& table, PVOID* position);
// Element number `index` in key order; null beyond the end.
PVOID avl_table_nth(RTL_AVL_TABLE& table, ULONG index);

}  // namespace pw::rtl
