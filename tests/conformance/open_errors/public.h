/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPEN_ERRORS_PUBLIC_H
#define OPEN_ERRORS_PUBLIC_H

#define TEST_NAME "PwOpenErrors"

/* A second device of the driver that only one handle may have open. */
#define EXCLUSIVE_NAME "PwOpenErrorsExclusive"

#define IOCTL_NOTHING CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_UNKNOWN CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
