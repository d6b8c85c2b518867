/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUFFERED_OVERLONG_PUBLIC_H
#define BUFFERED_OVERLONG_PUBLIC_H

#define TEST_NAME "PwBufferedOverlong"

/* Fills the output and completes with success and an Information that is larger than the output buffer. */
#define IOCTL_OVERLONG CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
