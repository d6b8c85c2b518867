/* SPDX-License-Identifier: Apache-2.0 */
/*
 * public.h - the contract between the capture driver and its application. Include <ntddk.h> (driver) or <windows.h> and
 * <winioctl.h> (application), and the ring's header, first.
 */
#ifndef CAPTURE_PUBLIC_H
#define CAPTURE_PUBLIC_H

#define CAPTURE_DEVICE_NAME L"\\Device\\CaptureSample"
#define CAPTURE_LINK_NAME L"\\DosDevices\\CaptureSample"
#define CAPTURE_APP_NAME "\\\\.\\CaptureSample"

#define CAPTURE_DEVICE_TYPE 0x8304

/* One sample of four channels. */
typedef struct _CAPTURE_SAMPLE {
    unsigned int Number; /* counts all samples, also those that were lost */
    unsigned short Channels[6];
} CAPTURE_SAMPLE;

#define CAPTURE_RING_SAMPLES 16384 /* 64 pages: a mirror is made of whole pages */
#define CAPTURE_GEOMETRY { PW_RING_SINGLE_PRODUCER, sizeof(CAPTURE_SAMPLE), CAPTURE_RING_SAMPLES }

/* In: CAPTURE_CONNECT. Out: CAPTURE_VIEW. Once per handle. */
#define IOCTL_CAPTURE_CONNECT CTL_CODE(CAPTURE_DEVICE_TYPE, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
/* In: CAPTURE_START. */
#define IOCTL_CAPTURE_START CTL_CODE(CAPTURE_DEVICE_TYPE, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
/* Out: CAPTURE_STATE. */
#define IOCTL_CAPTURE_STATE CTL_CODE(CAPTURE_DEVICE_TYPE, 0x802, METHOD_BUFFERED, FILE_READ_ACCESS)

typedef struct _CAPTURE_CONNECT {
    unsigned long long Event; /* handle of an auto-reset event: set when the ring has something for a sleeper */
} CAPTURE_CONNECT;

/* The ring, its elements mapped twice behind one another: attach with PW_RING_MIRRORED. */
typedef struct _CAPTURE_VIEW {
    unsigned long long Address;
    unsigned long long Length;
} CAPTURE_VIEW;

typedef struct _CAPTURE_START {
    unsigned int Total;   /* samples to deliver */
    unsigned int PerTick; /* samples each millisecond */
} CAPTURE_START;

typedef struct _CAPTURE_STATE {
    unsigned int Ticks;
    unsigned int Overruns; /* ticks that found the ring too full and waited: this device has memory of its own */
    unsigned int Wakes;
    unsigned long long TailSeen; /* the consumer's count, as the driver sees it in the same memory */
} CAPTURE_STATE;

#endif
