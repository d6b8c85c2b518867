// SPDX-License-Identifier: Apache-2.0
// Device queues: the entries that wait for a busy device, in order of arrival or sorted by key. IRQL DISPATCH_LEVEL, or
// below for initialize and remove_entry, as documented.
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {

void initialize_device_queue(KDEVICE_QUEUE& queue);
// False: the device was idle; it is busy now, and the entry is the caller's to process. True: the entry waits.
[[nodiscard]] bool insert_device_queue(KDEVICE_QUEUE& queue, KDEVICE_QUEUE_ENTRY& entry);
// Behind all entries whose key is not greater.
[[nodiscard]] bool insert_device_queue_by_key(KDEVICE_QUEUE& queue, KDEVICE_QUEUE_ENTRY& entry, ULONG key);
// The next entry; null when none waits: the device is idle then.
[[nodiscard]] PKDEVICE_QUEUE_ENTRY remove_device_queue(KDEVICE_QUEUE& queue);
// The first entry whose key is not smaller, else the first one.
[[nodiscard]] PKDEVICE_QUEUE_ENTRY remove_device_queue_by_key(KDEVICE_QUEUE& queue, ULONG key);
[[nodiscard]] PKDEVICE_QUEUE_ENTRY remove_device_queue_by_key_if_busy(KDEVICE_QUEUE& queue, ULONG key);
// False when it does not wait in the queue (any more).
[[nodiscard]] bool remove_device_queue_entry(KDEVICE_QUEUE& queue, KDEVICE_QUEUE_ENTRY& entry);

}  // namespace pw::ke
