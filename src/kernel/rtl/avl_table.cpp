// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/avl_table.h"

#include <cstring>

#include "kernel/rtl/avl.h"

namespace pw::rtl {
namespace {

// The documented size of what stands before an element is sizeof(RTL_BALANCED_LINKS).
PVOID element_of(PRTL_BALANCED_LINKS links) { return links + 1; }

}  // namespace

PVOID avl_table_element(PVOID node) { return element_of(static_cast<PRTL_BALANCED_LINKS>(node)); }

TableFind avl_table_find(RTL_AVL_TABLE& table, PVOID key) {
    PRTL_BALANCED_LINKS at = table.BalancedRoot.RightChild;
    if (!at) return {nullptr, TableEmptyTree};
    for (;;) {
        const RTL_GENERIC_COMPARE_RESULTS order = table.CompareRoutine(&table, key, element_of(at));
        if (order == GenericEqual) return {at, TableFoundNode};
        PRTL_BALANCED_LINKS child = order == GenericLessThan ? at->LeftChild : at->RightChild;
        if (!child) return {at, order == GenericLessThan ? TableInsertAsLeft : TableInsertAsRight};
        at = child;
    }
}

PVOID avl_table_insert_at(RTL_AVL_TABLE& table, const TableFind& place, PVOID buffer, CLONG bytes, bool* is_new) {
    *is_new = place.result != TableFoundNode;
    if (!*is_new) return avl_table_element(place.node_or_parent);
    auto* links = static_cast<PRTL_BALANCED_LINKS>(
        table.AllocateRoutine(&table, static_cast<CLONG>(sizeof(RTL_BALANCED_LINKS)) + bytes));
    if (!links) {
        *is_new = false;
        return nullptr;
    }
    PRTL_BALANCED_LINKS parent = place.result == TableEmptyTree ? &table.BalancedRoot
                                                                : static_cast<PRTL_BALANCED_LINKS>(place.node_or_parent);
    avl_insert(table, parent, place.result == TableInsertAsLeft, links);
    ++table.NumberGenericTableElements;
    table.WhichOrderedElement = 0;
    std::memcpy(element_of(links), buffer, bytes);
    return element_of(links);
}

bool avl_table_delete(RTL_AVL_TABLE& table, PVOID key) {
    const TableFind found = avl_table_find(table, key);
    if (found.result != TableFoundNode) return false;
    auto* links = static_cast<PRTL_BALANCED_LINKS>(found.node_or_parent);
    // An enumeration that stands on this element goes on from the one before it: from the start when there is none.
    if (table.RestartKey == links) table.RestartKey = avl_previous(table, links);
    ++table.DeleteCount;
    avl_remove(table, links);
    --table.NumberGenericTableElements;
    table.WhichOrderedElement = 0;
    table.FreeRoutine(&table, links);
    return true;
}

PVOID avl_table_enumerate_at(RTL_AVL_TABLE& table, PVOID* position) {
    PRTL_BALANCED_LINKS next = *position ? avl_next(table, static_cast<PRTL_BALANCED_LINKS>(*position)) : avl_first(table);
    if (!next) return nullptr;
    *position = next;
    return element_of(next);
}

PVOID avl_table_nth(RTL_AVL_TABLE& table, ULONG index) {
    if (index >= table.NumberGenericTableElements) return nullptr;
    // WhichOrderedElement counts from one; the walk goes on from the last answer when that lies before.
    auto* at = static_cast<PRTL_BALANCED_LINKS>(table.OrderedPointer);
    if (table.WhichOrderedElement == 0 || table.WhichOrderedElement > index + 1) {
        at = avl_first(table);
        table.WhichOrderedElement = 1;
    }
    for (; table.WhichOrderedElement < index + 1; ++table.WhichOrderedElement) at = avl_next(table, at);
    table.OrderedPointer = at;
    return element_of(at);
}

}  // namespace pw::rtl
