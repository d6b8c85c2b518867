/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANCEL_QUEUE_PUBLIC_H
#define CANCEL_QUEUE_PUBLIC_H

#define TEST_NAME "PwCancelQueue"

/* The request waits in the driver's cancel-safe queue. */
#define IOCTL_QUEUE CTL_CODE(0x8339, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Completes the request that has waited longest; ERROR_FILE_NOT_FOUND when none waits. */
#define IOCTL_RELEASE CTL_CODE(0x8339, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* How many requests were cancelled in the queue (unsigned int). */
#define IOCTL_CANCELLED CTL_CODE(0x8339, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* The driver runs its checks. */
#define IOCTL_RUN CTL_CODE(0x8339, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* What the driver sends itself: doubles a number. */
#define IOCTL_DOUBLE CTL_CODE(0x8339, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define QUEUE_ANSWER 0x51554555u

#endif
