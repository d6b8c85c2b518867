// SPDX-License-Identifier: Apache-2.0
// Façade: splay links and generic tables over them.
#include <nt/rtl_tables.h>

#include "kernel/rtl/generic_table.h"
#include "kernel/rtl/splay.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

PRTL_SPLAY_LINKS NTAPI RtlSplay(PRTL_SPLAY_LINKS links) { return rtl::splay(links); }
PRTL_SPLAY_LINKS NTAPI RtlDelete(PRTL_SPLAY_LINKS links) { return rtl::splay_remove(links); }
PRTL_SPLAY_LINKS NTAPI RtlSubtreeSuccessor(PRTL_SPLAY_LINKS links) { return rtl::subtree_successor(links); }
PRTL_SPLAY_LINKS NTAPI RtlSubtreePredecessor(PRTL_SPLAY_LINKS links) { return rtl::subtree_predecessor(links); }
PRTL_SPLAY_LINKS NTAPI RtlRealSuccessor(PRTL_SPLAY_LINKS links) { return rtl::successor(links); }
PRTL_SPLAY_LINKS NTAPI RtlRealPredecessor(PRTL_SPLAY_LINKS links) { return rtl::predecessor(links); }

void NTAPI RtlInitializeGenericTable(PRTL_GENERIC_TABLE table, PRTL_GENERIC_COMPARE_ROUTINE compare,
                                     PRTL_GENERIC_ALLOCATE_ROUTINE allocate, PRTL_GENERIC_FREE_ROUTINE free, PVOID context) {
    PW_IRQL_LIMIT(RtlInitializeGenericTable);
    *table = {};
    InitializeListHead(&table->InsertOrderList);
    table->OrderedPointer = &table->InsertOrderList;
    table->CompareRoutine = compare;
    table->AllocateRoutine = allocate;
    table->FreeRoutine = free;
    table->TableContext = context;
}

PVOID NTAPI RtlInsertElementGenericTableFull(PRTL_GENERIC_TABLE table, PVOID buffer, CLONG bytes, PBOOLEAN new_element,
                                             PVOID node_or_parent, TABLE_SEARCH_RESULT search_result) {
    PW_IRQL_LIMIT(RtlInsertElementGenericTableFull);
    bool is_new = false;
    PVOID element = rtl::table_insert_at(*table, {node_or_parent, search_result}, buffer, bytes, &is_new);
    if (new_element) *new_element = is_new;
    return element;
}

PVOID NTAPI RtlInsertElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer, CLONG bytes, PBOOLEAN new_element) {
    PW_IRQL_LIMIT(RtlInsertElementGenericTable);
    const rtl::TableFind place = rtl::table_find(*table, buffer);
    return RtlInsertElementGenericTableFull(table, buffer, bytes, new_element, place.node_or_parent, place.result);
}

BOOLEAN NTAPI RtlDeleteElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer) {
    PW_IRQL_LIMIT(RtlDeleteElementGenericTable);
    return rtl::table_delete(*table, buffer);
}

PVOID NTAPI RtlLookupElementGenericTableFull(PRTL_GENERIC_TABLE table, PVOID buffer, PVOID* node_or_parent,
                                             TABLE_SEARCH_RESULT* search_result) {
    PW_IRQL_LIMIT(RtlLookupElementGenericTableFull);
    const rtl::TableFind found = rtl::table_find(*table, buffer);
    *node_or_parent = found.node_or_parent;
    *search_result = found.result;
    return found.result == TableFoundNode ? rtl::table_element(found.node_or_parent) : nullptr;
}

PVOID NTAPI RtlLookupElementGenericTable(PRTL_GENERIC_TABLE table, PVOID buffer) {
    PW_IRQL_LIMIT(RtlLookupElementGenericTable);
    const rtl::TableFind found = rtl::table_find(*table, buffer);
    return found.result == TableFoundNode ? rtl::table_element(found.node_or_parent) : nullptr;
}

PVOID NTAPI RtlEnumerateGenericTable(PRTL_GENERIC_TABLE table, BOOLEAN restart) {
    PW_IRQL_LIMIT(RtlEnumerateGenericTable);
    return rtl::table_enumerate(*table, restart != FALSE);
}
PVOID NTAPI RtlEnumerateGenericTableWithoutSplaying(PRTL_GENERIC_TABLE table, PVOID* restart_key) {
    PW_IRQL_LIMIT(RtlEnumerateGenericTableWithoutSplaying);
    return rtl::table_enumerate_at(*table, restart_key);
}
PVOID NTAPI RtlGetElementGenericTable(PRTL_GENERIC_TABLE table, ULONG i) {
    PW_IRQL_LIMIT(RtlGetElementGenericTable);
    return rtl::table_nth_inserted(*table, i);
}
ULONG NTAPI RtlNumberGenericTableElements(PRTL_GENERIC_TABLE table) {
    PW_IRQL_LIMIT(RtlNumberGenericTableElements);
    return table->NumberGenericTableElements;
}
BOOLEAN NTAPI RtlIsGenericTableEmpty(PRTL_GENERIC_TABLE table) {
    PW_IRQL_LIMIT(RtlIsGenericTableEmpty);
    return table->TableRoot == nullptr;
}

}  // extern "C"
