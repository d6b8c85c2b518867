/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MAPPED_POOL_PUBLIC_H
#define MAPPED_POOL_PUBLIC_H

#define TEST_NAME "PwMappedPool"

/* Input: MAP_REQUEST. Output: MAP_REPLY. Each call makes one more view of the driver's buffer of this kind. */
#define IOCTL_MAP CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Input: MAP_REQUEST with Address. */
#define IOCTL_UNMAP CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Input: MAP_REQUEST. The driver reads the word at Offset at its own address and writes Value behind it. */
#define IOCTL_EXCHANGE CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Input: MAP_REQUEST (Kind). Direct buffer: a view from its start; bytes returned: how many frames are the driver's. */
#define IOCTL_COMPARE CTL_CODE(0x8338, 0x803, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
/* Direct buffer: read by the driver, every byte. For addresses that must no longer be good. */
#define IOCTL_TOUCH CTL_CODE(0x8338, 0x804, METHOD_IN_DIRECT, FILE_ANY_ACCESS)

#define KIND_POOL 0       /* ExAllocatePoolWithTag, starting on a page */
#define KIND_CONTIGUOUS 1 /* MmAllocateContiguousMemory */
#define KIND_OFFSET 2     /* an MDL of the middle of the pool buffer, beginning 100 bytes into a page */
#define KINDS 3

#define BUFFER_BYTES 20480
#define OFFSET_START (4096 + 100)
#define OFFSET_BYTES 9000

typedef struct _MAP_REQUEST {
    unsigned long long Address;
    unsigned int Kind;
    unsigned int Offset;
    unsigned int Value;
} MAP_REQUEST;

typedef struct _MAP_REPLY {
    unsigned long long Address;
    unsigned int Length;
    unsigned int Value;
} MAP_REPLY;

#endif
