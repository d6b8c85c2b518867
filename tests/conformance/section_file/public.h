/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SECTION_FILE_PUBLIC_H
#define SECTION_FILE_PUBLIC_H

#define TEST_NAME "PwSectionFile"

#define SECTION_NAME_NT "\\BaseNamedObjects\\PwConformanceFileSection"
#define SECTION_NAME_WIN32 "Local\\PwConformanceFileSection"
#define FILE_BYTES 100000

#define PATTERN(index) ((unsigned char)((index) * 7 + (index) / 4096))

/* The driver opens the application's section by name, checks the pattern and complements each byte. */
#define IOCTL_COMPLEMENT CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/*
 * In: the NT path of a file, terminated. The driver creates the file, writes, reads, makes a section of it, maps it, locks
 * it with an MDL, writes through it, and compares; the file ends as DRIVER_BYTES bytes of DRIVER_FILL.
 */
#define IOCTL_OWN_FILE CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* In: an event's handle. The driver tries to make a section of it and of its own device. */
#define IOCTL_WRONG_FILES CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* In: a page-aligned address of a view. A DPC writes its first byte, seen through an MDL: what the application finds there. */
#define IOCTL_DPC_WRITES CTL_CODE(0x8338, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define DRIVER_BYTES 70000
#define DRIVER_FILL 0x5d
#define DPC_BYTE 0xd9

typedef struct _VIEW_ADDRESS {
    unsigned long long Address;
    unsigned int Length;
    unsigned int Reserved;
} VIEW_ADDRESS;

#endif
