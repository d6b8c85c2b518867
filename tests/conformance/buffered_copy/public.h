/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUFFERED_COPY_PUBLIC_H
#define BUFFERED_COPY_PUBLIC_H

#define TEST_NAME "PwBufferedCopy"

/* The driver fills the whole system buffer with Fill and completes with Status and Information. */
#define IOCTL_SCRIPT CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Each byte of the input comes back as its complement; as many as both lengths allow. */
#define IOCTL_COMPLEMENT CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Remembers what the request looked like, for IOCTL_STATE. Succeeds with Information 0. */
#define IOCTL_LOOK CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_STATE CTL_CODE(0x8338, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _SCRIPT {
    unsigned int Status;
    unsigned int Information;
    unsigned int Fill;
} SCRIPT;

typedef struct _STATE {
    unsigned int SystemBufferIsNull;
    unsigned int MdlIsNull;
    unsigned int InputLength;
    unsigned int OutputLength;
    unsigned int BufferIsUserBuffer; /* the system buffer is at the application's address: it must not be */
} STATE;

#endif
