/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - guard_pages: what driver and application agree on. */
#ifndef GUARD_PAGES_PUBLIC_H
#define GUARD_PAGES_PUBLIC_H

#define TEST_NAME "PwGuardPages"

/*
 * In: a GUARD_REQUEST. The driver does one thing at Address under __try and gives the exception's code in Code, 0 if there
 * was none. Out: the same structure.
 */
#define IOCTL_GUARD CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Succeed without looking at anything. */
#define IOCTL_TAKE_BUFFERED CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_TAKE_DIRECT CTL_CODE(0x8338, 0x802, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)

enum {
    GUARD_READ,
    GUARD_WRITE,
    GUARD_PROBE_READ,  /* ProbeForRead looks at the range only */
    GUARD_PROBE_WRITE, /* ProbeForWrite touches each page */
    GUARD_LOCK_READ,   /* MmProbeAndLockPages, IoReadAccess; unlocked again */
    GUARD_LOCK_WRITE
};

typedef struct _GUARD_REQUEST {
    unsigned long long Address;
    unsigned int Length;
    unsigned int What;
    unsigned int Code;
    unsigned int Reserved;
} GUARD_REQUEST;

#endif
