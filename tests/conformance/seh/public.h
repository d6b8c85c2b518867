/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEH_PUBLIC_H
#define SEH_PUBLIC_H

#define TEST_NAME "PwSeh"

/* Input: TRY. Output: CAUGHT. The driver does the operation under __try and reports what it caught. */
#define IOCTL_TRY CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* As above, with the exception code as the request's status. */
#define IOCTL_TRY_STATUS CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Control flow: the driver checks itself. */
#define IOCTL_FLOW CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define OP_PROBE_READ 1
#define OP_PROBE_WRITE 2
#define OP_READ 3  /* one byte */
#define OP_WRITE 4 /* one byte, without a probe */
#define OP_COPY 5  /* Length bytes into the driver, by RtlCopyMemory */
#define OP_RAISE 6 /* ExRaiseStatus(Length) */

typedef struct _TRY {
    unsigned long long Address;
    unsigned int Length;
    unsigned int Alignment;
    unsigned int Operation;
} TRY;

typedef struct _CAUGHT {
    unsigned int Code;       /* 0: nothing was raised */
    unsigned int FilterCode; /* what GetExceptionCode said in the filter */
    unsigned int Local;      /* a local that was changed in the body before the exception: must be 2 */
    unsigned int Byte;       /* OP_READ: what was read */
} CAUGHT;

#endif
