// SPDX-License-Identifier: Apache-2.0
// A driver that uses the macros and inline functions of the headers: it must compile without a warning, checked build.
#define DBG 1
#include <initguid.h>
#include <ntifs.h>
#include <wdmsec.h>
#include <ntintsafe.h>
#include <ntstrsafe.h>
#include <csq.h>

DEFINE_GUID(GUID_PARTYWALL_TEST, 0x1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

EXTERN_C_START
DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
DRIVER_CANCEL Cancel;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH DeviceControl;
EXTERN_C_END

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\Sample");
static ANSI_STRING AnsiName = RTL_CONSTANT_STRING("sample");

_Use_decl_annotations_ VOID Unload(PDRIVER_OBJECT DriverObject) {
  PAGED_CODE();
  IoDeleteDevice(DriverObject->DeviceObject);
}

VOID Cancel(IN PDEVICE_OBJECT DeviceObject, IN PIRP Irp) {
  UNREFERENCED_PARAMETER(DeviceObject);
  IoReleaseCancelSpinLock(Irp->CancelIrql);
}

NTSTATUS DeviceControl(__in PDEVICE_OBJECT DeviceObject, __inout PIRP Irp) {
  PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
  DECLARE_CONST_UNICODE_STRING(SectionName, L"\\BaseNamedObjects\\Sample");
  OBJECT_ATTRIBUTES Attributes;
  WCHAR Text[32];
  SIZE_T Sum;
  KIRQL OldIrql;
  KSPIN_LOCK Lock;
  LONG Count = 0;
  PVOID Pointer = NULL;
  IO_REMOVE_LOCK RemoveLock;
  PVOID View = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority | MdlMappingNoExecute);
  InitializeObjectAttributes(&Attributes, (PUNICODE_STRING)&SectionName, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL,
                             NULL);
  NT_ASSERT(DeviceObject != NULL);
  ASSERTMSG("no request", Irp != NULL);
  KdPrintEx((DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL, "no arguments\n"));
  KdPrint(("%p %wZ %Z\n", View, &DeviceName, &AnsiName));
  ObReferenceObject(DeviceObject);
  ObDereferenceObject(DeviceObject);
  if (Stack->Parameters.DeviceIoControl.IoControlCode ==
      CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)) {
    KeInitializeSpinLock(&Lock);
    KeAcquireSpinLock(&Lock, &OldIrql);
    KeReleaseSpinLock(&Lock, OldIrql);
    InterlockedIncrement(&Count);
    InterlockedExchangePointer(&Pointer, View);
    IoInitializeRemoveLock(&RemoveLock, 'abcd', 0, 0);
    (void)IoAcquireRemoveLock(&RemoveLock, Irp);
  }
  IoSetCancelRoutine(Irp, Cancel);
  IoMarkIrpPending(Irp);
  Irp->IoStatus.Status = RtlSizeTAdd(1, 2, &Sum);
  RtlStringCbPrintfW(Text, sizeof(Text), L"%d", Count);
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return STATUS_PENDING;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  PDEVICE_OBJECT Device;
  UNREFERENCED_PARAMETER(RegistryPath);
  ExInitializeDriverRuntime(DrvRtPoolNxOptIn);
  DriverObject->DriverUnload = Unload;
  DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DeviceControl;
  return IoCreateDeviceSecure(DriverObject, 0, &DeviceName, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE,
                              &SDDL_DEVOBJ_SYS_ALL_ADM_ALL, &GUID_PARTYWALL_TEST, &Device);
}
