/* SPDX-License-Identifier: Apache-2.0 */
/* Sections over files: an application's, opened by name, and one that the driver makes of its own file. */
#include <ntifs.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static NTSTATUS Complement(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(FRAME_WIDE(SECTION_NAME_NT));
    OBJECT_ATTRIBUTES attributes;
#ifndef __MINGW32__ /* its headers lack ZwQuerySection */
    SECTION_BASIC_INFORMATION basic;
#endif
    HANDLE section;
    PVOID view = NULL;
    SIZE_T size = 0;
    NTSTATUS status;

    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    status = ZwOpenSection(&section, SECTION_MAP_READ | SECTION_MAP_WRITE | SECTION_QUERY, &attributes);
    if (!NT_SUCCESS(status)) {
        return status;
    }
#ifndef __MINGW32__
    CHECK_EQUAL((ULONG)ZwQuerySection(section, SectionBasicInformation, &basic, sizeof(basic), NULL), (ULONG)STATUS_SUCCESS);
    CHECK_EQUAL(basic.MaximumSize.QuadPart, FILE_BYTES);
    CHECK((basic.AllocationAttributes & SEC_FILE) != 0);
#endif
    status = ZwMapViewOfSection(section, ZwCurrentProcess(), &view, 0, 0, NULL, &size, ViewUnmap, 0, PAGE_READWRITE);
    CHECK_EQUAL(ZwClose(section), STATUS_SUCCESS);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL(size, ROUND_TO_PAGES(FILE_BYTES));
    __try {
        volatile UCHAR *bytes = (volatile UCHAR *)view;
        ULONG i;

        for (i = 0; i < FILE_BYTES; ++i) {
            if (bytes[i] != PATTERN(i)) {
                status = STATUS_UNSUCCESSFUL;
            }
            bytes[i] = (UCHAR)~PATTERN(i);
        }
        for (i = FILE_BYTES; i < size; ++i) {
            CHECK_EQUAL(bytes[i], 0); /* behind the end of the file there are zeros up to the page's end */
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    CHECK_EQUAL(ZwUnmapViewOfSection(ZwCurrentProcess(), view), STATUS_SUCCESS);
    return status;
}

/* A view in the System process's space, and an MDL over it. */
static VOID UseSection(HANDLE Section)
{
    PVOID object;
    PVOID base = NULL;
    SIZE_T size = 0;
    PMDL mdl;

    CHECK_EQUAL((ULONG)ObReferenceObjectByHandle(Section, SECTION_MAP_READ | SECTION_MAP_WRITE, *MmSectionObjectType,
                                                 KernelMode, &object, NULL),
                (ULONG)STATUS_SUCCESS);
    CHECK_EQUAL((ULONG)MmMapViewInSystemSpace(object, &base, &size), (ULONG)STATUS_SUCCESS);
    ObDereferenceObject(object);
    CHECK_EQUAL(size, ROUND_TO_PAGES(DRIVER_BYTES));
    mdl = IoAllocateMdl(base, DRIVER_BYTES, FALSE, FALSE, NULL);
    CHECK(mdl != NULL);
    if (mdl != NULL) {
        PUCHAR address;
        NTSTATUS status = STATUS_SUCCESS;

        __try {
            MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            status = GetExceptionCode();
        }
        CHECK_EQUAL((ULONG)status, (ULONG)STATUS_SUCCESS);
        if (NT_SUCCESS(status)) {
            address = (PUCHAR)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
            CHECK(address != NULL);
            if (address != NULL) {
                RtlFillMemory(address, DRIVER_BYTES, DRIVER_FILL);
            }
            MmUnlockPages(mdl);
        }
        IoFreeMdl(mdl);
    }
    CHECK_EQUAL(((PUCHAR)base)[DRIVER_BYTES - 1], DRIVER_FILL);
    CHECK_EQUAL((ULONG)MmUnmapViewInSystemSpace(base), (ULONG)STATUS_SUCCESS);
}

static NTSTATUS OwnFile(PCWSTR Path)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK block;
    LARGE_INTEGER offset;
    LARGE_INTEGER size;
    HANDLE file;
    HANDLE section;
    UCHAR buffer[64];
    NTSTATUS status;

    RtlInitUnicodeString(&name, Path);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    status = ZwCreateFile(&file, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &attributes, &block, NULL, FILE_ATTRIBUTE_NORMAL,
                          0, FILE_CREATE, FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL(block.Information, FILE_CREATED);
    size.QuadPart = 0;
    CHECK_EQUAL((ULONG)ZwCreateSection(&section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_READWRITE, SEC_COMMIT, file),
                (ULONG)STATUS_MAPPED_FILE_SIZE_ZERO);
    size.QuadPart = DRIVER_BYTES;
    CHECK_EQUAL((ULONG)ZwCreateSection(&section, SECTION_ALL_ACCESS, NULL, &size, PAGE_READONLY, SEC_COMMIT, file),
                (ULONG)STATUS_SECTION_TOO_BIG);

    RtlFillMemory(buffer, sizeof(buffer), 0x11);
    offset.QuadPart = 5;
    CHECK_EQUAL((ULONG)ZwWriteFile(file, NULL, NULL, NULL, &block, buffer, sizeof(buffer), &offset, NULL),
                (ULONG)STATUS_SUCCESS);
    CHECK_EQUAL(block.Information, sizeof(buffer));
    offset.QuadPart = 0;
    CHECK_EQUAL((ULONG)ZwReadFile(file, NULL, NULL, NULL, &block, buffer, 8, &offset, NULL), (ULONG)STATUS_SUCCESS);
    CHECK(buffer[4] == 0 && buffer[5] == 0x11 && buffer[7] == 0x11);
    /* The next one goes on where this one ended. */
    CHECK_EQUAL((ULONG)ZwReadFile(file, NULL, NULL, NULL, &block, buffer, sizeof(buffer), NULL, NULL), (ULONG)STATUS_SUCCESS);
    CHECK_EQUAL(block.Information, 61);
    CHECK_EQUAL((ULONG)ZwReadFile(file, NULL, NULL, NULL, &block, buffer, sizeof(buffer), NULL, NULL),
                (ULONG)STATUS_END_OF_FILE);

    status = ZwCreateSection(&section, SECTION_ALL_ACCESS, NULL, &size, PAGE_READWRITE, SEC_COMMIT, file);
    CHECK_EQUAL((ULONG)status, (ULONG)STATUS_SUCCESS);
    if (NT_SUCCESS(status)) {
        UseSection(section);
        CHECK_EQUAL(ZwClose(section), STATUS_SUCCESS);
        offset.QuadPart = DRIVER_BYTES - 4;
        CHECK_EQUAL((ULONG)ZwReadFile(file, NULL, NULL, NULL, &block, buffer, sizeof(buffer), &offset, NULL),
                    (ULONG)STATUS_SUCCESS);
        CHECK_EQUAL(block.Information, 4); /* the section made the file longer */
        CHECK(buffer[0] == DRIVER_FILL && buffer[3] == DRIVER_FILL);
    }
    CHECK_EQUAL(ZwClose(file), STATUS_SUCCESS);
    CHECK_EQUAL((ULONG)ZwOpenFile(&file, GENERIC_READ | SYNCHRONIZE, &attributes, &block, FILE_SHARE_READ,
                                  FILE_SYNCHRONOUS_IO_NONALERT),
                (ULONG)STATUS_SUCCESS);
    CHECK_EQUAL(block.Information, FILE_OPENED);
    CHECK_EQUAL((ULONG)ZwCreateFile(&section, GENERIC_READ | SYNCHRONIZE, &attributes, &block, NULL, 0, 0, FILE_CREATE,
                                    FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0),
                (ULONG)STATUS_OBJECT_NAME_COLLISION);
    CHECK_EQUAL(ZwClose(file), STATUS_SUCCESS);
    return STATUS_SUCCESS;
}

static NTSTATUS WrongFiles(HANDLE Event)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\" FRAME_WIDE(TEST_NAME));
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK block;
    HANDLE section;
    HANDLE device;
    NTSTATUS status;

    CHECK_EQUAL((ULONG)ZwCreateSection(&section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_READONLY, SEC_COMMIT, Event),
                (ULONG)STATUS_OBJECT_TYPE_MISMATCH);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    status = ZwCreateFile(&device, GENERIC_READ | SYNCHRONIZE, &attributes, &block, NULL, 0, FILE_SHARE_READ, FILE_OPEN,
                          FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
    CHECK_EQUAL((ULONG)status, (ULONG)STATUS_SUCCESS);
    if (NT_SUCCESS(status)) {
        CHECK_EQUAL((ULONG)ZwCreateSection(&section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_READONLY, SEC_COMMIT, device),
                    (ULONG)STATUS_INVALID_FILE_FOR_SECTION);
        CHECK_EQUAL(ZwClose(device), STATUS_SUCCESS);
    }
    return STATUS_SUCCESS;
}

typedef struct _DPC_WORK {
    KDPC Dpc;
    KEVENT Done;
    volatile UCHAR *Address;
} DPC_WORK;

static KDEFERRED_ROUTINE WriteInDpc;
static VOID WriteInDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    DPC_WORK *work = (DPC_WORK *)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    *work->Address = DPC_BYTE;
    KeSetEvent(&work->Done, IO_NO_INCREMENT, FALSE);
}

/* A section at raised IRQL: the view's pages are locked first. */
static NTSTATUS DpcWrites(const VIEW_ADDRESS *View)
{
    PMDL mdl = IoAllocateMdl((PVOID)(ULONG_PTR)View->Address, View->Length, FALSE, FALSE, NULL);
    NTSTATUS status = STATUS_SUCCESS;
    DPC_WORK *work;

    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    __try {
        MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    if (!NT_SUCCESS(status)) {
        IoFreeMdl(mdl);
        return status;
    }
    work = (DPC_WORK *)ExAllocatePoolWithTag(NonPagedPool, sizeof(*work), TEST_TAG);
    if (work != NULL) {
        work->Address = (volatile UCHAR *)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
        KeInitializeEvent(&work->Done, NotificationEvent, FALSE);
        KeInitializeDpc(&work->Dpc, WriteInDpc, work);
        CHECK(work->Address != NULL);
        KeInsertQueueDpc(&work->Dpc, NULL, NULL);
        KeWaitForSingleObject(&work->Done, Executive, KernelMode, FALSE, NULL);
        KeFlushQueuedDpcs();
        ExFreePoolWithTag(work, TEST_TAG);
    } else {
        status = STATUS_INSUFFICIENT_RESOURCES;
    }
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    ULONG length = Stack->Parameters.DeviceIoControl.InputBufferLength;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_COMPLEMENT:
        return Complement();
    case IOCTL_OWN_FILE:
        if (length < sizeof(WCHAR) || ((PWSTR)buffer)[length / sizeof(WCHAR) - 1] != 0) {
            return STATUS_INVALID_PARAMETER;
        }
        return OwnFile((PCWSTR)buffer);
    case IOCTL_WRONG_FILES:
        return length < sizeof(HANDLE) ? STATUS_INVALID_PARAMETER : WrongFiles(*(HANDLE *)buffer);
    case IOCTL_DPC_WRITES:
        return length < sizeof(VIEW_ADDRESS) ? STATUS_INVALID_PARAMETER : DpcWrites((const VIEW_ADDRESS *)buffer);
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
