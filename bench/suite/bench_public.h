/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver and the application of `partywall bench` agree on. Include <ntddk.h> or <windows.h> and <winioctl.h> first. */
#ifndef BENCH_PUBLIC_H
#define BENCH_PUBLIC_H

#define BENCH_DEVICE_NAME L"\\Device\\PartywallBench"
#define BENCH_LINK_NAME L"\\DosDevices\\PartywallBench"
#define BENCH_APP_NAME "\\\\.\\PartywallBench"

#define BENCH_DEVICE_TYPE 0x8337
#define BENCH_MAP_BYTES 65536

#define BENCH_CODE(Function, Method) CTL_CODE(BENCH_DEVICE_TYPE, Function, Method, FILE_ANY_ACCESS)

/* Gives back what it gets: the driver leaves the system buffer alone and says how many bytes are valid. */
#define IOCTL_BENCH_ECHO BENCH_CODE(0x800, METHOD_BUFFERED)
/* Writes eight bytes at the start of the caller's buffer and eight at its end, through the system address. */
#define IOCTL_BENCH_TOUCH BENCH_CODE(0x801, METHOD_OUT_DIRECT)
/* Maps BENCH_MAP_BYTES of non-paged pool into the caller and unmaps them again. */
#define IOCTL_BENCH_MAP_UNMAP BENCH_CODE(0x802, METHOD_BUFFERED)
/* Reads eight bytes at the start of the caller's buffer and eight at its end, through the system address. */
#define IOCTL_BENCH_READ BENCH_CODE(0x803, METHOD_IN_DIRECT)
/* Probes both buffers and copies the input to the output. */
#define IOCTL_BENCH_NEITHER BENCH_CODE(0x804, METHOD_NEITHER)
/* Pends; a thread of the driver completes it. */
#define IOCTL_BENCH_PEND BENCH_CODE(0x805, METHOD_BUFFERED)
/* Pends with its pages locked until RELEASE or until the handle is closed. */
#define IOCTL_BENCH_HOLD BENCH_CODE(0x806, METHOD_OUT_DIRECT)
#define IOCTL_BENCH_RELEASE BENCH_CODE(0x807, METHOD_BUFFERED)

/* BENCH_SIZE in: locked pages of that size for the next three (0: frees them). */
#define IOCTL_BENCH_PREPARE BENCH_CODE(0x808, METHOD_BUFFERED)
/* Maps the prepared pages into the caller and unmaps them again. */
#define IOCTL_BENCH_PREPARED_MAP_UNMAP BENCH_CODE(0x809, METHOD_BUFFERED)
/* Maps the prepared pages; BENCH_ADDRESS out. With BENCH_MIRRORED in, twice, one copy behind the other. */
#define IOCTL_BENCH_PREPARED_MAP BENCH_CODE(0x80a, METHOD_BUFFERED)
#define IOCTL_BENCH_PREPARED_UNMAP BENCH_CODE(0x80b, METHOD_BUFFERED)
/* A new page of pool, its first mapping to user mode (the page moves into memory of its own), and its end. */
#define IOCTL_BENCH_NEW_PAGE BENCH_CODE(0x80c, METHOD_BUFFERED)

/* BENCH_EVENTS in: a thread of the driver waits for the first event and sets the second one, until PARTNER_STOP. */
#define IOCTL_BENCH_PARTNER_EVENTS BENCH_CODE(0x80d, METHOD_BUFFERED)
/* A thread of the driver answers through the prepared pages, spinning, until PARTNER_STOP: see BENCH_COURT. */
#define IOCTL_BENCH_PARTNER_SPIN BENCH_CODE(0x80e, METHOD_BUFFERED)
#define IOCTL_BENCH_PARTNER_STOP BENCH_CODE(0x80f, METHOD_BUFFERED)

typedef struct _BENCH_SIZE {
    unsigned long long Bytes;
} BENCH_SIZE;

#define BENCH_MIRRORED 1

typedef struct _BENCH_ADDRESS {
    unsigned long long Address;
    unsigned long long Bytes;
} BENCH_ADDRESS;

typedef struct _BENCH_EVENTS {
    unsigned long long Request;
    unsigned long long Reply;
} BENCH_EVENTS;

/* Two lanes of a cache line of payload and a line with the sequence number each. */
typedef struct _BENCH_COURT {
    unsigned char RequestPayload[64];
    volatile unsigned int RequestSequence;
    unsigned char Padding1[60];
    unsigned char ReplyPayload[64];
    volatile unsigned int ReplySequence;
    unsigned char Padding2[60];
} BENCH_COURT;

#endif
