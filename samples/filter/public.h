/* SPDX-License-Identifier: Apache-2.0 */
/* filter: what the two drivers and the application agree on. */
#ifndef FILTER_PUBLIC_H
#define FILTER_PUBLIC_H

#define STORE_BYTES 65536

/* What the filter does to every byte that is read. */
#define FILTER_KEY 0x5a

/* Output: a FILTER_STATISTICS. Answered by the filter; the store never sees it. */
#define IOCTL_FILTER_STATISTICS CTL_CODE(0x8350, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
/*
 * Output: a STORE_CHECKSUM. The store answers with the sum of its bytes; the filter waits for the answer and adds how many
 * reads it has changed.
 */
#define IOCTL_STORE_CHECKSUM CTL_CODE(0x8350, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _FILTER_STATISTICS {
    unsigned int Reads;          /* changed by the completion routine */
    unsigned int ReadsAtDpc;     /* of these, completed at DISPATCH_LEVEL */
    unsigned int Writes;         /* passed on untouched */
    unsigned int WritesRefused;  /* beyond the end: the store never saw them */
} FILTER_STATISTICS;

typedef struct _STORE_CHECKSUM {
    unsigned int Sum;          /* by the store */
    unsigned int ChangedReads; /* by the filter */
} STORE_CHECKSUM;

#endif
