/* SPDX-License-Identifier: Apache-2.0 */
/* A driver whose DriverEntry makes things and then fails: what it made must not stay. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\PwEntryFails");
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status; /* a second try after the first would end here, with a name collision, if it had left its device */
    }
    DbgPrint("PwEntryFails: this DriverEntry fails on purpose\n");
    IoDeleteDevice(device);
    return STATUS_INSUFFICIENT_RESOURCES;
}
