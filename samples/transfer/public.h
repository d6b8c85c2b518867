/* SPDX-License-Identifier: Apache-2.0 */
/*
 * public.h - the contract between the transfer driver and its application. Both sides include it; neither includes the
 * other's headers. Include <ntddk.h> (driver) or <windows.h> and <winioctl.h> (application) first.
 *
 * Two rules keep such a header good for every pair of compilers and for 32-bit applications of a 64-bit driver:
 * fixed-size types only, and no pointers.
 */
#ifndef TRANSFER_PUBLIC_H
#define TRANSFER_PUBLIC_H

#define TRANSFER_DEVICE_NAME L"\\Device\\TransferSample"
#define TRANSFER_LINK_NAME L"\\DosDevices\\TransferSample"
#define TRANSFER_APP_NAME "\\\\.\\TransferSample"

/* Device types from 0x8000 and function codes from 0x800 are free for everybody; lower ones are Microsoft's. */
#define TRANSFER_DEVICE_TYPE 0x8301

/*
 * METHOD_BUFFERED. In: text. Out: the text reversed. If the output buffer is too small, as much as fits comes back with
 * STATUS_BUFFER_OVERFLOW, a warning: the bytes are copied and the call "fails" with ERROR_MORE_DATA.
 */
#define IOCTL_TRANSFER_REVERSE CTL_CODE(TRANSFER_DEVICE_TYPE, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

/*
 * METHOD_IN_DIRECT. In: nothing. The second buffer is read by the driver in place; its checksum is kept for
 * IOCTL_TRANSFER_CHECKSUM. FILE_WRITE_ACCESS: only handles opened for writing may send data.
 */
#define IOCTL_TRANSFER_SEND CTL_CODE(TRANSFER_DEVICE_TYPE, 0x801, METHOD_IN_DIRECT, FILE_WRITE_ACCESS)
#define IOCTL_TRANSFER_CHECKSUM CTL_CODE(TRANSFER_DEVICE_TYPE, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

/*
 * METHOD_OUT_DIRECT, pended. In: nothing. The output buffer begins with a TRANSFER_LIVE. Until the application asks to
 * stop, a timer DPC counts Ticks, answers Question in Answer, and writes one more byte behind the structure each time.
 * All of that appears in the application's memory while the request is pending.
 * FILE_READ_ACCESS: only handles opened for reading may take data.
 */
#define IOCTL_TRANSFER_LIVE CTL_CODE(TRANSFER_DEVICE_TYPE, 0x803, METHOD_OUT_DIRECT, FILE_READ_ACCESS)

/* METHOD_BUFFERED. Out: TRANSFER_STATE of the request that is pending now, or STATUS_NOT_FOUND. */
#define IOCTL_TRANSFER_STATE CTL_CODE(TRANSFER_DEVICE_TYPE, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define TRANSFER_ANSWER_KEY 0x5eed5eedUL
#define TRANSFER_LIVE_BYTE(index) ((unsigned char)(0x41 + (index) % 26))

typedef struct _TRANSFER_LIVE {
    volatile unsigned int Ticks;    /* driver -> application: DPCs so far; written after everything else of a tick */
    volatile unsigned int Question; /* application -> driver */
    volatile unsigned int Answer;   /* driver -> application: Question ^ TRANSFER_ANSWER_KEY */
    volatile unsigned int Stop;     /* application -> driver: complete at the next tick */
} TRANSFER_LIVE;

#define TRANSFER_MAX_FRAMES 4

typedef struct _TRANSFER_STATE {
    unsigned int ByteCount;
    unsigned int ByteOffset;
    unsigned long long UserAddress;                   /* MmGetMdlVirtualAddress: where the application has it */
    unsigned long long SystemAddress;                 /* where the driver has it: a number to look at, not to use */
    unsigned long long FirstFrames[TRANSFER_MAX_FRAMES]; /* page frame numbers */
} TRANSFER_STATE;

#endif
