/* SPDX-License-Identifier: Apache-2.0 */
/* A driver that reads its parameters in DriverEntry, in the two classic ways, and works on keys and values of its own. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#define DriverEntry FrameDriverEntry
#include "frame/driver_frame.h"
#undef DriverEntry

static PARAMETERS Found;
static ULONG ListCount;
static WCHAR PathRoom[256];
static UNICODE_STRING Path;

/* Parameters\Limit and Parameters\Name, as RtlQueryRegistryValues finds them from the service's key. */
static VOID ReadParameters(PUNICODE_STRING RegistryPath)
{
    RTL_QUERY_REGISTRY_TABLE table[5];
    UNICODE_STRING name;
    ULONG standard = 77;

    CHECK(RegistryPath->Length < sizeof(PathRoom));
    RtlCopyMemory(PathRoom, RegistryPath->Buffer, RegistryPath->Length);
    Path.Buffer = PathRoom;
    Path.Length = RegistryPath->Length;
    Path.MaximumLength = sizeof(PathRoom);

    RtlZeroMemory(table, sizeof(table));
    RtlZeroMemory(&name, sizeof(name));
    table[0].Flags = RTL_QUERY_REGISTRY_SUBKEY;
    table[0].Name = L"Parameters";
    table[1].Flags = RTL_QUERY_REGISTRY_DIRECT;
    table[1].Name = L"Limit";
    table[1].EntryContext = &Found.Limit;
    table[2].Flags = RTL_QUERY_REGISTRY_DIRECT;
    table[2].Name = L"Missing";
    table[2].EntryContext = &Found.Missing;
    table[2].DefaultType = REG_DWORD;
    table[2].DefaultData = &standard;
    table[2].DefaultLength = sizeof(standard);
    table[3].Flags = RTL_QUERY_REGISTRY_DIRECT;
    table[3].Name = L"Name";
    table[3].EntryContext = &name;
    CHECK_EQUAL(RtlQueryRegistryValues(RTL_REGISTRY_ABSOLUTE, PathRoom, table, NULL, NULL), STATUS_SUCCESS);
    if (name.Buffer != NULL) {
        Found.NameLength = name.Length / sizeof(WCHAR);
        if (name.Length <= sizeof(Found.Name)) {
            RtlCopyMemory(Found.Name, name.Buffer, name.Length);
        }
        ExFreePool(name.Buffer);
    }
}

/* The service's key as the service control manager wrote it. */
static VOID ReadServiceKey(VOID)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING text;
    HANDLE key;
    ULONG needed;
    union {
        KEY_VALUE_PARTIAL_INFORMATION partial;
        UCHAR room[512];
    } value;

    InitializeObjectAttributes(&attributes, &Path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK_EQUAL(ZwOpenKey(&key, KEY_READ, &attributes), STATUS_SUCCESS);
    RtlInitUnicodeString(&text, L"Type");
    CHECK_EQUAL(ZwQueryValueKey(key, &text, KeyValuePartialInformation, &value, sizeof(value), &needed), STATUS_SUCCESS);
    CHECK_EQUAL(value.partial.Type, REG_DWORD);
    CHECK_EQUAL(*(ULONG *)value.partial.Data, 1);
    RtlInitUnicodeString(&text, L"Start");
    CHECK_EQUAL(ZwQueryValueKey(key, &text, KeyValuePartialInformation, &value, sizeof(value), &needed), STATUS_SUCCESS);
    CHECK_EQUAL(*(ULONG *)value.partial.Data, 3);
    RtlInitUnicodeString(&text, L"ErrorControl");
    CHECK_EQUAL(ZwQueryValueKey(key, &text, KeyValuePartialInformation, &value, sizeof(value), &needed), STATUS_SUCCESS);
    RtlInitUnicodeString(&text, L"ImagePath");
    CHECK_EQUAL(ZwQueryValueKey(key, &text, KeyValuePartialInformation, &value, sizeof(value), &needed), STATUS_SUCCESS);
    CHECK_EQUAL(value.partial.Type, REG_EXPAND_SZ);
    CHECK(value.partial.DataLength > 4 * sizeof(WCHAR));
    CHECK_EQUAL(ZwClose(key), STATUS_SUCCESS);
}

static NTSTATUS NTAPI CountString(PWSTR ValueName, ULONG ValueType, PVOID ValueData, ULONG ValueLength, PVOID Context,
                                  PVOID EntryContext)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(EntryContext);
    CHECK(ValueName != NULL && ValueName[0] == L'L');
    CHECK_EQUAL(ValueType, REG_SZ);
    CHECK(ValueData != NULL && ValueLength == 4 * sizeof(WCHAR));
    ++ListCount;
    return STATUS_SUCCESS;
}

/* Keys and values of the driver's own, by every Zw routine. */
static VOID Work(VOID)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING text;
    HANDLE key, child, again;
    ULONG disposition = 0, needed = 0, number = 5;
    union {
        KEY_VALUE_PARTIAL_INFORMATION partial;
        KEY_VALUE_FULL_INFORMATION full;
        KEY_FULL_INFORMATION key;
        KEY_BASIC_INFORMATION basic;
        UCHAR room[256];
    } info;

    InitializeObjectAttributes(&attributes, &Path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK_EQUAL(ZwCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, NULL, REG_OPTION_NON_VOLATILE, &disposition), STATUS_SUCCESS);
    CHECK_EQUAL(disposition, REG_OPENED_EXISTING_KEY);
    RtlInitUnicodeString(&text, L"Work");
    InitializeObjectAttributes(&attributes, &text, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, key, NULL);
    CHECK_EQUAL(ZwCreateKey(&child, KEY_ALL_ACCESS, &attributes, 0, NULL, REG_OPTION_VOLATILE, &disposition), STATUS_SUCCESS);
    CHECK_EQUAL(disposition, REG_CREATED_NEW_KEY);
    CHECK_EQUAL(ZwOpenKey(&again, KEY_READ, &attributes), STATUS_SUCCESS);

    RtlInitUnicodeString(&text, L"Number");
    CHECK_EQUAL(ZwQueryValueKey(child, &text, KeyValuePartialInformation, &info, sizeof(info), &needed), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(ZwSetValueKey(child, &text, 0, REG_DWORD, &number, sizeof(number)), STATUS_SUCCESS);
    CHECK_EQUAL(ZwQueryValueKey(again, &text, KeyValuePartialInformation, &info, 4, &needed), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(needed, FIELD_OFFSET(KEY_VALUE_PARTIAL_INFORMATION, Data) + sizeof(number));
    CHECK_EQUAL(ZwQueryValueKey(again, &text, KeyValuePartialInformation, &info, needed - 1, &needed), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(ZwQueryValueKey(again, &text, KeyValuePartialInformation, &info, sizeof(info), &needed), STATUS_SUCCESS);
    CHECK_EQUAL(*(ULONG *)info.partial.Data, 5);
    CHECK_EQUAL(ZwEnumerateValueKey(again, 0, KeyValueFullInformation, &info, sizeof(info), &needed), STATUS_SUCCESS);
    CHECK_EQUAL(info.full.NameLength, 12);
    CHECK_EQUAL(ZwEnumerateValueKey(again, 1, KeyValueFullInformation, &info, sizeof(info), &needed), STATUS_NO_MORE_ENTRIES);
    CHECK_EQUAL(ZwQueryKey(again, KeyFullInformation, &info, sizeof(info), &needed), STATUS_SUCCESS);
    CHECK_EQUAL(info.key.Values, 1);
    CHECK_EQUAL(info.key.SubKeys, 0);
    CHECK_EQUAL(ZwEnumerateKey(key, 99, KeyBasicInformation, &info, sizeof(info), &needed), STATUS_NO_MORE_ENTRIES);
    CHECK_EQUAL(ZwEnumerateKey(key, 0, KeyBasicInformation, &info, sizeof(info), &needed), STATUS_SUCCESS);
    CHECK(info.basic.NameLength != 0);
    CHECK_EQUAL(ZwFlushKey(key), STATUS_SUCCESS);
    CHECK_EQUAL(ZwDeleteValueKey(child, &text), STATUS_SUCCESS);
    CHECK_EQUAL(ZwDeleteValueKey(child, &text), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(ZwDeleteKey(child), STATUS_SUCCESS);
    CHECK_EQUAL(ZwQueryKey(again, KeyFullInformation, &info, sizeof(info), &needed), STATUS_KEY_DELETED);
    CHECK_EQUAL(ZwClose(again), STATUS_SUCCESS);
    CHECK_EQUAL(ZwClose(child), STATUS_SUCCESS);
    CHECK_EQUAL(ZwClose(key), STATUS_SUCCESS);
}

/* What the application has set since, by the Rtl routines. */
static VOID CheckAndAnswer(VOID)
{
    RTL_QUERY_REGISTRY_TABLE table[2];
    ULONG answer = 0x600D;

    RtlZeroMemory(table, sizeof(table));
    ListCount = 0;
    table[0].QueryRoutine = CountString;
    table[0].Flags = RTL_QUERY_REGISTRY_REQUIRED;
    table[0].Name = L"List";
    CHECK_EQUAL(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"PwRegistryTest\\FromApp", table, NULL, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(ListCount, 2);
    table[0].Name = L"Nothing";
    CHECK_EQUAL(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"PwRegistryTest\\FromApp", table, NULL, NULL),
                STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"PwRegistryTest\\Nowhere"), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, L"PwRegistryTest\\FromDriver"), STATUS_SUCCESS);
    CHECK_EQUAL(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"PwRegistryTest\\FromDriver"), STATUS_SUCCESS);
    CHECK_EQUAL(RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"PwRegistryTest\\FromDriver", L"Answer", REG_DWORD, &answer,
                                      sizeof(answer)),
                STATUS_SUCCESS);
    CHECK_EQUAL(RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"PwRegistryTest\\FromDriver", L"Gone", REG_DWORD, &answer,
                                      sizeof(answer)),
                STATUS_SUCCESS);
    CHECK_EQUAL(RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, L"PwRegistryTest\\FromDriver", L"Gone"), STATUS_SUCCESS);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_CHECK_AND_ANSWER:
        CheckAndAnswer();
        return STATUS_SUCCESS;
    case IOCTL_PARAMETERS:
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(Found)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, &Found, sizeof(Found));
        Irp->IoStatus.Information = sizeof(Found);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ReadParameters(RegistryPath);
    ReadServiceKey();
    Work();
    return FrameDriverEntry(DriverObject, RegistryPath);
}
