/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MDL_FAMILY_PUBLIC_H
#define MDL_FAMILY_PUBLIC_H

#define TEST_NAME "PwMdlFamily"

/* Checks that need no memory of the application. */
#define IOCTL_RUN CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Input: USER_AREA. The driver locks and maps the application's pages in all the ways there are. */
#define IOCTL_USER_AREA CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Output: RING. A ring of RING_PAGES pages, twice in a row, in this process. */
#define IOCTL_MAP_RING CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_UNMAP_RING CTL_CODE(0x8338, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Input: USER_AREA, which stays as it is until the second of the two. */
#define IOCTL_SECURE CTL_CODE(0x8338, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_UNSECURE CTL_CODE(0x8338, 0x805, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Input: MAP_AT. Output: the address. Maps the ring's first pages at an address of the application's choice. */
#define IOCTL_MAP_AT CTL_CODE(0x8338, 0x806, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_UNMAP_AT CTL_CODE(0x8338, 0x807, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define AREA_PAGES 6
#define RING_PAGES 4

typedef struct _USER_AREA {
    unsigned long long Address; /* AREA_PAGES pages, read-write, page n filled with 'A' + n */
} USER_AREA;

typedef struct _RING {
    unsigned long long Address;
} RING;

typedef struct _MAP_AT {
    unsigned long long Address;
    unsigned int ReadOnly;
} MAP_AT;

#endif
