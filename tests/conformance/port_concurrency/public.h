/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - port_concurrency: what driver and application agree on. */
#ifndef PORT_CONCURRENCY_PUBLIC_H
#define PORT_CONCURRENCY_PUBLIC_H

#define TEST_NAME "PwTestConcurrency"

/* The driver posts a packet to the application's port. Input: a PORT_POST. */
#define IOCTL_PORT_POST CTL_CODE(0x833e, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* The driver waits in the calling thread until the application's event is set. Input: the handle, 8 bytes. */
#define IOCTL_PORT_WAIT CTL_CODE(0x833e, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _PORT_POST {
    unsigned long long Port;
    unsigned long long Key;
    unsigned long long Context;
    unsigned long long Information;
    int Status;
    unsigned int Reserved;
} PORT_POST;

#endif
