/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OUT_DIRECT_PUBLIC_H
#define OUT_DIRECT_PUBLIC_H

#define TEST_NAME "PwOutDirect"

/* Input: an ORDER. The driver fills the caller's buffer through its system address and completes with Status. */
#define IOCTL_FILL CTL_CODE(0x8338, 0x800, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
/* Output: what the last IOCTL_FILL looked like. */
#define IOCTL_STATE CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _ORDER {
    unsigned int Fill;
    unsigned int Status;
} ORDER;

#define STATE_FRAMES 8

typedef struct _STATE {
    unsigned int Calls;
    unsigned int MdlIsNull;
    unsigned int SystemBufferIsNull;
    unsigned int OutputLength;
    unsigned int ByteCount;
    unsigned int ByteOffset;
    unsigned int SystemAddressOffset; /* low twelve bits */
    unsigned int Pages;
    unsigned long long VirtualAddress; /* as the MDL has it */
    unsigned long long Frames[STATE_FRAMES];
} STATE;

#endif
