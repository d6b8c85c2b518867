/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - the contract of the viewers recipe. Include <ntddk.h>, or <windows.h> and <winioctl.h>, first. */
#define VIEWERS_DEVICE_NAME L"\\Device\\CookbookViewers"
#define VIEWERS_LINK_NAME L"\\DosDevices\\CookbookViewers"
#define VIEWERS_APP_NAME "\\\\.\\CookbookViewers"

#define VIEWERS_BYTES 4096

/* Out: VIEWERS_VIEW, the buffer's address in the calling process. Once per handle. */
#define IOCTL_VIEWERS_MAP CTL_CODE(0x8320, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)

typedef struct _VIEWERS_VIEW {
    unsigned long long Address;
    unsigned int Viewers; /* how many views there are now, this one included */
} VIEWERS_VIEW;
