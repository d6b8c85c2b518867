/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PHYSICAL_MEMORY_PUBLIC_H
#define PHYSICAL_MEMORY_PUBLIC_H

#define TEST_NAME "PwPhysicalMemory"

/* Input: MAP_REQUEST. Output: MAP_REPLY: a view of the driver's contiguous buffer through \Device\PhysicalMemory. */
#define IOCTL_MAP CTL_CODE(0x8351, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Input: MAP_REPLY. */
#define IOCTL_UNMAP CTL_CODE(0x8351, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Output: the first 32-bit word of each page, as the driver sees it. */
#define IOCTL_WORDS CTL_CODE(0x8351, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define BUFFER_PAGES 3
#define BUFFER_BYTES (BUFFER_PAGES * 4096)

typedef struct _MAP_REQUEST {
    unsigned int Offset; /* into the buffer */
    unsigned int Length;
    unsigned int ReadOnly;
} MAP_REQUEST;

typedef struct _MAP_REPLY {
    unsigned long long Address;
} MAP_REPLY;

#endif
