/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - kernel_apc: what driver and application agree on. */
#ifndef KERNEL_APC_PUBLIC_H
#define KERNEL_APC_PUBLIC_H

#define TEST_NAME "PwTestKernelApc"

/* Checks of the driver in the calling thread alone: regions, IRQL, order. */
#define IOCTL_KAPC_SELF CTL_CODE(0x8339, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* The calling thread becomes the target and waits, not alertably and in kernel mode, until IOCTL_KAPC_RELEASE. Output: a
   KAPC_SEEN. Input: KAPC_IN_REGION or 0. */
#define IOCTL_KAPC_WAIT CTL_CODE(0x8339, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Queues a special and a normal kernel APC to the target and waits until the special one has run. Output: a KAPC_SEEN. */
#define IOCTL_KAPC_QUEUE CTL_CODE(0x8339, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_KAPC_RELEASE CTL_CODE(0x8339, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* The calling thread becomes the target, and this returns. */
#define IOCTL_KAPC_TARGET CTL_CODE(0x8339, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Queues a user APC to the calling thread. Input: a KAPC_USER. */
#define IOCTL_KAPC_USER CTL_CODE(0x8339, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Lets go of the target. */
#define IOCTL_KAPC_FORGET CTL_CODE(0x8339, 0x806, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define KAPC_IN_REGION 1u

typedef struct _KAPC_SEEN {
    int Status;            /* of the wait */
    unsigned int Special;  /* special kernel APCs that have run */
    unsigned int Normal;   /* normal routines that have run */
} KAPC_SEEN;

typedef struct _KAPC_USER {
    unsigned long long Routine;
    unsigned long long Context;
    unsigned long long Argument1;
    unsigned long long Argument2;
} KAPC_USER;

#endif
