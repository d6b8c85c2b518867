/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - section_process: what driver and application agree on. */
#ifndef SECTION_PROCESS_PUBLIC_H
#define SECTION_PROCESS_PUBLIC_H

#define TEST_NAME "PwSectionProcess"

#define SECTION_BYTES (256 * 1024)
#define VIEW_OFFSET 65536
#define VIEW_BYTES 131072

/*
 * In and out: a VIEW_ELSEWHERE. The driver maps [VIEW_OFFSET, VIEW_OFFSET + VIEW_BYTES) of the section into the process of
 * the handle and gives the address there; and unmaps it again. The application's handle must have PROCESS_VM_OPERATION.
 */
#define IOCTL_MAP_ELSEWHERE CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_UNMAP_ELSEWHERE CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/*
 * In and out: a VIEW_ELSEWHERE, Process is not looked at. A system thread maps the section's view into the process that
 * asks, attaches to it, adds one to the first word there, and detaches. Out: the base.
 */
#define IOCTL_MAP_FROM_SYSTEM CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* The counterpart: a system thread unmaps Base. */
#define IOCTL_UNMAP_FROM_SYSTEM CTL_CODE(0x8338, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)
/*
 * In: an EXTEND. The driver extends the section to Size with ZwExtendSection, and writes Value into the last byte through a
 * view of its own. Out: the size that the section has.
 */
#define IOCTL_EXTEND CTL_CODE(0x8338, 0x804, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _VIEW_ELSEWHERE {
    unsigned long long Section; /* handle */
    unsigned long long Process; /* handle */
    unsigned long long Base;
} VIEW_ELSEWHERE;

typedef struct _EXTEND {
    unsigned long long Section; /* handle */
    unsigned long long Size;
    unsigned int Value;
    unsigned int Reserved;
} EXTEND;

#endif
