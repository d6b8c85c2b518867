/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - apc: what driver and application agree on. */
#ifndef APC_PUBLIC_H
#define APC_PUBLIC_H

#define TEST_NAME "PwTestApc"

/* READ: the byte offset says how: the low 32 bits an APC_HOW_…, the high 32 bits the status. The buffer is filled with
   APC_FILL. WRITE: pended, completed by a timer's DPC. */
#define APC_HOW_AT_ONCE 1
#define APC_HOW_PENDED 2
#define APC_HOW_DPC 3
#define APC_FILL 0x5b

/* The driver waits alertably in the application's thread, 10 seconds at most. Output: the status of its wait. */
#define IOCTL_APC_WAIT CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
