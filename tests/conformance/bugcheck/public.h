/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUGCHECK_PUBLIC_H
#define BUGCHECK_PUBLIC_H

#define TEST_NAME "PwBugcheck"

/* Input: one unsigned int, a way to end the machine. */
#define IOCTL_CRASH CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define CRASH_BY_CALL 1   /* KeBugCheckEx(0xDEADBEEF, 1, 2, 3, 4) */
#define CRASH_BY_ACCESS 2 /* a write through a bad system address, inside __try: not caught, as in NT */
#define CRASH_AT_DPC 3    /* a write through a null pointer at DISPATCH_LEVEL, inside __try: not caught */
#define CRASH_UNCAUGHT 4  /* an exception that nobody catches */

#endif
