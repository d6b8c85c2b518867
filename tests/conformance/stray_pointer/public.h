/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - stray_pointer: what driver and application agree on. */
#ifndef STRAY_POINTER_PUBLIC_H
#define STRAY_POINTER_PUBLIC_H

#define TEST_NAME "PwStrayPointer"

/* In: STRAY. The driver reads the word there under __try, in the context of the process that asks, and keeps the address. */
#define IOCTL_KEEP CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Reads the word at the kept address under __try, in whatever context it is. Status: the exception's, or STATUS_SUCCESS. */
#define IOCTL_USE CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* As IOCTL_KEEP, and stays pending until IOCTL_RELEASE. */
#define IOCTL_KEEP_AND_PEND CTL_CODE(0x8338, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_RELEASE CTL_CODE(0x8338, 0x803, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _STRAY {
    unsigned long long Address;
} STRAY;

#endif
