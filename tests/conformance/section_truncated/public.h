/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SECTION_TRUNCATED_PUBLIC_H
#define SECTION_TRUNCATED_PUBLIC_H

#define TEST_NAME "PwSectionTruncated"

/* In: VIEW. The driver reads the byte under __try, as a user address. Status: the exception's, or STATUS_SUCCESS. */
#define IOCTL_READ_USER CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* In: VIEW. Locks the page and keeps it. */
#define IOCTL_LOCK CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Out: one unsigned int, what a DPC finds in the first byte of the locked page. Unlocks it. */
#define IOCTL_READ_LOCKED CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _VIEW {
    unsigned long long Address;
} VIEW;

#endif
