/* SPDX-License-Identifier: Apache-2.0 */
/*
 * public.h - the contract between the interrupt driver and its application. Include <ntddk.h> (driver) or <windows.h> and
 * <winioctl.h> (application), and the ring's header, first.
 */
#ifndef INTERRUPT_PUBLIC_H
#define INTERRUPT_PUBLIC_H

#define INTERRUPT_DEVICE_NAME L"\\Device\\InterruptSample"
#define INTERRUPT_LINK_NAME L"\\DosDevices\\InterruptSample"
#define INTERRUPT_APP_NAME "\\\\.\\InterruptSample"

#define INTERRUPT_DEVICE_TYPE 0x8303

/* What the device reports, one for each interrupt; the ring's element. */
typedef struct _INTERRUPT_EVENT {
    unsigned int Sequence;
    unsigned int Value;
    unsigned long long SystemTime; /* of the interrupt */
} INTERRUPT_EVENT;

#define INTERRUPT_RING_ELEMENTS 256
/* What both sides expect: static const pw_ring_geometry Geometry = INTERRUPT_GEOMETRY; */
#define INTERRUPT_GEOMETRY { PW_RING_SINGLE_PRODUCER, sizeof(INTERRUPT_EVENT), INTERRUPT_RING_ELEMENTS }

/* In: INTERRUPT_CONNECT. Out: INTERRUPT_VIEW, where the ring is in the calling process. Once per handle. */
#define IOCTL_INTERRUPT_CONNECT CTL_CODE(INTERRUPT_DEVICE_TYPE, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
/* In: INTERRUPT_START. The simulated device begins to raise interrupts. */
#define IOCTL_INTERRUPT_START CTL_CODE(INTERRUPT_DEVICE_TYPE, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
/* Out: INTERRUPT_STATE. */
#define IOCTL_INTERRUPT_STATE CTL_CODE(INTERRUPT_DEVICE_TYPE, 0x802, METHOD_BUFFERED, FILE_READ_ACCESS)

typedef struct _INTERRUPT_CONNECT {
    unsigned long long Event; /* handle of an auto-reset event: set when the ring has something for a sleeper */
} INTERRUPT_CONNECT;

typedef struct _INTERRUPT_VIEW {
    unsigned long long Address;
    unsigned long long Length;
} INTERRUPT_VIEW;

typedef struct _INTERRUPT_START {
    unsigned int Count; /* interrupts, one each millisecond */
} INTERRUPT_START;

typedef struct _INTERRUPT_STATE {
    unsigned int Interrupts;         /* that the ISR has served */
    unsigned int Dpcs;               /* runs of the DPC: one can serve several interrupts */
    unsigned int Dropped;            /* events that found the ring full */
    unsigned int Wakes;              /* how often somebody slept and was woken */
    unsigned long long TailSeen;     /* the consumer's count, as the driver sees it in the same memory */
} INTERRUPT_STATE;

#endif
