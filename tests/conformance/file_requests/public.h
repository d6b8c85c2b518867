/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FILE_REQUESTS_PUBLIC_H
#define FILE_REQUESTS_PUBLIC_H

#define TEST_NAME "PwFileRequests"

/* The driver opens its own device and sends itself every kind of file request; its CHECKs count. */
#define IOCTL_RUN CTL_CODE(0x8340, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Output: a COUNTS. */
#define IOCTL_COUNTS CTL_CODE(0x8340, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* FastIoDeviceControl answers this one: adds one to every byte of the input. The IRP would fail it. */
#define IOCTL_FAST CTL_CODE(0x8340, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)
/* FastIoDeviceControl says no to this one; the IRP succeeds. */
#define IOCTL_SLOW CTL_CODE(0x8340, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* A control of file systems: answered with the number of input bytes. */
#define FSCTL_TEST CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _COUNTS {
    unsigned int Flushes;
    unsigned int FastCalls;
    unsigned int FileSystemControls;
} COUNTS;

#endif
