/* SPDX-License-Identifier: Apache-2.0 */
/*
 * public.h - the contract between the section driver and its application. Include <ntddk.h> (driver) or <windows.h> and
 * <winioctl.h> (application) first.
 */
#ifndef SECTION_SAMPLE_PUBLIC_H
#define SECTION_SAMPLE_PUBLIC_H

#define SECTION_DEVICE_NAME L"\\Device\\SectionSample"
#define SECTION_LINK_NAME L"\\DosDevices\\SectionSample"
#define SECTION_APP_NAME "\\\\.\\SectionSample"

#define SECTION_DEVICE_TYPE 0x8303
#define SECTION_BYTES 65536

/* Both sections by their two names. The driver's exists from the first IOCTL_SECTION_CREATE until the driver is unloaded. */
#define SECTION_DRIVERS_NAME_NT L"\\BaseNamedObjects\\SectionSampleByDriver"
#define SECTION_DRIVERS_NAME "Global\\SectionSampleByDriver"
#define SECTION_APPS_NAME_NT L"\\BaseNamedObjects\\SectionSampleByApp"
#define SECTION_APPS_NAME "Global\\SectionSampleByApp"

/* Makes the driver's section, if it is not there. */
#define IOCTL_SECTION_CREATE CTL_CODE(SECTION_DEVICE_TYPE, 0x800, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
/*
 * In and out: SECTION_EXCHANGE. The driver reads the word at Offset and writes Answer behind it; Answer becomes what it read.
 * _OWN: in its own section, at the address that it has mapped for good. _APPS: in the application's section, which it opens
 * by name and maps for this request.
 */
#define IOCTL_SECTION_OWN CTL_CODE(SECTION_DEVICE_TYPE, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
#define IOCTL_SECTION_APPS CTL_CODE(SECTION_DEVICE_TYPE, 0x802, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
/* The same in the application's section, but by a DPC: the pages of the view are locked first. */
#define IOCTL_SECTION_APPS_DPC CTL_CODE(SECTION_DEVICE_TYPE, 0x803, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)

typedef struct _SECTION_EXCHANGE {
    unsigned int Offset; /* a multiple of 4 */
    unsigned int Answer;
} SECTION_EXCHANGE;

#endif
