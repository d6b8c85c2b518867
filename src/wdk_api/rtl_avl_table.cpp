// SPDX-License-Identifier: Apache-2.0
// Façade: generic tables over AVL trees.
#include <nt/rtl_tables.h>

#include "kernel/rtl/avl_table.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

void NTAPI RtlInitializeGenericTableAvl(PRTL_AVL_TABLE table, PRTL_AVL_COMPARE_ROUTINE compare,
                                        PRTL_AVL_ALLOCATE_ROUTINE allocate, PRTL_AVL_FREE_ROUTINE free, PVOID context) {
    PW_IRQL_LIMIT(RtlInitializeGenericTableAvl);
    *table = {};
    table->BalancedRoot.Parent = &table->BalancedRoot;
    table->CompareRoutine = compare;
    table->AllocateRoutine = allocate;
    table->FreeRoutine = free;
    table->TableContext = context;
}

PVOID NTAPI RtlInsertElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer, CLONG bytes, PBOOLEAN new_element,
                                                PVOID node_or_parent, TABLE_SEARCH_RESULT search_result) {
    PW_IRQL_LIMIT(RtlInsertElementGenericTableFullAvl);
    bool is_new = false;
    PVOID element = rtl::avl_table_insert_at(*table, {node_or_parent, search_result}, buffer, bytes, &is_new);
    if (new_element) *new_element = is_new;
    return element;
}

PVOID NTAPI RtlInsertElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer, CLONG bytes, PBOOLEAN new_element) {
    PW_IRQL_LIMIT(RtlInsertElementGenericTableAvl);
    const rtl::TableFind place = rtl::avl_table_find(*table, buffer);
    return RtlInsertElementGenericTableFullAvl(table, buffer, bytes, new_element, place.node_or_parent, place.result);
}

BOOLEAN NTAPI RtlDeleteElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer) {
    PW_IRQL_LIMIT(RtlDeleteElementGenericTableAvl);
    return rtl::avl_table_delete(*table, buffer);
}

PVOID NTAPI RtlLookupElementGenericTableFullAvl(PRTL_AVL_TABLE table, PVOID buffer, PVOID* node_or_parent,
                                                TABLE_SEARCH_RESULT* search_result) {
    PW_IRQL_LIMIT(RtlLookupElementGenericTableFullAvl);
    const rtl::TableFind found = rtl::avl_table_find(*table, buffer);
    *node_or_parent = found.node_or_parent;
    *search_result = found.result;
    return found.result == TableFoundNode ? rtl::avl_table_element(found.node_or_parent) : nullptr;
}

PVOID NTAPI RtlLookupElementGenericTableAvl(PRTL_AVL_TABLE table, PVOID buffer) {
    PW_IRQL_LIMIT(RtlLookupElementGenericTableAvl);
    const rtl::TableFind found = rtl::avl_table_find(*table, buffer);
    return found.result == TableFoundNode ? rtl::avl_table_element(found.node_or_parent) : nullptr;
}

PVOID NTAPI RtlEnumerateGenericTableWithoutSplayingAvl(PRTL_AVL_TABLE table, PVOID* restart_key) {
    PW_IRQL_LIMIT(RtlEnumerateGenericTableWithoutSplayingAvl);
    return rtl::avl_table_enumerate_at(*table, restart_key);
}

PVOID NTAPI RtlEnumerateGenericTableAvl(PRTL_AVL_TABLE table, BOOLEAN restart) {
    PW_IRQL_LIMIT(RtlEnumerateGenericTableAvl);
    PVOID position = restart ? nullptr : table->RestartKey;
    PVOID element = rtl::avl_table_enumerate_at(*table, &position);
    table->RestartKey = static_cast<PRTL_BALANCED_LINKS>(position);
    return element;
}

PVOID NTAPI RtlGetElementGenericTableAvl(PRTL_AVL_TABLE table, ULONG i) {
    PW_IRQL_LIMIT(RtlGetElementGenericTableAvl);
    return rtl::avl_table_nth(*table, i);
}
ULONG NTAPI RtlNumberGenericTableElementsAvl(PRTL_AVL_TABLE table) {
    PW_IRQL_LIMIT(RtlNumberGenericTableElementsAvl);
    return table->NumberGenericTableElements;
}
BOOLEAN NTAPI RtlIsGenericTableEmptyAvl(PRTL_AVL_TABLE table) {
    PW_IRQL_LIMIT(RtlIsGenericTableEmptyAvl);
    return table->NumberGenericTableElements == 0;
}

}  // extern "C"
