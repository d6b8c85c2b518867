/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - thread_pool_vista: what driver and application agree on. */
#ifndef THREAD_POOL_VISTA_PUBLIC_H
#define THREAD_POOL_VISTA_PUBLIC_H

#define TEST_NAME "PwTestPoolVista"

/* Ends at once with success and 4 bytes of output. */
#define IOCTL_POOL_NOW CTL_CODE(0x833a, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Is pended and ends with STATUS_DEVICE_NOT_READY. */
#define IOCTL_POOL_FAILS_LATER CTL_CODE(0x833a, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Fails at once. */
#define IOCTL_POOL_FAILS CTL_CODE(0x833a, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
