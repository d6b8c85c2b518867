/* SPDX-License-Identifier: Apache-2.0 */
/*++

Module: app.c

Abstract:

    Installs the driver with the service control manager if it is not there, tries the four control codes, and removes
    it again. Usage: app [path of the driver]. Exit code 0: every reply was right.

Environment:

    User mode Win32 console application.

--*/

#include <windows.h>
#include <winioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "install.h"
#include "public.h"

char OutputBuffer[100];
char InputBuffer[100];

static int Failures;

static VOID
TryMethod(
    _In_ HANDLE hDevice,
    _In_ DWORD Code,
    _In_ PCSTR Name,
    _In_ BOOL ReplyExpected
    )
{
    BOOL bRc;
    ULONG bytesReturned = 0;

    strcpy(InputBuffer, "This string is from the application");
    memset(OutputBuffer, 0, sizeof(OutputBuffer));
    strcpy(OutputBuffer, "Nothing yet");

    printf("\nCalling DeviceIoControl %s:\n", Name);

    bRc = DeviceIoControl ( hDevice,
                            Code,
                            InputBuffer,
                            (DWORD) strlen( InputBuffer )+1,
                            OutputBuffer,
                            sizeof( OutputBuffer),
                            (LPDWORD)&bytesReturned,
                            NULL
                            );

    if ( !bRc )
    {
        printf ( "Error in DeviceIoControl : %d\n", (int)GetLastError());
        Failures++;
        return;
    }
    printf("    OutBuffer (%d): %s\n", (int)bytesReturned, OutputBuffer);

    if (ReplyExpected) {
        if (bytesReturned != sizeof(CLASSIC_REPLY) || strcmp(OutputBuffer, CLASSIC_REPLY) != 0) {
            printf("    that is not the driver's reply\n");
            Failures++;
        }
    } else if (bytesReturned != sizeof(OutputBuffer) || strcmp(OutputBuffer, "Nothing yet") != 0) {
        printf("    the driver should not have changed this\n");
        Failures++;
    }
    if (strcmp(InputBuffer, "This string is from the application") != 0) {
        printf("    the input was changed\n");
        Failures++;
    }
}

VOID __cdecl
main(
    _In_ ULONG argc,
    _In_reads_(argc) PCHAR argv[]
    )
{
    HANDLE hDevice;
    BOOL installed = FALSE;
    DWORD errNum = 0;
    CHAR driverLocation[MAX_PATH];

    //
    // Open the device; if it is not there, install the driver and try again.
    //

    if ((hDevice = CreateFile( "\\\\.\\PwClassicIoctl",
                            GENERIC_READ | GENERIC_WRITE,
                            0,
                            NULL,
                            CREATE_ALWAYS,
                            FILE_ATTRIBUTE_NORMAL,
                            NULL)) == INVALID_HANDLE_VALUE) {

        errNum = GetLastError();

        if (errNum != ERROR_FILE_NOT_FOUND) {
            printf("CreateFile failed!  ERROR_FILE_NOT_FOUND = %d\n", (int)errNum);
            exit(1);
        }

        if (!SetupDriverName(argc > 1 ? argv[1] : NULL, driverLocation, sizeof(driverLocation))) {
            exit(1);
        }

        if (!ManageDriver(CLASSIC_DRIVER_NAME, driverLocation, DRIVER_FUNC_INSTALL)) {
            printf("Unable to install driver. \n");
            ManageDriver(CLASSIC_DRIVER_NAME, driverLocation, DRIVER_FUNC_REMOVE);
            exit(1);
        }
        installed = TRUE;

        hDevice = CreateFile( "\\\\.\\PwClassicIoctl",
                            GENERIC_READ | GENERIC_WRITE,
                            0,
                            NULL,
                            CREATE_ALWAYS,
                            FILE_ATTRIBUTE_NORMAL,
                            NULL);

        if ( hDevice == INVALID_HANDLE_VALUE ){
            printf ( "Error: CreateFile Failed : %d\n", (int)GetLastError());
            ManageDriver(CLASSIC_DRIVER_NAME, driverLocation, DRIVER_FUNC_REMOVE);
            exit(1);
        }
    }

    TryMethod(hDevice, (DWORD)IOCTL_CLASSIC_BUFFERED, "METHOD_BUFFERED", TRUE);
    TryMethod(hDevice, (DWORD)IOCTL_CLASSIC_NEITHER, "METHOD_NEITHER", TRUE);
    TryMethod(hDevice, (DWORD)IOCTL_CLASSIC_IN_DIRECT, "METHOD_IN_DIRECT", FALSE);
    TryMethod(hDevice, (DWORD)IOCTL_CLASSIC_OUT_DIRECT, "METHOD_OUT_DIRECT", TRUE);

    CloseHandle ( hDevice );

    if (installed && !ManageDriver(CLASSIC_DRIVER_NAME, driverLocation, DRIVER_FUNC_REMOVE)) {
        Failures++;
    }

    printf("%d failed\n", Failures);
    exit(Failures);
}
