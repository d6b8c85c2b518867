/* SPDX-License-Identifier: Apache-2.0 */
#ifndef IN_DIRECT_PUBLIC_H
#define IN_DIRECT_PUBLIC_H

#define TEST_NAME "PwInDirect"

/* Input: an unsigned int, the expected sum of the second buffer's bytes, which comes through an MDL. */
#define IOCTL_SUM CTL_CODE(0x8338, 0x800, METHOD_IN_DIRECT, FILE_ANY_ACCESS)
/* Output: how many IOCTL_SUM the driver has seen, and whether the last one had an MDL. */
#define IOCTL_STATE CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _STATE {
    unsigned int Calls;
    unsigned int MdlIsNull;
} STATE;

#endif
