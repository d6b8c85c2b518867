/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - sync_objects: what driver and application agree on. */
#ifndef SYNC_OBJECTS_PUBLIC_H
#define SYNC_OBJECTS_PUBLIC_H

#define TEST_NAME "PwTestSync"

/* The driver opens the application's timer, mutex and semaphore by name, sets the one, waits for the others. */
#define IOCTL_SYNC_BY_NAME CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define SYNC_TIMER "PwTestSyncTimer"
#define SYNC_SEMAPHORE "PwTestSyncSemaphore"

#endif
