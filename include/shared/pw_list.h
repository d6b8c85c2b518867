// SPDX-License-Identifier: Apache-2.0
// Doubly and singly linked lists whose links live in the caller's structures.
#ifndef PW_LIST_H
#define PW_LIST_H

#include <pw_ntbase.h>

PW_INLINE void InitializeListHead(PLIST_ENTRY ListHead) {
  ListHead->Flink = ListHead->Blink = ListHead;
}

PW_INLINE BOOLEAN IsListEmpty(const LIST_ENTRY* ListHead) {
  return (BOOLEAN)(ListHead->Flink == ListHead);
}

// A corrupted list is a security matter: NT fails fast, so does this.
PW_INLINE void PwCheckListEntry(const LIST_ENTRY* Entry) {
  if (Entry->Flink->Blink != Entry || Entry->Blink->Flink != Entry) __builtin_trap();
}
#define RtlpCheckListEntry(e) PwCheckListEntry(e)

// Returns TRUE when the list became empty.
PW_INLINE BOOLEAN RemoveEntryList(PLIST_ENTRY Entry) {
  PwCheckListEntry(Entry);
  PLIST_ENTRY next = Entry->Flink;
  PLIST_ENTRY previous = Entry->Blink;
  previous->Flink = next;
  next->Blink = previous;
  return (BOOLEAN)(next == previous);
}

PW_INLINE PLIST_ENTRY RemoveHeadList(PLIST_ENTRY ListHead) {
  PLIST_ENTRY entry = ListHead->Flink;
  (void)RemoveEntryList(entry);
  return entry;
}

PW_INLINE PLIST_ENTRY RemoveTailList(PLIST_ENTRY ListHead) {
  PLIST_ENTRY entry = ListHead->Blink;
  (void)RemoveEntryList(entry);
  return entry;
}

PW_INLINE void InsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry) {
  PwCheckListEntry(ListHead);
  PLIST_ENTRY last = ListHead->Blink;
  Entry->Flink = ListHead;
  Entry->Blink = last;
  last->Flink = Entry;
  ListHead->Blink = Entry;
}

PW_INLINE void InsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry) {
  PwCheckListEntry(ListHead);
  PLIST_ENTRY first = ListHead->Flink;
  Entry->Flink = first;
  Entry->Blink = ListHead;
  first->Blink = Entry;
  ListHead->Flink = Entry;
}

// Joins a list without a head of its own (ListToAppend is its first entry) to the tail of ListHead.
PW_INLINE void AppendTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListToAppend) {
  PLIST_ENTRY last = ListHead->Blink;
  ListHead->Blink->Flink = ListToAppend;
  ListHead->Blink = ListToAppend->Blink;
  ListToAppend->Blink->Flink = ListHead;
  ListToAppend->Blink = last;
}

PW_INLINE PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY ListHead) {
  PSINGLE_LIST_ENTRY first = ListHead->Next;
  if (first != NULL) ListHead->Next = first->Next;
  return first;
}

PW_INLINE void PushEntryList(PSINGLE_LIST_ENTRY ListHead, PSINGLE_LIST_ENTRY Entry) {
  Entry->Next = ListHead->Next;
  ListHead->Next = Entry;
}

#endif
