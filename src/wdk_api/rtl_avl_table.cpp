// SPDX-License-Identifier: Apache-2.0
// Façade: generic tables over AVL trees.
#include <nt/rtl_tables.h>

#include "kernel/rtl/avl_table.h"

using namespace pw;

extern "C" {

void NTAPI RtlInitializeGenericTableAvl(PRTL_AVL_TABLE table, PRTL_AVL_COMPARE_ROUTINE compare,
                                        PRTL_AVL_ALLOCATE_ROUTINE allocate, PRTL_AVL_FREE_ROUTINE free, PVOID context) {
    *table = {};
    table->BalancedRoot.Parent = &table->BalancedRoot;
    table->CompareRoutine = compare;
    table->AllocateRoutine = allocate;
    table->FreeRoutine = free;
    table->TableContext = context;
}

PVOID NTAPI RtlInsertElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer, CLONG bytes, PBOOLEAN new_element,
                                                PVOID node_or_parent, TABLE_SEARCH_RESULT search_result) {
    bool is_new = false;
    PVOID element = rtl::avl_table_insert_at(*table, {node_or_parent, search_result}, buffer, bytes, &is_new);
    if (new_element) *new_element = is_new;
    return element;
}

PVOID NTAPI RtlInsertElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer, CLONG bytes, PBOOLEAN new_element) {
    const rtl::TableFind place = rtl::avl_table_find(*table, buffer);
    return RtlInsertElementGenericTableFullAvl(table, buffer, bytes, new_element, place.node_or_parent, place.result);
}

BOOLEAN NTAPI RtlDeleteElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer) { return rtl::avl_table_delete(*table, buffer); }

PVOID NTAPI RtlLookupElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer, PVOID* node_or_parent,
                                                TABLE_SEARCH_RESULT* search_result) {
    const rtl::TableFind found = rtl::avl_table_find(*table, buffer);
    *node_or_parent = found.node_or_parent;
    *search_result = found.result;
    return found.result == TableFoundNode ? rtl::avl_table_element(found.node_or_parent) : nullptr;
}

PVOID NTAPI RtlLookupElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer) {
    const rtl::TableFind found = rtl::avl_table_find(*table, buffer);
    return found.result == TableFoundNode ? rtl::avl_table_element(found.node_or_parent) : nullptr;
}

PVOID NTAPI RtlEnumerateGenericTableWithoutSplayingAvl(PRTL_AVL_TABLE table, PVOID* restart_key) {
    return rtl::avl_table_enumerate_at(*table, restart_key);
}

PVOID NTAPI RtlEnumerateGenericTableAvl(PRTL_AVL_TABLE table, BOOLEAN restart) {
    PVOID position = restart ? nullptr : table->RestartKey;
    PVOID element = rtl::avl_table_enumerate_at(*table, &position);
    table->RestartKey = static_cast<PRTL_BALANCED_LINKS>(position);
    return element;
}

PVOID NTAPI RtlGetElementGenericTableAvl(PRTL_AVL_TABLE table, ULONG i) { return rtl::avl_table_nth(*table, i); }
ULONG NTAPI RtlNumberGenericTableElementsAvl(PRTL_AVL_TABLE table) { return table->NumberGenericTableElements; }
BOOLEAN NTAPI RtlIsGenericTableEmptyAvl(PRTL_AVL_TABLE table) { return table->NumberGenericTableElements == 0; }

}  // extern "C"
