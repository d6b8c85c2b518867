/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPC_TIMER_PUBLIC_H
#define DPC_TIMER_PUBLIC_H

#define TEST_NAME "PwDpcTimer"

/* The driver runs its checks; the frame's result tells what they found. */
#define IOCTL_RUN CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
