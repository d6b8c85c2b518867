/* SPDX-License-Identifier: Apache-2.0 */
/* pended.h - the contract of the two pairs whose request stays pending while a timer DPC writes into its buffer. */
#ifndef CONFORMANCE_PENDED_H
#define CONFORMANCE_PENDED_H

/* Output buffer: a PENDED_AREA and bytes behind it. Completed by the DPC after the application set Stop. */
#define IOCTL_PEND CTL_CODE(0x8338, 0x800, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)

#define PENDED_KEY 0xa5a5f00dU
#define PENDED_FILL 0x3c

typedef struct _PENDED_AREA {
    volatile unsigned int Ticks;    /* driver -> application */
    volatile unsigned int Question; /* application -> driver */
    volatile unsigned int Answer;   /* driver -> application: Question ^ PENDED_KEY */
    volatile unsigned int Stop;     /* application -> driver: complete; the value chooses the status, see below */
} PENDED_AREA;

#define PENDED_STOP_SUCCESS 1 /* STATUS_SUCCESS, Information = the whole buffer */
#define PENDED_STOP_FAILURE 2 /* STATUS_DEVICE_NOT_READY */

#endif
