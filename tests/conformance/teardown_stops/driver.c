/* SPDX-License-Identifier: Apache-2.0 */
/* Memory taken down in ways that end the machine. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static VOID TearDown(ULONG Way)
{
    PHYSICAL_ADDRESS highest;
    PVOID memory;
    PVOID mapped;
    PMDL mdl;

    highest.QuadPart = 0xffffffff;
    memory = MmAllocateContiguousMemory(2 * PAGE_SIZE, highest);
    mdl = memory != NULL ? IoAllocateMdl(memory, 2 * PAGE_SIZE, FALSE, FALSE, NULL) : NULL;
    if (mdl == NULL) {
        return;
    }
    __try {
        MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return;
    }
    switch (Way) {
    case UNLOCK_TWICE:
        MmUnlockPages(mdl);
        MmUnlockPages(mdl);
        break;
    case FREE_WHILE_LOCKED:
        MmFreeContiguousMemory(memory);
        break;
    case UNMAP_IO_SPACE_TWICE:
        mapped = MmMapIoSpace(MmGetPhysicalAddress(memory), PAGE_SIZE, MmCached);
        if (mapped != NULL) {
            MmUnmapIoSpace(mapped, PAGE_SIZE);
            MmUnmapIoSpace(mapped, PAGE_SIZE);
        }
        break;
    default: /* as it should be */
        MmUnlockPages(mdl);
        IoFreeMdl(mdl);
        MmFreeContiguousMemory(memory);
        break;
    }
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_TEAR_DOWN ||
        Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG)) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    TearDown(*(PULONG)Irp->AssociatedIrp.SystemBuffer);
    return STATUS_SUCCESS; /* wrong but for the first way: the machine should have stopped */
}
