/* SPDX-License-Identifier: Apache-2.0 */
/*++

Module: install.c

Abstract:

    Installs, starts, stops and removes a driver with the service control manager.

Environment:

    User mode Win32 console application.

--*/

#include <windows.h>
#include <winsvc.h>
#include <stdio.h>
#include <string.h>
#include "install.h"

BOOLEAN
InstallDriver(
    _In_ SC_HANDLE  SchSCManager,
    _In_ LPCTSTR    DriverName,
    _In_ LPCTSTR    ServiceExe
    )
{
    SC_HANDLE   schService;
    DWORD       err;

    schService = CreateService(SchSCManager,           // handle of the service control manager
                               DriverName,             // name of the service
                               DriverName,             // name to display
                               SERVICE_ALL_ACCESS,     // access that we want
                               SERVICE_KERNEL_DRIVER,  // type
                               SERVICE_DEMAND_START,   // started when we say so
                               SERVICE_ERROR_NORMAL,   // what a failure to start means
                               ServiceExe,             // the file
                               NULL,                   // no load order group
                               NULL,                   // no tag
                               NULL,                   // no dependencies
                               NULL,                   // as the system
                               NULL                    // no password
                               );

    if (schService == NULL) {

        err = GetLastError();

        if (err == ERROR_SERVICE_EXISTS) {

            // An earlier run left it: fine.
            return TRUE;

        } else if (err == ERROR_SERVICE_MARKED_FOR_DELETE) {

            printf("An earlier instance of the service was not closed yet. Close it and try again...\n");
            return FALSE;

        } else {

            printf("CreateService failed!  Error = %d \n", (int)err );
            return FALSE;
        }
    }

    if (schService) {
        CloseServiceHandle(schService);
    }

    return TRUE;
}

BOOLEAN
StartDriver(
    _In_ SC_HANDLE    SchSCManager,
    _In_ LPCTSTR      DriverName
    )
{
    SC_HANDLE   schService;
    DWORD       err;

    schService = OpenService(SchSCManager, DriverName, SERVICE_ALL_ACCESS);

    if (schService == NULL) {
        printf("OpenService failed!  Error = %d \n", (int)GetLastError());
        return FALSE;
    }

    if (!StartService(schService, 0, NULL)) {

        err = GetLastError();

        if (err == ERROR_SERVICE_ALREADY_RUNNING) {
            CloseServiceHandle(schService);
            return TRUE;
        } else {
            printf("StartService failure! Error = %d \n", (int)err );
            CloseServiceHandle(schService);
            return FALSE;
        }
    }

    CloseServiceHandle(schService);
    return TRUE;
}

BOOLEAN
StopDriver(
    _In_ SC_HANDLE    SchSCManager,
    _In_ LPCTSTR      DriverName
    )
{
    BOOLEAN         rCode = TRUE;
    SC_HANDLE       schService;
    SERVICE_STATUS  serviceStatus;

    schService = OpenService(SchSCManager, DriverName, SERVICE_ALL_ACCESS);

    if (schService == NULL) {
        printf("OpenService failed!  Error = %d \n", (int)GetLastError());
        return FALSE;
    }

    if (!ControlService(schService, SERVICE_CONTROL_STOP, &serviceStatus)) {
        printf("ControlService failed!  Error = %d \n", (int)GetLastError() );
        rCode = FALSE;
    }

    CloseServiceHandle (schService);
    return rCode;
}

BOOLEAN
RemoveDriver(
    _In_ SC_HANDLE    SchSCManager,
    _In_ LPCTSTR      DriverName
    )
{
    SC_HANDLE   schService;
    BOOLEAN     rCode;

    schService = OpenService(SchSCManager, DriverName, SERVICE_ALL_ACCESS);

    if (schService == NULL) {
        printf("OpenService failed!  Error = %d \n", (int)GetLastError());
        return FALSE;
    }

    if (DeleteService(schService)) {
        rCode = TRUE;
    } else {
        printf("DeleteService failed!  Error = %d \n", (int)GetLastError());
        rCode = FALSE;
    }

    CloseServiceHandle(schService);
    return rCode;
}

BOOLEAN
ManageDriver(
    _In_ LPCTSTR  DriverName,
    _In_ LPCTSTR  ServiceName,
    _In_ USHORT   Function
    )
{
    SC_HANDLE   schSCManager;
    BOOLEAN rCode = TRUE;

    if (!DriverName || !ServiceName) {
        printf("Invalid Driver or Service provided to ManageDriver() \n");
        return FALSE;
    }

    schSCManager = OpenSCManager(NULL,                   // this machine
                                 NULL,                   // its database
                                 SC_MANAGER_ALL_ACCESS
                                 );

    if (!schSCManager) {
        printf("Open SC Manager failed! Error = %d \n", (int)GetLastError());
        return FALSE;
    }

    switch( Function ) {

        case DRIVER_FUNC_INSTALL:

            if (InstallDriver(schSCManager, DriverName, ServiceName)) {
                rCode = StartDriver(schSCManager, DriverName );
            } else {
                rCode = FALSE;
            }
            break;

        case DRIVER_FUNC_REMOVE:

            rCode = StopDriver(schSCManager, DriverName);
            if (!RemoveDriver(schSCManager, DriverName)) {
                rCode = FALSE;
            }
            break;

        default:

            printf("Unknown ManageDriver() function. \n");
            rCode = FALSE;
            break;
    }

    CloseServiceHandle(schSCManager);
    return rCode;
}

BOOLEAN
SetupDriverName(
    _In_opt_ LPCTSTR FromCommandLine,
    _Inout_updates_bytes_(BufferLength) PCHAR DriverLocation,
    _In_ ULONG BufferLength
    )
/*++

    Where the driver's file is: the path of the command line, or PwClassicIoctl.sys in the current directory.

--*/
{
    HANDLE fileHandle;
    DWORD driverLocLen = 0;
    PCHAR filePart = NULL;

    if (FromCommandLine != NULL) {
        driverLocLen = GetFullPathName(FromCommandLine, BufferLength, DriverLocation, &filePart);
    } else {
        driverLocLen = GetCurrentDirectory(BufferLength, DriverLocation);
        if (driverLocLen != 0 && driverLocLen + sizeof("\\PwClassicIoctl.sys") <= BufferLength) {
            strcat(DriverLocation, "\\PwClassicIoctl.sys");
        }
    }

    if (driverLocLen == 0) {
        printf("Cannot find the driver's path!  Error = %d \n", (int)GetLastError());
        return FALSE;
    }

    // Be sure that the file is there.
    if ((fileHandle = CreateFile(DriverLocation,
                                 GENERIC_READ,
                                 FILE_SHARE_READ,
                                 NULL,
                                 OPEN_EXISTING,
                                 FILE_ATTRIBUTE_NORMAL,
                                 NULL
                                 )) == INVALID_HANDLE_VALUE) {

        printf("%s is not there.\n", DriverLocation);
        return FALSE;
    }

    if (fileHandle) {
        CloseHandle(fileHandle);
    }

    return TRUE;
}
