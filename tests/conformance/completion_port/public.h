/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - completion_port: what driver and application agree on. */
#ifndef COMPLETION_PORT_PUBLIC_H
#define COMPLETION_PORT_PUBLIC_H

#define TEST_NAME "PwTestPort"

/* Input: a PORT_REQUEST; output: the Value, for successes and warnings. */
#define IOCTL_PORT CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Output: how many requests wait. */
#define IOCTL_PORT_WAITING CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Completes the oldest waiting request with the status it asked for; the input is not used. */
#define IOCTL_PORT_RELEASE CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define PORT_AT_ONCE 1   /* complete in the dispatch routine */
#define PORT_PENDED 2    /* mark pending, complete in the dispatch routine, return STATUS_PENDING */
#define PORT_LATER 3     /* keep it until IOCTL_PORT_RELEASE, or until it is cancelled */
#define PORT_FROM_DPC 4  /* mark pending; a timer's DPC completes it */

typedef struct _PORT_REQUEST {
    unsigned int How;
    int Status;
    unsigned int Value;
} PORT_REQUEST;

#endif
