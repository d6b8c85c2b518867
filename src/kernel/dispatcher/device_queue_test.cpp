// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/device_queue.h"

#include "kernel/dispatcher/dispatcher_test_support.h"

namespace pw::ke {
namespace {

TEST(DeviceQueue, TheFirstEntryMakesAnIdleDeviceBusyAndIsNotQueued) {
    test::World world;
    KDEVICE_QUEUE queue;
    KDEVICE_QUEUE_ENTRY entries[3];
    initialize_device_queue(queue);
    EXPECT_FALSE(insert_device_queue(queue, entries[0]));
    EXPECT_TRUE(queue.Busy);
    EXPECT_TRUE(insert_device_queue(queue, entries[1]));
    EXPECT_TRUE(insert_device_queue(queue, entries[2]));
    EXPECT_FALSE(remove_device_queue_entry(queue, entries[0]));
    EXPECT_TRUE(remove_device_queue_entry(queue, entries[1]));
    EXPECT_EQ(remove_device_queue(queue), &entries[2]);
    EXPECT_TRUE(queue.Busy);
    EXPECT_EQ(remove_device_queue(queue), nullptr);
    EXPECT_FALSE(queue.Busy);
    EXPECT_EQ(remove_device_queue_by_key_if_busy(queue, 0), nullptr);
}

TEST(DeviceQueue, KeysSortEntriesAndRemovalWrapsAround) {
    test::World world;
    KDEVICE_QUEUE queue;
    KDEVICE_QUEUE_ENTRY busy;
    KDEVICE_QUEUE_ENTRY entries[4];
    initialize_device_queue(queue);
    EXPECT_FALSE(insert_device_queue_by_key(queue, busy, 0));
    const ULONG keys[] = {30, 10, 20, 10};
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(insert_device_queue_by_key(queue, entries[i], keys[i]));
    EXPECT_EQ(remove_device_queue_by_key(queue, 15), &entries[2]);
    EXPECT_EQ(remove_device_queue_by_key(queue, 40), &entries[1]);  // none is that large: from the start
    EXPECT_EQ(remove_device_queue_by_key_if_busy(queue, 0), &entries[3]);
    EXPECT_EQ(remove_device_queue(queue), &entries[0]);
    EXPECT_EQ(remove_device_queue_by_key(queue, 1), nullptr);
    EXPECT_FALSE(queue.Busy);
}

}  // namespace
}  // namespace pw::ke
