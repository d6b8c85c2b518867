/* SPDX-License-Identifier: Apache-2.0 */
/* Says which process asks. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_CHILD_WHO ||
        Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(unsigned int)) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    *(unsigned int *)Irp->AssociatedIrp.SystemBuffer = (unsigned int)(ULONG_PTR)PsGetCurrentProcessId();
    Irp->IoStatus.Information = sizeof(unsigned int);
    return STATUS_SUCCESS;
}
