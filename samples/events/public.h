/* SPDX-License-Identifier: Apache-2.0 */
/*
 * public.h - the contract between the events driver and its application. Include <ntddk.h> (driver) or <windows.h> and
 * <winioctl.h> (application) first.
 */
#ifndef EVENTS_PUBLIC_H
#define EVENTS_PUBLIC_H

#define EVENTS_DEVICE_NAME L"\\Device\\EventsSample"
#define EVENTS_LINK_NAME L"\\DosDevices\\EventsSample"
#define EVENTS_APP_NAME "\\\\.\\EventsSample"

/* A notification event that the driver makes; every application may wait for it, none may set it. */
#define EVENTS_NAMED_KERNEL L"\\BaseNamedObjects\\EventsSampleReady"
#define EVENTS_NAMED_APP "Global\\EventsSampleReady"

#define EVENTS_DEVICE_TYPE 0x8306

/* Sets the named event (Input: an EVENTS_NAMED with Set != 0) or clears it. */
#define IOCTL_EVENTS_NAMED CTL_CODE(EVENTS_DEVICE_TYPE, 0x800, METHOD_BUFFERED, FILE_WRITE_ACCESS)

/* In: an EVENTS_GIVE, two handles of events of the application. The driver keeps references until the file is closed. */
#define IOCTL_EVENTS_GIVE CTL_CODE(EVENTS_DEVICE_TYPE, 0x801, METHOD_BUFFERED, FILE_WRITE_ACCESS)

/* In: an EVENTS_PLAY. A thread of the driver waits for Ping and sets Pong, so many times. */
#define IOCTL_EVENTS_PLAY CTL_CODE(EVENTS_DEVICE_TYPE, 0x802, METHOD_BUFFERED, FILE_WRITE_ACCESS)

typedef struct _EVENTS_NAMED {
    unsigned int Set;
} EVENTS_NAMED;

/* Handles travel as 64-bit numbers, so that 32-bit applications have the same structure. */
typedef struct _EVENTS_GIVE {
    unsigned long long Ping; /* the application sets it, the driver waits */
    unsigned long long Pong; /* the driver sets it, the application waits */
} EVENTS_GIVE;

typedef struct _EVENTS_PLAY {
    unsigned int Rounds;
} EVENTS_PLAY;

#endif
