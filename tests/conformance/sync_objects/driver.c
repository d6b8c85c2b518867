/* SPDX-License-Identifier: Apache-2.0 */
/* The application's timer and semaphore, used by the driver under their names. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

#define NAME(text) L"\\BaseNamedObjects\\" FRAME_WIDE(text)

static VOID UseByName(VOID)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    HANDLE timer = NULL;
    LARGE_INTEGER due;
    LARGE_INTEGER timeout;
    BOOLEAN state = TRUE;

    RtlInitUnicodeString(&name, NAME(SYNC_TIMER));
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK(NT_SUCCESS(ZwOpenTimer(&timer, TIMER_ALL_ACCESS, &attributes)));
    due.QuadPart = -10000;
    CHECK(NT_SUCCESS(ZwSetTimer(timer, &due, NULL, NULL, FALSE, 0, &state)));
    CHECK(!state);
    timeout.QuadPart = -100000000LL;
    CHECK_EQUAL(ZwWaitForSingleObject(timer, FALSE, &timeout), STATUS_SUCCESS);
    CHECK(NT_SUCCESS(ZwClose(timer)));

    RtlInitUnicodeString(&name, NAME("NoSuchTimer"));
    CHECK_EQUAL(ZwOpenTimer(&timer, TIMER_ALL_ACCESS, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_SYNC_BY_NAME) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    UseByName();
    return STATUS_SUCCESS;
}
