/* SPDX-License-Identifier: Apache-2.0 */
#ifndef IRQL_LIMITS_PUBLIC_H
#define IRQL_LIMITS_PUBLIC_H

#define TEST_NAME "PwIrqlLimits"

/* Does what the request's input, an unsigned int, says. */
#define IOCTL_RAISED CTL_CODE(0x8343, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

enum {
    RAISED_RIGHTLY,
    RAISED_CLOSE_AT_DISPATCH,
    RAISED_PAGED_POOL_AT_DISPATCH,
    RAISED_PAGED_POOL_VERIFIED,
    RAISED_SET_EVENT_ABOVE_DISPATCH,
    RAISED_CLOSE_AT_APC
};

#endif
