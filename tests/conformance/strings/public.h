/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRINGS_PUBLIC_H
#define STRINGS_PUBLIC_H

#define TEST_NAME "PwStrings"

/* The driver runs its checks; the frame's result tells what they found. */
#define IOCTL_RUN CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
