/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pended_driver.h - the driver of the pended pairs. One request at a time; the timer is armed again by its own DPC while
 * a request is pending. The request is not cancellable on purpose: it ends when the application says so.
 */
#ifndef CONFORMANCE_PENDED_DRIVER_H
#define CONFORMANCE_PENDED_DRIVER_H

static KSPIN_LOCK PendedLock; /* protects the three below */
static PIRP PendedIrp;
static PENDED_AREA *PendedArea;
static ULONG PendedLength;
static KTIMER PendedTimer;
static KDPC PendedDpc;

static VOID PendedArm(VOID)
{
    LARGE_INTEGER due;

    due.QuadPart = -10000LL; /* a millisecond */
    KeSetTimer(&PendedTimer, due, &PendedDpc);
}

static KDEFERRED_ROUTINE PendedTick;
static VOID PendedTick(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PIRP irp = NULL;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG information = 0;
    BOOLEAN again = FALSE;

    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK(Dpc == &PendedDpc);
    CHECK(Context == (PVOID)&PendedTimer);
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeAcquireSpinLockAtDpcLevel(&PendedLock);
    if (PendedIrp != NULL) {
        ULONG stop = PendedArea->Stop;

        PendedArea->Answer = PendedArea->Question ^ PENDED_KEY;
        InterlockedIncrement((volatile LONG *)&PendedArea->Ticks);
        if (stop != 0) {
            RtlFillMemory(PendedArea + 1, PendedLength - sizeof(PENDED_AREA), PENDED_FILL);
            irp = PendedIrp;
            PendedIrp = NULL;
            information = stop == PENDED_STOP_SUCCESS ? PendedLength : 0;
            status = stop == PENDED_STOP_SUCCESS ? STATUS_SUCCESS : STATUS_DEVICE_NOT_READY;
        } else {
            again = TRUE;
        }
    }
    KeReleaseSpinLockFromDpcLevel(&PendedLock);
    if (irp != NULL) {
        (VOID)FrameComplete(irp, status, information);
    }
    if (again) {
        PendedArm();
    }
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    KeInitializeSpinLock(&PendedLock);
    KeInitializeTimer(&PendedTimer);
    KeInitializeDpc(&PendedDpc, PendedTick, &PendedTimer);
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeCancelTimer(&PendedTimer);
    CHECK(PendedIrp == NULL);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PVOID address;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_PEND) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (Irp->MdlAddress == NULL || MmGetMdlByteCount(Irp->MdlAddress) < sizeof(PENDED_AREA)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    address = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (address == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeAcquireSpinLock(&PendedLock, &irql);
    if (PendedIrp != NULL) {
        KeReleaseSpinLock(&PendedLock, irql);
        return STATUS_DEVICE_BUSY;
    }
    IoMarkIrpPending(Irp);
    PendedIrp = Irp;
    PendedArea = (PENDED_AREA *)address;
    PendedLength = MmGetMdlByteCount(Irp->MdlAddress);
    KeReleaseSpinLock(&PendedLock, irql);
    PendedArm();
    return STATUS_PENDING;
}

#endif
