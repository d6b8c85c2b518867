/* SPDX-License-Identifier: Apache-2.0 */
/* UNICODE_STRING and its relatives, list entries, DbgPrint with Microsoft's formats. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static VOID CountedStrings(VOID)
{
    static const WCHAR text[] = L"Party wall";
    UNICODE_STRING one;
    UNICODE_STRING two = RTL_CONSTANT_STRING(L"PARTY WALL");
    UNICODE_STRING empty;
    WCHAR buffer[32];
    UNICODE_STRING built;

    CHECK_EQUAL(sizeof(WCHAR), 2);
    CHECK_EQUAL(sizeof(text), 22);
    CHECK_EQUAL(sizeof(UNICODE_STRING), 16);
    RtlInitUnicodeString(&one, text);
    CHECK_EQUAL(one.Length, 20);
    CHECK_EQUAL(one.MaximumLength, 22);
    CHECK(one.Buffer == (PWSTR)text);
    CHECK_EQUAL(two.Length, 20);
    CHECK_EQUAL(two.MaximumLength, 22);
    RtlInitUnicodeString(&empty, NULL);
    CHECK_EQUAL(empty.Length, 0);
    CHECK_EQUAL(empty.MaximumLength, 0);
    CHECK(empty.Buffer == NULL);

    CHECK(RtlEqualUnicodeString(&one, &two, TRUE));
    CHECK(!RtlEqualUnicodeString(&one, &two, FALSE));
    CHECK_EQUAL(RtlCompareUnicodeString(&one, &two, TRUE), 0);
    CHECK(RtlCompareUnicodeString(&one, &two, FALSE) > 0);
    CHECK(RtlCompareUnicodeString(&empty, &one, FALSE) < 0);

    built.Buffer = buffer;
    built.Length = 0;
    built.MaximumLength = sizeof(buffer);
    RtlCopyUnicodeString(&built, &one);
    CHECK(RtlEqualUnicodeString(&built, &one, FALSE));
    CHECK_EQUAL(RtlAppendUnicodeToString(&built, L" - "), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAppendUnicodeStringToString(&built, &two), STATUS_SUCCESS);
    CHECK_EQUAL(built.Length, 46);
    CHECK_EQUAL((ULONG)RtlAppendUnicodeStringToString(&built, &two), (ULONG)STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(built.Length, 46);
    /* Copying into less room truncates. */
    built.MaximumLength = 8;
    RtlCopyUnicodeString(&built, &one);
    CHECK_EQUAL(built.Length, 8);
    CHECK_EQUAL(RtlCompareMemory(built.Buffer, text, 8), 8);
}

static VOID Conversions(VOID)
{
    ANSI_STRING ansi;
    UNICODE_STRING wide;
    NTSTATUS status;

    RtlInitAnsiString(&ansi, "shared memory");
    CHECK_EQUAL(ansi.Length, 13);
    CHECK_EQUAL(ansi.MaximumLength, 14);
    status = RtlAnsiStringToUnicodeString(&wide, &ansi, TRUE);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    if (NT_SUCCESS(status)) {
        CHECK_EQUAL(wide.Length, 26);
        CHECK_EQUAL(wide.Buffer[7], L'm');
        RtlFreeUnicodeString(&wide);
        CHECK(wide.Buffer == NULL);
    }
}

typedef struct _ITEM {
    ULONG Number;
    LIST_ENTRY Link;
} ITEM;

static VOID Lists(VOID)
{
    LIST_ENTRY head;
    ITEM items[3];
    ULONG i;

    InitializeListHead(&head);
    CHECK(IsListEmpty(&head));
    for (i = 0; i < 3; ++i) {
        items[i].Number = i;
        InsertTailList(&head, &items[i].Link);
    }
    CHECK(!IsListEmpty(&head));
    CHECK(!RemoveEntryList(&items[1].Link));
    CHECK_EQUAL(CONTAINING_RECORD(RemoveHeadList(&head), ITEM, Link)->Number, 0);
    CHECK_EQUAL(CONTAINING_RECORD(RemoveHeadList(&head), ITEM, Link)->Number, 2);
    CHECK(IsListEmpty(&head));
}

static VOID Printing(VOID)
{
    UNICODE_STRING wide = RTL_CONSTANT_STRING(L"counted");
    ANSI_STRING ansi;

    RtlInitAnsiString(&ansi, "narrow");
    /* What the lines look like is tested elsewhere; here it counts that Microsoft's formats take their arguments. */
    DbgPrint("strings: %wZ %Z %ws %S %s %hs %c\n", &wide, &ansi, L"wide", L"WIDE", "text", "TEXT", 'c');
    DbgPrint("strings: %d %u %ld %lu %I64d %I64x %Iu %p %08lx %%\n", -1, 2u, -3l, 4ul, -5LL, 6ULL, (SIZE_T)7,
             (PVOID)&wide, 8ul);
    DbgPrint("strings: %-8s|%8s|%.2s|%*d|\n", "left", "right", "cut", 6, 9);
    DbgPrint("a line without arguments\n");
    KdPrint(("strings: %s\n", "KdPrint"));
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_RUN) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    CountedStrings();
    Conversions();
    Lists();
    Printing();
    return STATUS_SUCCESS;
}
