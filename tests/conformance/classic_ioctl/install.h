/* SPDX-License-Identifier: Apache-2.0 */
#define DRIVER_FUNC_INSTALL     0x01
#define DRIVER_FUNC_REMOVE      0x02

BOOLEAN
ManageDriver(
    _In_ LPCTSTR  DriverName,
    _In_ LPCTSTR  ServiceName,
    _In_ USHORT   Function
    );

BOOLEAN
SetupDriverName(
    _In_opt_ LPCTSTR FromCommandLine,
    _Inout_updates_bytes_(BufferLength) PCHAR DriverLocation,
    _In_ ULONG BufferLength
    );
