/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - the contract of the telemetry recipe. Include <ntddk.h>, or <windows.h> and <winioctl.h>, first. */
#define TELEMETRY_DEVICE_NAME L"\\Device\\CookbookTelemetry"
#define TELEMETRY_LINK_NAME L"\\DosDevices\\CookbookTelemetry"
#define TELEMETRY_APP_NAME "\\\\.\\CookbookTelemetry"

/* Out: unsigned long long, the address of a TELEMETRY_PAGE that the calling process can read and not write. */
#define IOCTL_TELEMETRY_MAP CTL_CODE(0x8322, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS)

/* The driver is in the middle of an update while Sequence is odd; a reader takes what it read between two equal even ones. */
typedef struct _TELEMETRY_PAGE {
    volatile LONG Sequence;
    volatile ULONG Samples;
    volatile ULONG Triple; /* always 3 * Samples */
} TELEMETRY_PAGE;
