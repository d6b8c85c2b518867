/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame.h - what the two frames agree on. A pair's public.h defines TEST_NAME (a narrow string literal) and includes
 * nothing; driver and application include it before their frame.
 */
#ifndef CONFORMANCE_FRAME_H
#define CONFORMANCE_FRAME_H

#define FRAME_WIDE_2(text) L##text
#define FRAME_WIDE(text) FRAME_WIDE_2(text)

#define FRAME_DEVICE_TYPE 0x8338

/* Output: a FRAME_RESULT with what the driver's own CHECKs found. Function codes below 0x900 belong to the pair. */
#define IOCTL_FRAME_RESULT CTL_CODE(FRAME_DEVICE_TYPE, 0x9ff, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _FRAME_RESULT {
    unsigned int Checks;
    unsigned int Failures;
} FRAME_RESULT;

#endif
