/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DISPATCHER_PUBLIC_H
#define DISPATCHER_PUBLIC_H

#define TEST_NAME "PwDispatcher"

/* The driver runs its checks; the frame's result tells what they found. */
#define IOCTL_RUN CTL_CODE(0x8339, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
