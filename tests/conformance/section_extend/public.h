/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - section_extend: what driver and application agree on. */
#ifndef SECTION_EXTEND_PUBLIC_H
#define SECTION_EXTEND_PUBLIC_H

#define TEST_NAME "PwTestExtend"

#define EXTEND_NAME_NT "\\BaseNamedObjects\\PwConformanceExtend"
#define EXTEND_NAME_WIN32 "Local\\PwConformanceExtend"
#define EXTEND_BEFORE 6000u    /* the file's length at first */
#define EXTEND_AFTER 200000u
#define EXTEND_FIRST 0x41
#define EXTEND_LAST 0x42

/* The driver extends the application's section and writes the last byte through a view of its own. */
#define IOCTL_EXTEND CTL_CODE(0x833d, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
