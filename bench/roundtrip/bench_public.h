/* SPDX-License-Identifier: Apache-2.0 */
/* What bench_driver.c and bench_app.cpp agree on. Include <ntddk.h> or <windows.h> and <winioctl.h> first. */
#ifndef BENCH_PUBLIC_H
#define BENCH_PUBLIC_H

#define BENCH_DEVICE_NAME L"\\Device\\PartywallBench"
#define BENCH_LINK_NAME L"\\DosDevices\\PartywallBench"
#define BENCH_APP_NAME "\\\\.\\PartywallBench"

#define BENCH_DEVICE_TYPE 0x8337
#define BENCH_MAP_BYTES 65536

/* Gives back what it gets: the driver leaves the system buffer alone and says how many bytes are valid. */
#define IOCTL_BENCH_ECHO CTL_CODE(BENCH_DEVICE_TYPE, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* Writes eight bytes at the start of the caller's buffer and eight at its end, through the system address. */
#define IOCTL_BENCH_TOUCH CTL_CODE(BENCH_DEVICE_TYPE, 0x801, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
/* Maps BENCH_MAP_BYTES of non-paged pool into the caller and unmaps them again. */
#define IOCTL_BENCH_MAP_UNMAP CTL_CODE(BENCH_DEVICE_TYPE, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

#endif
