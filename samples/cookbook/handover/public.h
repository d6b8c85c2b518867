/* SPDX-License-Identifier: Apache-2.0 */
/* public.h - the contract of the handover recipe. Include <ntddk.h>, or <windows.h> and <winioctl.h>, first. */
#define HANDOVER_DEVICE_NAME L"\\Device\\CookbookHandover"
#define HANDOVER_LINK_NAME L"\\DosDevices\\CookbookHandover"
#define HANDOVER_APP_NAME "\\\\.\\CookbookHandover"

#define HANDOVER_BYTES 65536

/* In: unsigned long long, a section's handle. The driver keeps the section until another one is put or the driver goes. */
#define IOCTL_HANDOVER_PUT CTL_CODE(0x8323, 0x800, METHOD_BUFFERED, FILE_WRITE_ACCESS)
/* Out: unsigned long long, a handle of the calling process to that section, for reading. */
#define IOCTL_HANDOVER_TAKE CTL_CODE(0x8323, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS)
