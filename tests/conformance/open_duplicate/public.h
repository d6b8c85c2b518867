/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPEN_DUPLICATE_PUBLIC_H
#define OPEN_DUPLICATE_PUBLIC_H

#define TEST_NAME "PwOpenDuplicate"

/* Output: COUNTS. */
#define IOCTL_COUNTS CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _COUNTS {
    unsigned int Creates;
    unsigned int Cleanups;
    unsigned int Closes;
} COUNTS;

#endif
