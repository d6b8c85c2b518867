/* SPDX-License-Identifier: Apache-2.0 */
/*
 * public.h - the contract between the mapped_buffer driver and its application. Include <ntddk.h> (driver) or
 * <windows.h> and <winioctl.h> (application) first. Addresses travel as 64-bit numbers, so that the structures look the
 * same to a 32-bit application.
 */
#ifndef MAPPED_BUFFER_PUBLIC_H
#define MAPPED_BUFFER_PUBLIC_H

#define MAPPED_DEVICE_NAME L"\\Device\\MappedBufferSample"
#define MAPPED_LINK_NAME L"\\DosDevices\\MappedBufferSample"
#define MAPPED_APP_NAME "\\\\.\\MappedBufferSample"

#define MAPPED_DEVICE_TYPE 0x8302

/* The two buffers of the driver. Everybody who opens the device gets the same ones. */
#define MAPPED_KIND_POOL 0       /* non-paged pool */
#define MAPPED_KIND_CONTIGUOUS 1 /* physically contiguous memory below 4 GiB, as devices want it */
#define MAPPED_KINDS 2

#define MAPPED_BYTES 65536

/*
 * In: MAPPED_REQUEST (Kind). Out: MAPPED_VIEW, the address at which the caller's process sees the buffer. One view per
 * handle and kind: asking again gives the same address. It lasts until IOCTL_MAPPED_UNMAP or the handle's end.
 * Read and write access: a view can do both.
 */
#define IOCTL_MAPPED_MAP CTL_CODE(MAPPED_DEVICE_TYPE, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
#define IOCTL_MAPPED_UNMAP CTL_CODE(MAPPED_DEVICE_TYPE, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)

/*
 * The driver reads the word at Offset and writes Answer behind it, both at its own (system) address. Out: MAPPED_WORD
 * with what was read.
 */
#define IOCTL_MAPPED_EXCHANGE CTL_CODE(MAPPED_DEVICE_TYPE, 0x802, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)

/*
 * In: MAPPED_REQUEST. The output buffer is the caller's view (or a part of it that begins with the view), which the I/O
 * manager describes by an MDL. "Bytes returned" is the number of its pages that have the same frame number as the
 * driver's own pages.
 */
#define IOCTL_MAPPED_COMPARE CTL_CODE(MAPPED_DEVICE_TYPE, 0x803, METHOD_OUT_DIRECT, FILE_READ_ACCESS | FILE_WRITE_ACCESS)

typedef struct _MAPPED_REQUEST {
    unsigned int Kind;
    unsigned int Offset; /* IOCTL_MAPPED_EXCHANGE: a multiple of 4 */
    unsigned int Answer; /* IOCTL_MAPPED_EXCHANGE */
} MAPPED_REQUEST;

typedef struct _MAPPED_VIEW {
    unsigned long long Address;
    unsigned int Length;
    unsigned int Views; /* how many views of this buffer there are now, this one included */
} MAPPED_VIEW;

typedef struct _MAPPED_WORD {
    unsigned int Value;
} MAPPED_WORD;

#endif
