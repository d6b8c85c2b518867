/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - child_process: what driver and application agree on. */
#ifndef CHILD_PROCESS_PUBLIC_H
#define CHILD_PROCESS_PUBLIC_H

#define TEST_NAME "PwTestChild"

/* Output: the id of the process that asks. */
#define IOCTL_CHILD_WHO CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Output: a CHILD_ORIGIN of the process that asks, as PsSetCreateProcessNotifyRoutineEx told it. */
#define IOCTL_CHILD_ORIGIN CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define ORIGIN_CHARACTERS 200

typedef struct _CHILD_ORIGIN {
    unsigned int Parent;
    unsigned int CreatorProcess;
    unsigned int CreatorThread;
    unsigned int Reserved;
    unsigned short CommandLine[ORIGIN_CHARACTERS]; /* terminated */
    unsigned short Image[ORIGIN_CHARACTERS];
} CHILD_ORIGIN;

#endif
