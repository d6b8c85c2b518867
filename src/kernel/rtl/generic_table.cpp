// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/generic_table.h"

#include <cstring>

#include "kernel/rtl/splay.h"

namespace pw::rtl {
namespace {

// What stands before an element; the documented size of it is sizeof(RTL_SPLAY_LINKS) + sizeof(LIST_ENTRY).
struct Header {
    RTL_SPLAY_LINKS links;
    LIST_ENTRY in_order;
};
static_assert(sizeof(Header) == 40);

Header* header_of(PRTL_SPLAY_LINKS links) { return reinterpret_cast<Header*>(links); }
PVOID element_of(PRTL_SPLAY_LINKS links) { return header_of(links) + 1; }
PRTL_SPLAY_LINKS leftmost(PRTL_SPLAY_LINKS links) {
    while (links->LeftChild) links = links->LeftChild;
    return links;
}

}  // namespace

PVOID table_element(PVOID node) { return element_of(static_cast<PRTL_SPLAY_LINKS>(node)); }

TableFind table_find(RTL_GENERIC_TABLE& table, PVOID key) {
    PRTL_SPLAY_LINKS at = table.TableRoot;
    if (!at) return {nullptr, TableEmptyTree};
    TABLE_SEARCH_RESULT result = TableFoundNode;
    for (;;) {
        const RTL_GENERIC_COMPARE_RESULTS order = table.CompareRoutine(&table, key, element_of(at));
        if (order == GenericEqual) break;
        PRTL_SPLAY_LINKS child = order == GenericLessThan ? at->LeftChild : at->RightChild;
        if (!child) {
            result = order == GenericLessThan ? TableInsertAsLeft : TableInsertAsRight;
            break;
        }
        at = child;
    }
    // A place to insert must keep its empty side, so only a node that was found goes to the root.
    if (result == TableFoundNode) table.TableRoot = splay(at);
    return {at, result};
}

PVOID table_insert_at(RTL_GENERIC_TABLE& table, const TableFind& place, PVOID buffer, CLONG bytes, bool* is_new) {
    *is_new = place.result != TableFoundNode;
    if (!*is_new) return table_element(place.node_or_parent);
    auto* header = static_cast<Header*>(table.AllocateRoutine(&table, static_cast<CLONG>(sizeof(Header)) + bytes));
    if (!header) {
        *is_new = false;
        return nullptr;
    }
    header->links = {&header->links, nullptr, nullptr};
    if (place.result != TableEmptyTree) {
        auto* parent = static_cast<PRTL_SPLAY_LINKS>(place.node_or_parent);
        header->links.Parent = parent;
        (place.result == TableInsertAsLeft ? parent->LeftChild : parent->RightChild) = &header->links;
    }
    InsertTailList(&table.InsertOrderList, &header->in_order);
    ++table.NumberGenericTableElements;
    table.TableRoot = splay(&header->links);
    std::memcpy(header + 1, buffer, bytes);
    return header + 1;
}

bool table_delete(RTL_GENERIC_TABLE& table, PVOID key) {
    const TableFind found = table_find(table, key);
    if (found.result != TableFoundNode) return false;
    auto* header = header_of(static_cast<PRTL_SPLAY_LINKS>(found.node_or_parent));
    table.TableRoot = splay_remove(&header->links);
    RemoveEntryList(&header->in_order);
    --table.NumberGenericTableElements;
    // The remembered position of table_nth_inserted counts what is gone.
    table.WhichOrderedElement = 0;
    table.OrderedPointer = &table.InsertOrderList;
    table.FreeRoutine(&table, header);
    return true;
}

PVOID table_enumerate(RTL_GENERIC_TABLE& table, bool restart) {
    if (!table.TableRoot) return nullptr;
    PRTL_SPLAY_LINKS next = restart ? leftmost(table.TableRoot) : successor(table.TableRoot);
    if (!next) return nullptr;
    table.TableRoot = splay(next);
    return element_of(next);
}

PVOID table_enumerate_at(RTL_GENERIC_TABLE& table, PVOID* position) {
    if (!table.TableRoot) return nullptr;
    PRTL_SPLAY_LINKS next = *position ? successor(static_cast<PRTL_SPLAY_LINKS>(*position)) : leftmost(table.TableRoot);
    if (!next) return nullptr;
    *position = next;
    return element_of(next);
}

PVOID table_nth_inserted(RTL_GENERIC_TABLE& table, ULONG index) {
    if (index >= table.NumberGenericTableElements) return nullptr;
    // WhichOrderedElement counts from one; the walk goes on from the last answer when that lies before.
    if (table.WhichOrderedElement == 0 || table.WhichOrderedElement > index + 1) {
        table.OrderedPointer = table.InsertOrderList.Flink;
        table.WhichOrderedElement = 1;
    }
    while (table.WhichOrderedElement < index + 1) {
        table.OrderedPointer = table.OrderedPointer->Flink;
        ++table.WhichOrderedElement;
    }
    return CONTAINING_RECORD(table.OrderedPointer, Header, in_order) + 1;
}

}  // namespace pw::rtl
