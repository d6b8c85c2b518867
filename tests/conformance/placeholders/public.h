/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - placeholders: what driver and application agree on. */
#ifndef PLACEHOLDERS_PUBLIC_H
#define PLACEHOLDERS_PUBLIC_H

#define TEST_NAME "PwPlaceholders"

/*
 * In and out: a RING_REQUEST. The driver locks [Address, Address + Length) for writing and copies Length bytes of the sequence
 * First, First + 1 … into it, through the system address (IOCTL_RING_LOCKED) or through the user address under __try.
 */
#define IOCTL_RING_LOCKED CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_RING_RAW CTL_CODE(0x8338, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _RING_REQUEST {
    unsigned long long Address;
    unsigned int Length;
    unsigned int First;
} RING_REQUEST;

#endif
