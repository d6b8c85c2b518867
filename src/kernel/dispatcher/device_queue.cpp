// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/device_queue.h"

#include "kernel/dispatcher/spin_lock.h"

namespace pw::ke {
namespace {

constexpr CSHORT device_queue_type = 20;

KDEVICE_QUEUE_ENTRY& entry_of(LIST_ENTRY* link) { return *CONTAINING_RECORD(link, KDEVICE_QUEUE_ENTRY, DeviceListEntry); }

// The first entry from the head on whose key satisfies the condition; the list's head if none does.
template <typename Condition>
LIST_ENTRY* find(KDEVICE_QUEUE& queue, Condition condition) {
    LIST_ENTRY* link = queue.DeviceListHead.Flink;
    while (link != &queue.DeviceListHead && !condition(entry_of(link).SortKey)) link = link->Flink;
    return link;
}

// Puts the entry in front of `next`, unless the device is idle.
template <typename FindNext>
bool insert(KDEVICE_QUEUE& queue, KDEVICE_QUEUE_ENTRY& entry, FindNext find_next) {
    InterlockedGuard guard(queue.Lock);
    entry.Inserted = queue.Busy;
    if (!queue.Busy) {
        queue.Busy = TRUE;
        return false;
    }
    InsertTailList(find_next(), &entry.DeviceListEntry);
    return true;
}

PKDEVICE_QUEUE_ENTRY take_locked(LIST_ENTRY* link) {
    RemoveEntryList(link);
    KDEVICE_QUEUE_ENTRY& entry = entry_of(link);
    entry.Inserted = FALSE;
    return &entry;
}

PKDEVICE_QUEUE_ENTRY take_by_key_locked(KDEVICE_QUEUE& queue, ULONG key) {
    if (IsListEmpty(&queue.DeviceListHead)) {
        queue.Busy = FALSE;
        return nullptr;
    }
    LIST_ENTRY* link = find(queue, [key](ULONG other) { return other >= key; });
    return take_locked(link != &queue.DeviceListHead ? link : queue.DeviceListHead.Flink);
}

}  // namespace

void initialize_device_queue(KDEVICE_QUEUE& queue) {
    queue.Type = device_queue_type;
    queue.Size = sizeof queue;
    InitializeListHead(&queue.DeviceListHead);
    initialize_spin_lock(queue.Lock);
    queue.Busy = FALSE;
}

bool insert_device_queue(KDEVICE_QUEUE& queue, KDEVICE_QUEUE_ENTRY& entry) {
    return insert(queue, entry, [&] { return &queue.DeviceListHead; });
}

bool insert_device_queue_by_key(KDEVICE_QUEUE& queue, KDEVICE_QUEUE_ENTRY& entry, ULONG key) {
    entry.SortKey = key;
    return insert(queue, entry, [&] { return find(queue, [key](ULONG other) { return other > key; }); });
}

PKDEVICE_QUEUE_ENTRY remove_device_queue(KDEVICE_QUEUE& queue) {
    InterlockedGuard guard(queue.Lock);
    return take_by_key_locked(queue, 0);
}

PKDEVICE_QUEUE_ENTRY remove_device_queue_by_key(KDEVICE_QUEUE& queue, ULONG key) {
    InterlockedGuard guard(queue.Lock);
    return take_by_key_locked(queue, key);
}

PKDEVICE_QUEUE_ENTRY remove_device_queue_by_key_if_busy(KDEVICE_QUEUE& queue, ULONG key) {
    InterlockedGuard guard(queue.Lock);
    return queue.Busy ? take_by_key_locked(queue, key) : nullptr;
}

bool remove_device_queue_entry(KDEVICE_QUEUE& queue, KDEVICE_QUEUE_ENTRY& entry) {
    InterlockedGuard guard(queue.Lock);
    if (!entry.Inserted) return false;
    take_locked(&entry.DeviceListEntry);
    return true;
}

}  // namespace pw::ke
