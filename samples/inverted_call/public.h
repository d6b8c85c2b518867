/* SPDX-License-Identifier: Apache-2.0 */
/*
 * public.h - the contract between the inverted_call driver and its application. Include <ntddk.h> (driver) or <windows.h>
 * and <winioctl.h> (application) first.
 */
#ifndef INVERTED_CALL_PUBLIC_H
#define INVERTED_CALL_PUBLIC_H

#define INVERTED_DEVICE_NAME L"\\Device\\InvertedCallSample"
#define INVERTED_LINK_NAME L"\\DosDevices\\InvertedCallSample"
#define INVERTED_APP_NAME "\\\\.\\InvertedCallSample"

#define INVERTED_DEVICE_TYPE 0x8305

/*
 * The inverted call. Out: an INVERTED_EVENT. The request stays pending until something happens; the application keeps
 * several of them with the driver, so that one is there when it does.
 */
#define IOCTL_INVERTED_WAIT CTL_CODE(INVERTED_DEVICE_TYPE, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS)

/* In: an INVERTED_START. From now on things happen: a timer stands for the hardware. */
#define IOCTL_INVERTED_START CTL_CODE(INVERTED_DEVICE_TYPE, 0x801, METHOD_BUFFERED, FILE_WRITE_ACCESS)

/* Out: an INVERTED_STATE. */
#define IOCTL_INVERTED_STATE CTL_CODE(INVERTED_DEVICE_TYPE, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _INVERTED_EVENT {
    unsigned long long Number; /* 1, 2, 3 ...: a gap would be a lost event */
    unsigned int Missed;       /* ticks so far at which no request was there */
    unsigned int Reserved;
} INVERTED_EVENT;

typedef struct _INVERTED_START {
    unsigned int Events; /* how many */
    unsigned int Burst;  /* at most so many at one tick of a millisecond */
} INVERTED_START;

typedef struct _INVERTED_STATE {
    unsigned int Waiting;   /* requests that are with the driver */
    unsigned int Missed;
    unsigned long long Told;
} INVERTED_STATE;

#endif
