/* SPDX-License-Identifier: Apache-2.0 */
/* Names and structures that the notification driver and its application share. */
#ifndef CLASSIC_EVENT_PUBLIC_H
#define CLASSIC_EVENT_PUBLIC_H

#define TEST_NAME "PwClassicEvent"

typedef enum {
    IRP_BASED = 1,
    EVENT_BASED
} NOTIFY_TYPE;

typedef struct _REGISTER_EVENT
{
    NOTIFY_TYPE Type;
    HANDLE  hEvent;
    LARGE_INTEGER DueTime; // requested due time, in units of 100 ns; negative: from now on

} REGISTER_EVENT , *PREGISTER_EVENT ;

#define REGISTER_EVENT_SIZE  sizeof(REGISTER_EVENT)

#define IOCTL_REGISTER_EVENT   \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
