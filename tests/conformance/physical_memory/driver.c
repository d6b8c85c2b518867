/* SPDX-License-Identifier: Apache-2.0 */
/* A contiguous buffer given to the application as old drivers do: a view of \Device\PhysicalMemory at its address. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static PUCHAR Buffer;
static PHYSICAL_ADDRESS BufferAddress;

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (Buffer != NULL) {
        MmFreeContiguousMemory(Buffer);
    }
}

static NTSTATUS OpenPhysicalMemory(HANDLE *Section)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;

    RtlInitUnicodeString(&name, L"\\Device\\PhysicalMemory");
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    return ZwOpenSection(Section, SECTION_ALL_ACCESS, &attributes);
}

static NTSTATUS Map(const MAP_REQUEST *Request, MAP_REPLY *Reply)
{
    PHYSICAL_ADDRESS wanted;
    PHYSICAL_ADDRESS translated;
    LARGE_INTEGER offset;
    HANDLE section;
    PVOID section_object;
    PVOID address = NULL;
    SIZE_T length = Request->Length;
    ULONG space = 0;
    NTSTATUS status;

    wanted.QuadPart = BufferAddress.QuadPart + Request->Offset;
    if (!HalTranslateBusAddress(PCIBus, 0, wanted, &space, &translated)) {
        return STATUS_UNSUCCESSFUL;
    }
    CHECK_EQUAL(space, 0);
    status = OpenPhysicalMemory(&section);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ObReferenceObjectByHandle(section, SECTION_ALL_ACCESS, NULL, KernelMode, &section_object, NULL);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    offset.QuadPart = translated.QuadPart;
    status = ZwMapViewOfSection(section, ZwCurrentProcess(), &address, 0, length, &offset, &length, ViewShare, 0,
                                Request->ReadOnly ? PAGE_READONLY : PAGE_READWRITE);
    if (NT_SUCCESS(status)) {
        CHECK(offset.QuadPart <= translated.QuadPart);
        CHECK(length >= Request->Length);
        RtlZeroMemory(Reply, sizeof(*Reply));
        /* The view begins at or before what was asked for. */
        Reply->Address = (ULONG_PTR)address + (ULONG_PTR)(translated.QuadPart - offset.QuadPart);
    }
    ObDereferenceObject(section_object);
    ZwClose(section);
    return status;
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    PHYSICAL_ADDRESS highest;
    PHYSICAL_ADDRESS port;
    ULONG space = 0;
    ULONG page;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    highest.QuadPart = 0xffffffffLL;
    Buffer = (PUCHAR)MmAllocateContiguousMemory(BUFFER_BYTES, highest);
    if (Buffer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    BufferAddress = MmGetPhysicalAddress(Buffer);
    for (page = 0; page < BUFFER_PAGES; ++page) {
        *(ULONG *)(Buffer + page * PAGE_SIZE) = 0x5eed0000 + page;
    }
    CHECK(HalTranslateBusAddress(Internal, 0, BufferAddress, &space, &port));
    CHECK_EQUAL(port.QuadPart, BufferAddress.QuadPart);
    return STATUS_SUCCESS;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG in = Stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG out = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    MAP_REQUEST request;
    NTSTATUS status;
    ULONG page;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_MAP:
        if (in < sizeof(request) || out < sizeof(MAP_REPLY)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        request = *(MAP_REQUEST *)buffer;
        status = Map(&request, (MAP_REPLY *)buffer);
        Irp->IoStatus.Information = NT_SUCCESS(status) ? sizeof(MAP_REPLY) : 0;
        return status;
    case IOCTL_UNMAP:
        if (in < sizeof(MAP_REPLY)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        return ZwUnmapViewOfSection(ZwCurrentProcess(), (PVOID)(ULONG_PTR)((MAP_REPLY *)buffer)->Address);
    case IOCTL_WORDS:
        if (out < BUFFER_PAGES * sizeof(ULONG)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        for (page = 0; page < BUFFER_PAGES; ++page) {
            ((ULONG *)buffer)[page] = *(volatile ULONG *)(Buffer + page * PAGE_SIZE);
        }
        Irp->IoStatus.Information = BUFFER_PAGES * sizeof(ULONG);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
