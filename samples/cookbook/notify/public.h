/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - the contract of the notify recipe. Include <ntddk.h>, or <windows.h> and <winioctl.h>, first. */
#define NOTIFY_DEVICE_NAME L"\\Device\\CookbookNotify"
#define NOTIFY_LINK_NAME L"\\DosDevices\\CookbookNotify"
#define NOTIFY_APP_NAME "\\\\.\\CookbookNotify"

/* In: NOTIFY_START. From now on the driver signals the event every PeriodMs. Once per handle. */
#define IOCTL_NOTIFY_START CTL_CODE(0x8321, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* No more signals when it returns. Out: unsigned int, how many there were. */
#define IOCTL_NOTIFY_STOP CTL_CODE(0x8321, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _NOTIFY_START {
    unsigned long long Event; /* a handle of the calling process */
    unsigned int PeriodMs;
} NOTIFY_START;
