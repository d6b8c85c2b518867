/* SPDX-License-Identifier: Apache-2.0 */
/* METHOD_NEITHER on memory of the application that nobody prepared: the addresses mean the same bytes on both sides. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static NTSTATUS SwapCase(PUCHAR In, ULONG InBytes, PUCHAR Out, ULONG OutBytes, BOOLEAN Probe)
{
    ULONG i;

    __try {
        if (Probe) {
            ProbeForRead(In, InBytes, 1);
            ProbeForWrite(Out, OutBytes, 1);
        }
        for (i = 0; i < InBytes && i < OutBytes; ++i) {
            if (In[i] != Out[i]) {
                return STATUS_DATA_ERROR;
            }
            if ((Out[i] >= 'A' && Out[i] <= 'Z') || (Out[i] >= 'a' && Out[i] <= 'z')) {
                Out[i] ^= 0x20;
            }
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

static NTSTATUS Follow(LINK *Link)
{
    unsigned int number = 0;

    __try {
        while (Link != NULL) {
            ProbeForWrite(Link, sizeof(*Link), 1);
            Link->Value = ++number;
            Link = (LINK *)(ULONG_PTR)Link->Next;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

static NTSTATUS Talk(const TALK *Where, volatile UCHAR *Text, ULONG Bytes)
{
    PKEVENT ready = NULL;
    PKEVENT answer = NULL;
    TALK talk;
    NTSTATUS status;

    __try {
        ProbeForRead(Where, sizeof(*Where), 1);
        talk = *Where;
        ProbeForWrite((PVOID)Text, Bytes, 1);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)talk.Ready, EVENT_MODIFY_STATE, *ExEventObjectType, UserMode,
                                       (PVOID *)&ready, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)talk.Answer, SYNCHRONIZE, *ExEventObjectType, UserMode,
                                       (PVOID *)&answer, NULL);
    if (!NT_SUCCESS(status)) {
        ObDereferenceObject(ready);
        return status;
    }
    __try {
        Text[0] = 'q';
        KeSetEvent(ready, IO_NO_INCREMENT, FALSE); /* what was written before is seen after */
        status = KeWaitForSingleObject(answer, UserRequest, UserMode, FALSE, NULL);
        if (status == STATUS_SUCCESS && Text[0] != 'a') {
            status = STATUS_DATA_ERROR; /* what was written before the wait's end is seen after it */
        }
        Text[1] = 'e';
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    ObDereferenceObject(answer);
    ObDereferenceObject(ready);
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PUCHAR in = (PUCHAR)Stack->Parameters.DeviceIoControl.Type3InputBuffer;
    const ULONG inBytes = Stack->Parameters.DeviceIoControl.InputBufferLength;
    PUCHAR out = (PUCHAR)Irp->UserBuffer;
    const ULONG outBytes = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    const ULONG code = Stack->Parameters.DeviceIoControl.IoControlCode;
    volatile UCHAR byte;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (code) {
    case IOCTL_SWAP_CASE:
    case IOCTL_SWAP_CASE_UNPROBED:
        return SwapCase(in, inBytes, out, outBytes, code == IOCTL_SWAP_CASE);
    case IOCTL_FOLLOW:
        return Follow((LINK *)in);
    case IOCTL_TALK:
        return Talk((const TALK *)in, out, outBytes);
    case IOCTL_PROBE_READ:
    case IOCTL_PROBE_WRITE:
    case IOCTL_READ_RAW:
        __try {
            if (code == IOCTL_PROBE_READ) {
                ProbeForRead(out, outBytes, 1);
            } else if (code == IOCTL_PROBE_WRITE) {
                ProbeForWrite(out, outBytes, 1);
            }
            if (code != IOCTL_PROBE_WRITE && outBytes != 0) {
                byte = out[0]; /* ProbeForRead only looks at the numbers */
                (VOID)byte;
            }
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            return GetExceptionCode();
        }
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
