/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPEN_CLOSE_PUBLIC_H
#define OPEN_CLOSE_PUBLIC_H

#define TEST_NAME "PwOpenClose"

/* Output: a LOG of what happened to file objects since the last IOCTL_RESET. */
#define IOCTL_LOG CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_RESET CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Output: one unsigned int, the number that CREATE put into FsContext of this handle's file object. */
#define IOCTL_WHO_AM_I CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define LOG_ENTRIES 30

typedef struct _LOG {
    unsigned int Count;
    char Events[LOG_ENTRIES]; /* 'C' create, 'F' failed create, 'U' cleanup, 'X' close, in order */
    unsigned char Files[LOG_ENTRIES];
    unsigned short LastName[32]; /* FileName of the last create, zero-terminated */
} LOG;

#endif
