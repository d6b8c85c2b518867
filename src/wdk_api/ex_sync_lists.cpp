// SPDX-License-Identifier: Apache-2.0
// Façade: interlocked lists and integers, sequenced lists (Ex).
#include <nt/ex.h>

#include "kernel/dispatcher/interlocked_list.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

PLIST_ENTRY NTAPI ExInterlockedInsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock) {
    return ke::interlocked_insert_head(*head, *entry, *lock);
}
PLIST_ENTRY NTAPI ExInterlockedInsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock) {
    return ke::interlocked_insert_tail(*head, *entry, *lock);
}
PLIST_ENTRY NTAPI ExInterlockedRemoveHeadList(PLIST_ENTRY head, PKSPIN_LOCK lock) { return ke::interlocked_remove_head(*head, *lock); }
PSINGLE_LIST_ENTRY NTAPI ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY head, PKSPIN_LOCK lock) { return ke::interlocked_pop(*head, *lock); }
PSINGLE_LIST_ENTRY NTAPI ExInterlockedPushEntryList(PSINGLE_LIST_ENTRY head, PSINGLE_LIST_ENTRY entry, PKSPIN_LOCK lock) {
    return ke::interlocked_push(*head, *entry, *lock);
}
LARGE_INTEGER NTAPI ExInterlockedAddLargeInteger(PLARGE_INTEGER addend, LARGE_INTEGER increment, PKSPIN_LOCK lock) {
    return ke::interlocked_add(*addend, increment, *lock);
}
ULONG NTAPI ExInterlockedAddUlong(PULONG addend, ULONG increment, PKSPIN_LOCK lock) {
    return ke::interlocked_add(*addend, increment, *lock);
}

void NTAPI InitializeSListHead(PSLIST_HEADER head) { ke::initialize_slist(*head); }
PSLIST_ENTRY NTAPI ExpInterlockedPushEntrySList(PSLIST_HEADER head, PSLIST_ENTRY entry) {
    PW_IRQL_LIMIT(ExpInterlockedPushEntrySList);
    return ke::push_slist(*head, *entry);
}
PSLIST_ENTRY NTAPI ExpInterlockedPopEntrySList(PSLIST_HEADER head) {
    PW_IRQL_LIMIT(ExpInterlockedPopEntrySList);
    return ke::pop_slist(*head);
}
PSLIST_ENTRY NTAPI ExpInterlockedFlushSList(PSLIST_HEADER head) {
    PW_IRQL_LIMIT(ExpInterlockedFlushSList);
    return ke::flush_slist(*head);
}
USHORT NTAPI ExQueryDepthSList(PSLIST_HEADER head) {
    PW_IRQL_LIMIT(ExQueryDepthSList);
    return ke::slist_depth(*head);
}
PSLIST_ENTRY NTAPI InterlockedPushEntrySList(PSLIST_HEADER head, PSLIST_ENTRY entry) { return ke::push_slist(*head, *entry); }
PSLIST_ENTRY NTAPI InterlockedPopEntrySList(PSLIST_HEADER head) { return ke::pop_slist(*head); }
PSLIST_ENTRY NTAPI InterlockedFlushSList(PSLIST_HEADER head) { return ke::flush_slist(*head); }
USHORT NTAPI QueryDepthSList(PSLIST_HEADER head) { return ke::slist_depth(*head); }

}  // extern "C"
