/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SECTION_RESERVE_PUBLIC_H
#define SECTION_RESERVE_PUBLIC_H

#define TEST_NAME "PwSectionReserve"

#define SECTION_BYTES (1024 * 1024)
#define GIB (1024ULL * 1024 * 1024)

/*
 * An unnamed section comes as a handle. The driver maps it into this process, reads and writes at Offset under __try: a page
 * that is not committed raises STATUS_ACCESS_VIOLATION. Out: what was there before.
 */
#define IOCTL_TOUCH CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* The same through a system thread: a view of the System process, and one by MmMapViewInSystemSpace, in a DPC. */
#define IOCTL_TOUCH_IN_SYSTEM CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* The driver commits at Offset in a view of its own in this process (ZwAllocateVirtualMemory). */
#define IOCTL_COMMIT CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _TOUCH {
    unsigned long long Section; /* handle */
    unsigned int Offset;
    unsigned int Value;
} TOUCH;

#endif
