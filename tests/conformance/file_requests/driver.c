/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests beside READ, WRITE and controls: query and set information, flush, file-system controls, fast I/O; relative
 * opens; what IoGetDeviceObjectPointer makes of a file object's life.
 */
#include <ntifs.h>

#include "public.h"

#include "frame/driver_frame.h"

static COUNTS Counts;
static FAST_IO_DISPATCH FastIo;
static WCHAR LastName[64];
static USHORT LastNameLength;
static PFILE_OBJECT LastRelated;
static ULONG LastOptions;
static ULONG Creates, Cleanups, Closes;
static LARGE_INTEGER EndOfFile;

static DRIVER_DISPATCH OnCreate;
static NTSTATUS OnCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PFILE_OBJECT file = stack->FileObject;

    UNREFERENCED_PARAMETER(DeviceObject);
    ++Creates;
    LastNameLength = file->FileName.Length < sizeof(LastName) ? file->FileName.Length : (USHORT)sizeof(LastName);
    if (LastNameLength != 0) {
        RtlCopyMemory(LastName, file->FileName.Buffer, LastNameLength);
    }
    LastRelated = file->RelatedFileObject;
    LastOptions = stack->Parameters.Create.Options;
    return FrameComplete(Irp, STATUS_SUCCESS, FILE_OPENED);
}

static DRIVER_DISPATCH OnCleanup;
static NTSTATUS OnCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    ++Cleanups;
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static DRIVER_DISPATCH OnClose;
static NTSTATUS OnClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    ++Closes;
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static DRIVER_DISPATCH OnQuery;
static NTSTATUS OnQuery(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PFILE_STANDARD_INFORMATION standard = (PFILE_STANDARD_INFORMATION)Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    CHECK(stack->Parameters.QueryFile.Length >= sizeof(*standard));
    if (stack->Parameters.QueryFile.FileInformationClass != FileStandardInformation) {
        return FrameComplete(Irp, STATUS_INVALID_PARAMETER, 0);
    }
    RtlZeroMemory(standard, sizeof(*standard));
    standard->EndOfFile = EndOfFile;
    standard->NumberOfLinks = 1;
    return FrameComplete(Irp, STATUS_SUCCESS, sizeof(*standard));
}

static DRIVER_DISPATCH OnSet;
static NTSTATUS OnSet(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);

    UNREFERENCED_PARAMETER(DeviceObject);
    if (stack->Parameters.SetFile.FileInformationClass != FileEndOfFileInformation) {
        return FrameComplete(Irp, STATUS_INVALID_PARAMETER, 0);
    }
    CHECK_EQUAL(stack->Parameters.SetFile.Length, sizeof(FILE_END_OF_FILE_INFORMATION));
    EndOfFile = ((PFILE_END_OF_FILE_INFORMATION)Irp->AssociatedIrp.SystemBuffer)->EndOfFile;
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static DRIVER_DISPATCH OnFlush;
static NTSTATUS OnFlush(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    CHECK(Irp->AssociatedIrp.SystemBuffer == NULL && Irp->MdlAddress == NULL);
    ++Counts.Flushes;
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static DRIVER_DISPATCH OnFileSystemControl;
static NTSTATUS OnFileSystemControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.FileSystemControl.InputBufferLength;

    UNREFERENCED_PARAMETER(DeviceObject);
    ++Counts.FileSystemControls;
    if (stack->Parameters.FileSystemControl.FsControlCode != FSCTL_TEST ||
        stack->Parameters.FileSystemControl.OutputBufferLength < sizeof(ULONG)) {
        return FrameComplete(Irp, STATUS_INVALID_PARAMETER, 0);
    }
    *(PULONG)Irp->AssociatedIrp.SystemBuffer = length;
    return FrameComplete(Irp, STATUS_SUCCESS, sizeof(ULONG));
}

/* Runs on the caller's thread with the caller's own buffers: they are probed, as with METHOD_NEITHER. */
static BOOLEAN NTAPI FastControl(PFILE_OBJECT File, BOOLEAN Wait, PVOID Input, ULONG InputLength, PVOID Output,
                                 ULONG OutputLength, ULONG Code, PIO_STATUS_BLOCK Status, PDEVICE_OBJECT DeviceObject)
{
    ULONG i;

    CHECK(Wait); /* for files that were opened for overlapped I/O, too */
    CHECK(IoGetRelatedDeviceObject(File) == DeviceObject);
    ++Counts.FastCalls;
    if (Code != IOCTL_FAST) {
        return FALSE;
    }
    Status->Information = 0;
    if (OutputLength < InputLength) {
        Status->Status = STATUS_BUFFER_TOO_SMALL;
        return TRUE;
    }
    __try {
        ProbeForRead(Input, InputLength, 1);
        ProbeForWrite(Output, OutputLength, 1);
        for (i = 0; i < InputLength; ++i) {
            ((PUCHAR)Output)[i] = (UCHAR)(((PUCHAR)Input)[i] + 1);
        }
        Status->Status = STATUS_SUCCESS;
        Status->Information = InputLength;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Status->Status = GetExceptionCode();
    }
    return TRUE;
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = OnCreate;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = OnCleanup;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = OnClose;
    DriverObject->MajorFunction[IRP_MJ_QUERY_INFORMATION] = OnQuery;
    DriverObject->MajorFunction[IRP_MJ_SET_INFORMATION] = OnSet;
    DriverObject->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = OnFlush;
    DriverObject->MajorFunction[IRP_MJ_FILE_SYSTEM_CONTROL] = OnFileSystemControl;
    FastIo.SizeOfFastIoDispatch = sizeof(FastIo);
    FastIo.FastIoDeviceControl = FastControl;
    DriverObject->FastIoDispatch = &FastIo;
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    DriverObject->FastIoDispatch = NULL;
}

static BOOLEAN NameIs(PCWSTR Text)
{
    UNICODE_STRING expected, actual;

    RtlInitUnicodeString(&expected, Text);
    actual.Buffer = LastName;
    actual.Length = actual.MaximumLength = LastNameLength;
    return RtlEqualUnicodeString(&expected, &actual, FALSE);
}

static NTSTATUS Open(PHANDLE Handle, HANDLE Root, PCWSTR Name, ACCESS_MASK Access, ULONG Options)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name;
    IO_STATUS_BLOCK block;

    RtlInitUnicodeString(&name, Name);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Root, NULL);
    return ZwCreateFile(Handle, Access, &attributes, &block, NULL, FILE_ATTRIBUTE_NORMAL, FILE_SHARE_READ | FILE_SHARE_WRITE,
                        FILE_OPEN, Options, NULL, 0);
}

static VOID Information(HANDLE File, PFILE_OBJECT FileObject)
{
    FILE_STANDARD_INFORMATION standard;
    FILE_POSITION_INFORMATION position;
    FILE_ACCESS_INFORMATION access;
    FILE_MODE_INFORMATION mode;
    FILE_END_OF_FILE_INFORMATION end;
    FILE_FS_DEVICE_INFORMATION device;
    IO_STATUS_BLOCK block;
    ULONG returned = 0;

    end.EndOfFile.QuadPart = 123456;
    CHECK_EQUAL(ZwSetInformationFile(File, &block, &end, sizeof(end), FileEndOfFileInformation), STATUS_SUCCESS);
    CHECK_EQUAL(ZwQueryInformationFile(File, &block, &standard, sizeof(standard), FileStandardInformation), STATUS_SUCCESS);
    CHECK_EQUAL(block.Information, sizeof(standard));
    CHECK_EQUAL(standard.EndOfFile.QuadPart, 123456);
    CHECK_EQUAL(standard.NumberOfLinks, 1);
    RtlZeroMemory(&standard, sizeof(standard));
    CHECK_EQUAL(IoQueryFileInformation(FileObject, FileStandardInformation, sizeof(standard), &standard, &returned), STATUS_SUCCESS);
    CHECK_EQUAL(returned, sizeof(standard));
    CHECK_EQUAL(standard.EndOfFile.QuadPart, 123456);
    CHECK_EQUAL(ZwQueryInformationFile(File, &block, &standard, sizeof(standard) - 1, FileStandardInformation),
                STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(ZwQueryInformationFile(File, &block, &standard, sizeof(standard), (FILE_INFORMATION_CLASS)999),
                STATUS_INVALID_INFO_CLASS);

    /* What the file object itself knows never reaches the driver. */
    position.CurrentByteOffset.QuadPart = 77;
    CHECK_EQUAL(ZwSetInformationFile(File, &block, &position, sizeof(position), FilePositionInformation), STATUS_SUCCESS);
    CHECK_EQUAL(FileObject->CurrentByteOffset.QuadPart, 77);
    position.CurrentByteOffset.QuadPart = -1;
    CHECK_EQUAL(ZwSetInformationFile(File, &block, &position, sizeof(position), FilePositionInformation), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(ZwQueryInformationFile(File, &block, &position, sizeof(position), FilePositionInformation), STATUS_SUCCESS);
    CHECK_EQUAL(position.CurrentByteOffset.QuadPart, 77);
    CHECK_EQUAL(ZwQueryInformationFile(File, &block, &access, sizeof(access), FileAccessInformation), STATUS_SUCCESS);
    CHECK((access.AccessFlags & FILE_READ_DATA) != 0 && (access.AccessFlags & FILE_WRITE_DATA) != 0);
    CHECK_EQUAL(ZwQueryInformationFile(File, &block, &mode, sizeof(mode), FileModeInformation), STATUS_SUCCESS);
    CHECK_EQUAL(mode.Mode, FILE_SYNCHRONOUS_IO_NONALERT);
    CHECK_EQUAL(ZwQueryVolumeInformationFile(File, &block, &device, sizeof(device), FileFsDeviceInformation), STATUS_SUCCESS);
    CHECK_EQUAL(device.DeviceType, FILE_DEVICE_UNKNOWN);
}

static VOID OtherRequests(HANDLE File)
{
    IO_STATUS_BLOCK block;
    ULONG answer = 5;
    ULONG before = Counts.Flushes;

    CHECK_EQUAL(ZwFlushBuffersFile(File, &block), STATUS_SUCCESS);
    CHECK_EQUAL(Counts.Flushes, before + 1);
    CHECK_EQUAL(ZwFsControlFile(File, NULL, NULL, NULL, &block, FSCTL_TEST, &answer, 3, &answer, sizeof(answer)), STATUS_SUCCESS);
    CHECK_EQUAL(answer, 3);
    CHECK_EQUAL(block.Information, sizeof(answer));
}

static VOID RelativeOpens(HANDLE File, PFILE_OBJECT FileObject)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\PwFileRequests\\gone");
    HANDLE relative, event;

    CHECK(NameIs(L"\\dir\\file"));
    CHECK(LastRelated == NULL);
    CHECK_EQUAL(Open(&relative, File, L"sub\\name", FILE_READ_DATA | SYNCHRONIZE, FILE_SYNCHRONOUS_IO_NONALERT), STATUS_SUCCESS);
    CHECK(NameIs(L"sub\\name"));
    CHECK(LastRelated == FileObject);
    CHECK_EQUAL(ZwClose(relative), STATUS_SUCCESS);
    CHECK_EQUAL(Open(&relative, File, L"", FILE_READ_DATA | SYNCHRONIZE, FILE_SYNCHRONOUS_IO_NONALERT), STATUS_SUCCESS);
    CHECK_EQUAL(LastNameLength, 0);
    CHECK(LastRelated == FileObject);
    CHECK_EQUAL(ZwClose(relative), STATUS_SUCCESS);
    /* Only files are opened relative to files. */
    RtlInitUnicodeString(&name, L"event");
    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, File, NULL);
    CHECK_EQUAL(ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE), STATUS_OBJECT_TYPE_MISMATCH);

    RtlInitUnicodeString(&name, L"\\Device\\PwFileRequests\\gone");
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK_EQUAL(ZwDeleteFile(&attributes), STATUS_SUCCESS);
    CHECK(NameIs(L"\\gone"));
    CHECK((LastOptions & FILE_DELETE_ON_CLOSE) != 0);
}

static VOID Pointers(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\PwFileRequests");
    PFILE_OBJECT file;
    PFILE_OBJECT stream;
    PDEVICE_OBJECT device;
    POBJECT_NAME_INFORMATION dos = NULL;
    UNICODE_STRING expected = RTL_CONSTANT_STRING(L"PwFileRequests");
    ULONG creates = Creates, cleanups = Cleanups, closes = Closes;

    CHECK_EQUAL(IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &file, &device), STATUS_SUCCESS);
    CHECK_EQUAL(Creates, creates + 1);
    CHECK_EQUAL(Cleanups, cleanups + 1); /* the handle of the open is closed again at once */
    CHECK_EQUAL(Closes, closes);
    CHECK(IoGetRelatedDeviceObject(file) == device);
    CHECK_EQUAL(IoQueryFileDosDeviceName(file, &dos), STATUS_SUCCESS);
    if (dos != NULL) {
        CHECK(RtlEqualUnicodeString(&dos->Name, &expected, TRUE));
        ExFreePool(dos);
    }
    /* No CREATE made a stream file object; CLEANUP comes at once, CLOSE with its last reference. */
    stream = IoCreateStreamFileObject(file, NULL);
    CHECK(stream != NULL && (stream->Flags & FO_STREAM_FILE) != 0);
    CHECK_EQUAL(Creates, creates + 1);
    CHECK_EQUAL(Cleanups, cleanups + 2);
    ObDereferenceObject(stream);
    CHECK_EQUAL(Closes, closes + 1);
    ObDereferenceObject(file);
    CHECK_EQUAL(Closes, closes + 2);
    CHECK_EQUAL(Cleanups, cleanups + 2);
}

static VOID Run(VOID)
{
    HANDLE file;
    PFILE_OBJECT object;
    NTSTATUS status = Open(&file, NULL, L"\\Device\\PwFileRequests\\dir\\file", GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE,
                           FILE_SYNCHRONOUS_IO_NONALERT);

    CHECK_EQUAL(status, STATUS_SUCCESS);
    if (!NT_SUCCESS(status)) {
        return;
    }
    status = ObReferenceObjectByHandle(file, 0, *IoFileObjectType, KernelMode, (PVOID *)&object, NULL);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    if (NT_SUCCESS(status)) {
        RelativeOpens(file, object);
        Information(file, object);
        OtherRequests(file);
        ObDereferenceObject(object);
    }
    CHECK_EQUAL(ZwClose(file), STATUS_SUCCESS);
    Pointers();
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_RUN:
        Run();
        return STATUS_SUCCESS;
    case IOCTL_COUNTS:
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(COUNTS)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(COUNTS *)Irp->AssociatedIrp.SystemBuffer = Counts;
        Irp->IoStatus.Information = sizeof(COUNTS);
        return STATUS_SUCCESS;
    case IOCTL_SLOW:
        return STATUS_SUCCESS;
    default: /* IOCTL_FAST came by IRP: from a file for overlapped use */
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
