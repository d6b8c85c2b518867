/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SECTION_BY_DRIVER_PUBLIC_H
#define SECTION_BY_DRIVER_PUBLIC_H

#define TEST_NAME "PwSectionByDriver"

/* The section, as the driver and as applications name it. */
#define SECTION_NAME_NT "\\BaseNamedObjects\\PwConformanceSection"
#define SECTION_NAME_WIN32 "Global\\PwConformanceSection"
#define SECTION_BYTES (192 * 1024)

/*
 * The driver creates the section in the caller's context, so that the section's default security is the caller's. The
 * handle is a kernel handle: it belongs to the driver, and the section lives as long as it or a view does.
 */
#define IOCTL_CREATE CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Maps the whole section at the driver's side, reads a word at In.Offset, writes In.Value behind it, unmaps. */
#define IOCTL_EXCHANGE CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Closes the driver's handle. */
#define IOCTL_CLOSE CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _EXCHANGE {
    unsigned int Offset;
    unsigned int Value;
} EXCHANGE;

#endif
