/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - child_process: what driver and application agree on. */
#ifndef CHILD_PROCESS_PUBLIC_H
#define CHILD_PROCESS_PUBLIC_H

#define TEST_NAME "PwTestChild"

/* Output: the id of the process that asks. */
#define IOCTL_CHILD_WHO CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
