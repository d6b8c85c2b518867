/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SECTION_BY_APP_PUBLIC_H
#define SECTION_BY_APP_PUBLIC_H

#define TEST_NAME "PwSectionByApp"

#define SECTION_NAME_NT "\\BaseNamedObjects\\PwConformanceAppSection"
#define SECTION_NAME_WIN32 "Global\\PwConformanceAppSection"
#define SECTION_BYTES 131072

/*
 * The driver opens the section by name, maps it, checks the application's pattern, and writes the complement of each
 * byte. Status: of opening or mapping; STATUS_UNSUCCESSFUL if the pattern is wrong.
 */
#define IOCTL_COMPLEMENT CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Tries to open it for writing and reports how that ended. */
#define IOCTL_OPEN_ONLY CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define PATTERN(index) ((unsigned char)((index) * 11 + (index) / 4096))

#endif
