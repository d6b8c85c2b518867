/* SPDX-License-Identifier: Apache-2.0 */
#ifndef IO_SERVICES_PUBLIC_H
#define IO_SERVICES_PUBLIC_H

#define TEST_NAME "PwIoServices"

/* The driver tries services of the I/O and object managers by itself; its CHECKs count. */
#define IOCTL_RUN CTL_CODE(0x8341, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
