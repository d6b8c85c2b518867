// SPDX-License-Identifier: Apache-2.0
// AVL trees over RTL_BALANCED_LINKS: the table's BalancedRoot is a sentinel whose right child is the top.
#pragma once

#include <nt/rtl_tables.h>

namespace pw::rtl {

// Hangs `node` below `parent` (the sentinel for the first one) and restores the balance.
void avl_insert(RTL_AVL_TABLE& table, PRTL_BALANCED_LINKS parent, bool as_left, PRTL_BALANCED_LINKS node);
void avl_remove(RTL_AVL_TABLE& table, PRTL_BALANCED_LINKS node);

// Neighbours in key order; null when there is none.
[[nodiscard]] PRTL_BALANCED_LINKS avl_first(RTL_AVL_TABLE& table);
[[nodiscard]] PRTL_BALANCED_LINKS avl_next(RTL_AVL_TABLE& table, PRTL_BALANCED_LINKS node);
[[nodiscard]] PRTL_BALANCED_LINKS avl_previous(RTL_AVL_TABLE& table, PRTL_BALANCED_LINKS node);

}  // namespace pw::rtl
