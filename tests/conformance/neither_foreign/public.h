/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NEITHER_FOREIGN_PUBLIC_H
#define NEITHER_FOREIGN_PUBLIC_H

#define TEST_NAME "PwNeitherForeign"

/* Input: the bytes that stand at the output buffer. The driver compares them there, then turns each letter round. */
#define IOCTL_SWAP_CASE CTL_CODE(0x8338, 0x800, METHOD_NEITHER, FILE_ANY_ACCESS)
/* The same without a probe, only under __try. */
#define IOCTL_SWAP_CASE_UNPROBED CTL_CODE(0x8338, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS)
/* Input: a LINK, which may lie anywhere; the driver follows it. */
#define IOCTL_FOLLOW CTL_CODE(0x8338, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)
/* Input: a TALK. Output: shared text. The driver writes, signals, waits, reads. */
#define IOCTL_TALK CTL_CODE(0x8338, 0x803, METHOD_NEITHER, FILE_ANY_ACCESS)
/* ProbeForRead or ProbeForWrite of the output buffer; the exception is the status. */
#define IOCTL_PROBE_READ CTL_CODE(0x8338, 0x804, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_PROBE_WRITE CTL_CODE(0x8338, 0x805, METHOD_NEITHER, FILE_ANY_ACCESS)
/* Reads the first byte of the output buffer under __try; the exception is the status. */
#define IOCTL_READ_RAW CTL_CODE(0x8338, 0x806, METHOD_NEITHER, FILE_ANY_ACCESS)

typedef struct _LINK {
    unsigned long long Next; /* another LINK, or 0 */
    unsigned int Value;      /* set to its number in the chain, from 1 */
} LINK;

typedef struct _TALK {
    unsigned long long Ready; /* event handles */
    unsigned long long Answer;
} TALK;

#endif
