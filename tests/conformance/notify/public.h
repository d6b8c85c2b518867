/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NOTIFY_PUBLIC_H
#define NOTIFY_PUBLIC_H

#define TEST_NAME "PwNotify"

/* Output: what the driver has been told of the calling process, a SEEN. */
#define IOCTL_SEEN CTL_CODE(0x8343, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _SEEN {
    unsigned int ProcessCreated;   /* by the plain routine */
    unsigned int ProcessCreatedEx; /* by the Ex routine, with the name of the program */
    unsigned int ThreadsCreated;
    unsigned int ThreadsExited;
} SEEN;

#endif
