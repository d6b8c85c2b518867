/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUFFER_KINDS_PUBLIC_H
#define BUFFER_KINDS_PUBLIC_H

#define TEST_NAME "PwBufferKinds"
#define RAW_NAME "PwBufferKindsRaw" /* a second device, with neither buffered nor direct READ and WRITE */

/* Each turns the input round into the output: output[i] = ~input[i]. */
#define IOCTL_TURN_BUFFERED CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_TURN_OUT_DIRECT CTL_CODE(0x8338, 0x801, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
#define IOCTL_TURN_NEITHER CTL_CODE(0x8338, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)
/* Input: what the bytes of the direct buffer add up to. */
#define IOCTL_SUM_IN_DIRECT CTL_CODE(0x8338, 0x803, METHOD_IN_DIRECT, FILE_ANY_ACCESS)
/* Writes the offset into each STEP bytes of the output, and into its last byte 0xee. */
#define IOCTL_MARK_OUT_DIRECT CTL_CODE(0x8338, 0x804, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
#define IOCTL_MARK_NEITHER CTL_CODE(0x8338, 0x805, METHOD_NEITHER, FILE_ANY_ACCESS)
/* Input: two event handles. Looks at the output buffer, sets the first, waits for the second, writes 0x77 everywhere. */
#define IOCTL_SLOW_NEITHER CTL_CODE(0x8338, 0x806, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_SLOW_OUT_DIRECT CTL_CODE(0x8338, 0x807, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)

#define STEP (16u << 20)

typedef struct _EVENTS {
    unsigned long long Ready;
    unsigned long long Go;
} EVENTS;

#endif
