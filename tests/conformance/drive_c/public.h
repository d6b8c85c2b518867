/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRIVE_C_PUBLIC_H
#define DRIVE_C_PUBLIC_H

#define TEST_NAME "PwDriveC"

/* Appends a line to LOG_NT, which it makes. */
#define IOCTL_LOG CTL_CODE(0x8352, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define LOG_NT "\\SystemRoot\\TEMP\\PwDriveC.log"
#define LOG_DOS_NT "\\DosDevices\\C:\\WINDOWS\\Temp\\PWDRIVEC.LOG"
#define LOG_WIN32 "c:\\windows\\temp\\pwdrivec.log"
#define LOG_LINE "the driver was here\r\n"

#endif
