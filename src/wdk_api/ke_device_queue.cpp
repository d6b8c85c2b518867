// SPDX-License-Identifier: Apache-2.0
// Façade: device queues (Ke).
#include <nt/ke.h>

#include "kernel/dispatcher/device_queue.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

void NTAPI KeInitializeDeviceQueue(PKDEVICE_QUEUE queue) { ke::initialize_device_queue(*queue); }
BOOLEAN NTAPI KeInsertDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry) {
    PW_IRQL_LIMIT(KeInsertDeviceQueue);
    return ke::insert_device_queue(*queue, *entry);
}
BOOLEAN NTAPI KeInsertByKeyDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry, ULONG key) {
    PW_IRQL_LIMIT(KeInsertByKeyDeviceQueue);
    return ke::insert_device_queue_by_key(*queue, *entry, key);
}
PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveDeviceQueue(PKDEVICE_QUEUE queue) {
    PW_IRQL_LIMIT(KeRemoveDeviceQueue);
    return ke::remove_device_queue(*queue);
}
PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveByKeyDeviceQueue(PKDEVICE_QUEUE queue, ULONG key) {
    PW_IRQL_LIMIT(KeRemoveByKeyDeviceQueue);
    return ke::remove_device_queue_by_key(*queue, key);
}
PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveByKeyDeviceQueueIfBusy(PKDEVICE_QUEUE queue, ULONG key) {
    PW_IRQL_LIMIT(KeRemoveByKeyDeviceQueueIfBusy);
    return ke::remove_device_queue_by_key_if_busy(*queue, key);
}
BOOLEAN NTAPI KeRemoveEntryDeviceQueue(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry) {
    PW_IRQL_LIMIT(KeRemoveEntryDeviceQueue);
    return ke::remove_device_queue_entry(*queue, *entry);
}

}  // extern "C"
