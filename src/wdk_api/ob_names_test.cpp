// SPDX-License-Identifier: Apache-2.0
#include <nt/zw.h>
#include <wdmsec.h>

#include <cstring>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

std::u16string text_in(const UNICODE_STRING& string) {
    return string.Buffer ? std::u16string(reinterpret_cast<const char16_t*>(string.Buffer), string.Length / 2) : std::u16string();
}

class Names : public KernelFixture {
protected:
    HANDLE make_link(std::u16string_view name, std::u16string_view target) {
        UNICODE_STRING name_text = string_of(name);
        UNICODE_STRING target_text = string_of(target);
        OBJECT_ATTRIBUTES attributes = attributes_of(&name_text);
        HANDLE link = nullptr;
        EXPECT_EQ(ZwCreateSymbolicLinkObject(&link, 0x000F0001, &attributes, &target_text), STATUS_SUCCESS);
        return link;
    }
};

TEST_F(Names, ASymbolicLinkTellsItsTarget) {
    HANDLE link = make_link(u"\\??\\TestLink", u"\\Device\\Target");
    char16_t room[32] = {};
    UNICODE_STRING target = {0, sizeof(room), reinterpret_cast<PWCH>(room)};
    ULONG needed = 0;
    EXPECT_EQ(ZwQuerySymbolicLinkObject(link, &target, &needed), STATUS_SUCCESS);
    EXPECT_EQ(text_in(target), u"\\Device\\Target");
    EXPECT_EQ(needed, 30u);
    UNICODE_STRING small = {0, 4, reinterpret_cast<PWCH>(room)};
    EXPECT_EQ(ZwQuerySymbolicLinkObject(link, &small, &needed), STATUS_BUFFER_TOO_SMALL);

    UNICODE_STRING name = string_of(u"\\??\\TestLink");
    OBJECT_ATTRIBUTES attributes = attributes_of(&name);
    HANDLE again = nullptr;
    EXPECT_EQ(ZwOpenSymbolicLinkObject(&again, GENERIC_READ, &attributes), STATUS_SUCCESS);
    EXPECT_EQ(ZwClose(again), STATUS_SUCCESS);
    EXPECT_EQ(ZwClose(link), STATUS_SUCCESS);
    EXPECT_EQ(ZwOpenSymbolicLinkObject(&again, GENERIC_READ, &attributes), STATUS_OBJECT_NAME_NOT_FOUND);
}

TEST_F(Names, ALinkLeadsToItsTargetByName) {
    PDEVICE_OBJECT device = make_device(u"\\Device\\Target");
    HANDLE link = make_link(u"\\??\\TestLink", u"\\Device\\Target");
    UNICODE_STRING name = string_of(u"\\??\\TestLink");
    PVOID object = nullptr;
    EXPECT_EQ(ObReferenceObjectByName(&name, OBJ_CASE_INSENSITIVE, nullptr, 0, *IoDeviceObjectType, KernelMode, nullptr, &object),
              STATUS_SUCCESS);
    EXPECT_EQ(object, device);
    ObfDereferenceObject(object);
    EXPECT_EQ(ObReferenceObjectByName(&name, OBJ_CASE_INSENSITIVE, nullptr, 0, *IoDriverObjectType, KernelMode, nullptr, &object),
              STATUS_OBJECT_TYPE_MISMATCH);
    EXPECT_EQ(object, nullptr);
    UNICODE_STRING driver_name = string_of(u"\\Driver\\TEST");
    EXPECT_EQ(ObReferenceObjectByName(&driver_name, 0, nullptr, 0, nullptr, KernelMode, nullptr, &object),
              STATUS_OBJECT_NAME_NOT_FOUND);  // case counts without OBJ_CASE_INSENSITIVE
    EXPECT_EQ(ObReferenceObjectByName(&driver_name, OBJ_CASE_INSENSITIVE, nullptr, 0, *IoDriverObjectType, KernelMode, nullptr,
                                      &object),
              STATUS_SUCCESS);
    EXPECT_EQ(object, driver());
    ObfDereferenceObject(object);
    EXPECT_EQ(ZwClose(link), STATUS_SUCCESS);
}

TEST_F(Names, ObOpenObjectByNameGivesAHandle) {
    PDEVICE_OBJECT device = make_device(u"\\Device\\Target");
    UNICODE_STRING name = string_of(u"\\Device\\Target");
    OBJECT_ATTRIBUTES attributes = attributes_of(&name);
    HANDLE handle = nullptr;
    ASSERT_EQ(ObOpenObjectByName(&attributes, *IoDeviceObjectType, KernelMode, nullptr, GENERIC_READ, nullptr, &handle),
              STATUS_SUCCESS);
    PVOID object = nullptr;
    EXPECT_EQ(ObReferenceObjectByHandle(handle, 0, *IoDeviceObjectType, KernelMode, &object, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(object, device);
    ObfDereferenceObject(object);
    EXPECT_EQ(ZwClose(handle), STATUS_SUCCESS);
}

TEST_F(Names, AnObjectTellsItsName) {
    PDEVICE_OBJECT named = make_device(u"\\Device\\Target");
    PDEVICE_OBJECT unnamed = make_device();
    alignas(8) std::byte room[128] = {};
    auto* information = reinterpret_cast<POBJECT_NAME_INFORMATION>(room);
    ULONG needed = 0;
    EXPECT_EQ(ObQueryNameString(named, nullptr, 0, &needed), STATUS_INFO_LENGTH_MISMATCH);
    EXPECT_EQ(needed, sizeof(OBJECT_NAME_INFORMATION) + 30);
    EXPECT_EQ(ObQueryNameString(named, information, needed, &needed), STATUS_SUCCESS);
    EXPECT_EQ(text_in(information->Name), u"\\Device\\Target");
    EXPECT_EQ(information->Name.MaximumLength, information->Name.Length + 2);
    EXPECT_EQ(ObQueryNameString(unnamed, information, sizeof(room), &needed), STATUS_SUCCESS);
    EXPECT_EQ(information->Name.Buffer, nullptr);
    EXPECT_EQ(needed, sizeof(OBJECT_NAME_INFORMATION));
}

TEST_F(Names, ZwQueryObjectAnswersBasicNameAndType) {
    HANDLE link = make_link(u"\\??\\TestLink", u"\\Device\\Target");
    PUBLIC_OBJECT_BASIC_INFORMATION basic = {};
    ULONG needed = 0;
    EXPECT_EQ(ZwQueryObject(link, ObjectBasicInformation, &basic, sizeof(basic) - 1, &needed), STATUS_INFO_LENGTH_MISMATCH);
    EXPECT_EQ(needed, sizeof(basic));
    EXPECT_EQ(ZwQueryObject(link, ObjectBasicInformation, &basic, sizeof(basic), nullptr), STATUS_SUCCESS);
    EXPECT_EQ(basic.HandleCount, 1u);
    EXPECT_EQ(basic.GrantedAccess, 0x000F0001u);
    EXPECT_EQ(basic.Attributes & OBJ_PERMANENT, 0u);
    EXPECT_EQ(ZwMakePermanentObject(link), STATUS_SUCCESS);
    EXPECT_EQ(ZwQueryObject(link, ObjectBasicInformation, &basic, sizeof(basic), nullptr), STATUS_SUCCESS);
    EXPECT_NE(basic.Attributes & OBJ_PERMANENT, 0u);
    EXPECT_EQ(ZwMakeTemporaryObject(link), STATUS_SUCCESS);

    alignas(8) std::byte room[256] = {};
    EXPECT_EQ(ZwQueryObject(link, ObjectNameInformation, room, sizeof(room), nullptr), STATUS_SUCCESS);
    EXPECT_EQ(text_in(reinterpret_cast<POBJECT_NAME_INFORMATION>(room)->Name), u"\\GLOBAL??\\TestLink");
    EXPECT_EQ(ZwQueryObject(link, ObjectTypeInformation, room, sizeof(room), nullptr), STATUS_SUCCESS);
    EXPECT_EQ(text_in(reinterpret_cast<POBJECT_TYPE_INFORMATION>(room)->TypeName), u"SymbolicLink");
    EXPECT_EQ(reinterpret_cast<POBJECT_TYPE_INFORMATION>(room)->ValidAccessMask, 0x000F0001u);
    EXPECT_EQ(ZwQueryObject(link, ObjectTypesInformation, room, sizeof(room), nullptr), STATUS_INVALID_INFO_CLASS);
    EXPECT_EQ(ZwClose(link), STATUS_SUCCESS);
    EXPECT_EQ(ZwQueryObject(link, ObjectBasicInformation, &basic, sizeof(basic), nullptr), STATUS_INVALID_HANDLE);
}

class Timers : public KernelFixture {
protected:
    HANDLE make_timer(UNICODE_STRING* name = nullptr, TIMER_TYPE type = NotificationTimer) {
        OBJECT_ATTRIBUTES attributes = attributes_of(name);
        HANDLE timer = nullptr;
        EXPECT_EQ(ZwCreateTimer(&timer, 0x001F0003, &attributes, type), STATUS_SUCCESS);
        return timer;
    }
    static LARGE_INTEGER in_ms(LONGLONG ms) {
        LARGE_INTEGER time;
        time.QuadPart = -ms * 10'000;
        return time;
    }
};

TEST_F(Timers, ATimerSignalsAndIsFoundByName) {
    UNICODE_STRING name = string_of(u"\\BaseNamedObjects\\TestTimer");
    HANDLE timer = make_timer(&name);
    OBJECT_ATTRIBUTES attributes = attributes_of(&name);
    HANDLE other = nullptr;
    ASSERT_EQ(ZwOpenTimer(&other, 0x001F0003, &attributes), STATUS_SUCCESS);
    LARGE_INTEGER due = in_ms(1);
    BOOLEAN was_set = TRUE;
    EXPECT_EQ(ZwSetTimer(timer, &due, nullptr, nullptr, FALSE, 0, &was_set), STATUS_SUCCESS);
    EXPECT_FALSE(was_set);
    EXPECT_EQ(ZwWaitForSingleObject(other, FALSE, nullptr), STATUS_SUCCESS);
    BOOLEAN state = FALSE;
    EXPECT_EQ(ZwCancelTimer(timer, &state), STATUS_SUCCESS);
    EXPECT_TRUE(state);
    EXPECT_EQ(ZwClose(timer), STATUS_SUCCESS);
    EXPECT_EQ(ZwClose(other), STATUS_SUCCESS);
}

TEST_F(Timers, SettingARunningTimerSaysSoAndBadArgumentsAreRefused) {
    HANDLE timer = make_timer();
    LARGE_INTEGER due = in_ms(600'000);
    BOOLEAN was_set = FALSE;
    EXPECT_EQ(ZwSetTimer(timer, &due, nullptr, nullptr, FALSE, 0, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(ZwSetTimer(timer, &due, nullptr, nullptr, TRUE, 1000, &was_set), STATUS_TIMER_RESUME_IGNORED);
    EXPECT_TRUE(was_set);
    EXPECT_EQ(ZwSetTimer(timer, &due, nullptr, nullptr, FALSE, -1, nullptr), STATUS_INVALID_PARAMETER_6);
    BOOLEAN state = TRUE;
    EXPECT_EQ(ZwCancelTimer(timer, &state), STATUS_SUCCESS);
    EXPECT_FALSE(state);
    EXPECT_EQ(ZwClose(timer), STATUS_SUCCESS);
    EXPECT_EQ(ZwCancelTimer(timer, &state), STATUS_INVALID_HANDLE);
}

// In kernel mode the routine is a normal kernel APC: no alertable wait is needed, and a critical region keeps it back.
TEST_F(Timers, ARoutineRunsInTheThreadThatSetTheTimer) {
    struct Seen {
        PKTHREAD thread = nullptr;
        KIRQL irql = HIGH_LEVEL;
        LONGLONG time = 0;
    } seen;
    const auto note = [](PVOID context, ULONG low, LONG high) {
        auto& to = *static_cast<Seen*>(context);
        to.thread = KeGetCurrentThread();
        to.irql = KeGetCurrentIrql();
        to.time = static_cast<LONGLONG>(static_cast<ULONGLONG>(static_cast<ULONG>(high)) << 32 | low);
    };
    HANDLE timer = make_timer(nullptr, SynchronizationTimer);
    LARGE_INTEGER before, after, due = in_ms(1);
    KeQuerySystemTime(&before);
    KeEnterCriticalRegion();
    EXPECT_EQ(ZwSetTimer(timer, &due, note, &seen, FALSE, 0, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(ZwWaitForSingleObject(timer, FALSE, nullptr), STATUS_SUCCESS);
    KeFlushQueuedDpcs();
    EXPECT_EQ(seen.thread, nullptr);
    KeLeaveCriticalRegion();
    KeQuerySystemTime(&after);
    EXPECT_EQ(seen.thread, KeGetCurrentThread());
    EXPECT_EQ(seen.irql, PASSIVE_LEVEL);
    EXPECT_GE(seen.time, before.QuadPart);
    EXPECT_LE(seen.time, after.QuadPart);
    // Cancelling takes back what has not run.
    seen = {};
    KeEnterCriticalRegion();
    EXPECT_EQ(ZwSetTimer(timer, &due, note, &seen, FALSE, 0, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(ZwWaitForSingleObject(timer, FALSE, nullptr), STATUS_SUCCESS);
    KeFlushQueuedDpcs();
    EXPECT_EQ(ZwCancelTimer(timer, nullptr), STATUS_SUCCESS);
    KeLeaveCriticalRegion();
    EXPECT_EQ(seen.thread, nullptr);
    EXPECT_EQ(ZwClose(timer), STATUS_SUCCESS);
}

TEST_F(Timers, ARunningTimerMayLoseItsLastHandle) {
    HANDLE timer = make_timer();
    LARGE_INTEGER due = in_ms(600'000);
    EXPECT_EQ(ZwSetTimer(timer, &due, nullptr, nullptr, FALSE, 0, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(ZwClose(timer), STATUS_SUCCESS);  // out of the timer queue: the kernel's end would trip over it
}

TEST_F(Timers, SemaphoresAndMutantsWorkByHandle) {
    OBJECT_ATTRIBUTES attributes = attributes_of(nullptr);
    HANDLE semaphore = nullptr;
    EXPECT_EQ(ZwCreateSemaphore(&semaphore, 0x001F0003, &attributes, 2, 1), STATUS_INVALID_PARAMETER);
    ASSERT_EQ(ZwCreateSemaphore(&semaphore, 0x001F0003, &attributes, 0, 1), STATUS_SUCCESS);
    LONG previous = -1;
    EXPECT_EQ(ZwReleaseSemaphore(semaphore, 1, &previous), STATUS_SUCCESS);
    EXPECT_EQ(previous, 0);
    EXPECT_EQ(ZwReleaseSemaphore(semaphore, 1, &previous), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    HANDLE mutant = nullptr;
    ASSERT_EQ(ZwCreateMutant(&mutant, 0x001F0001, &attributes, TRUE), STATUS_SUCCESS);
    EXPECT_EQ(ZwReleaseMutant(mutant, &previous), STATUS_SUCCESS);
    EXPECT_EQ(ZwReleaseMutant(mutant, &previous), STATUS_MUTANT_NOT_OWNED);
    EXPECT_EQ(ZwReleaseMutant(semaphore, &previous), STATUS_OBJECT_TYPE_MISMATCH);
    EXPECT_EQ(ZwClose(semaphore), STATUS_SUCCESS);
    EXPECT_EQ(ZwClose(mutant), STATUS_SUCCESS);
}

class Attach : public KernelFixture {};

TEST_F(Attach, ChangesTheCurrentProcessAndNests) {
    ps::ProcessManager& processes = kernel().processes();
    const Ref<ps::Process> one = processes.create_process(0, "one", {});
    const Ref<ps::Process> two = processes.create_process(0, "two", {});
    KAPC_STATE outer;
    KAPC_STATE inner;
    KeStackAttachProcess(one->nt(), &outer);
    EXPECT_EQ(PsGetCurrentProcess(), one->nt());
    KeStackAttachProcess(two->nt(), &inner);
    EXPECT_EQ(PsGetCurrentProcess(), two->nt());
    EXPECT_TRUE(PsIsSystemThread(PsGetCurrentThread()));  // whose thread it is does not change
    KeUnstackDetachProcess(&inner);
    EXPECT_EQ(PsGetCurrentProcess(), one->nt());
    KeUnstackDetachProcess(&outer);
    EXPECT_EQ(PsGetCurrentProcess(), PsInitialSystemProcess);
    processes.process_gone(*one);
    processes.process_gone(*two);
}

TEST_F(Attach, AtDispatchLevelIsABugCheck) {
    KAPC_STATE state;
    PW_EXPECT_BUG_CHECK(
        {
            KeRaiseIrqlToDpcLevel();
            KeStackAttachProcess(PsInitialSystemProcess, &state);
        },
        "INVALID_PROCESS_ATTACH_ATTEMPT");
}

TEST_F(Attach, NtCloseInUserModeDoesNotReachKernelHandles) {
    OBJECT_ATTRIBUTES attributes = attributes_of(nullptr);
    HANDLE event = nullptr;
    ASSERT_EQ(ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE), STATUS_SUCCESS);
    ps::Thread& thread = current_thread();
    thread.set_previous_mode(UserMode);
    EXPECT_EQ(NtClose(event), STATUS_INVALID_HANDLE);
    thread.set_previous_mode(KernelMode);
    EXPECT_EQ(NtClose(event), STATUS_SUCCESS);
}

class SecureDevice : public KernelFixture {};

TEST_F(SecureDevice, ChecksCallersByItsOwnDescriptor) {
    driver()->MajorFunction[IRP_MJ_CREATE] = driver()->MajorFunction[IRP_MJ_CLOSE] = driver()->MajorFunction[IRP_MJ_CLEANUP] =
        [](PDEVICE_OBJECT, PIRP irp) -> NTSTATUS {
        irp->IoStatus = {};
        IofCompleteRequest(irp, IO_NO_INCREMENT);
        return STATUS_SUCCESS;
    };
    UNICODE_STRING name = string_of(u"\\Device\\Secure");
    PDEVICE_OBJECT device = nullptr;
    EXPECT_EQ(WdmlibIoCreateDeviceSecure(driver(), 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, nullptr, nullptr, &device),
              STATUS_INVALID_PARAMETER);
    const UNICODE_STRING wrong = string_of(u"D:(A;;XX;;;SY)");
    EXPECT_EQ(WdmlibIoCreateDeviceSecure(driver(), 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &wrong, nullptr, &device),
              STATUS_INVALID_PARAMETER);
    EXPECT_EQ(device, nullptr);
    ASSERT_EQ(WdmlibIoCreateDeviceSecure(driver(), 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &SDDL_DEVOBJ_KERNEL_ONLY, nullptr,
                                         &device),
              STATUS_SUCCESS);
    device->Flags &= ~ULONG{DO_DEVICE_INITIALIZING};
    IO_STATUS_BLOCK block = {};
    HANDLE file = nullptr;
    const auto open = [&](std::u16string_view path, ULONG extra) {
        UNICODE_STRING text = string_of(path);
        OBJECT_ATTRIBUTES attributes = attributes_of(&text, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE | extra);
        const NTSTATUS status = ZwOpenFile(&file, GENERIC_READ, &attributes, &block, 0, 0);
        if (NT_SUCCESS(status)) ZwClose(file);
        return status;
    };
    // A driver passes; asked to be checked, not even SYSTEM does.
    EXPECT_EQ(open(u"\\Device\\Secure", 0), STATUS_SUCCESS);
    EXPECT_EQ(open(u"\\Device\\Secure", OBJ_FORCE_ACCESS_CHECK), STATUS_ACCESS_DENIED);
    // A name behind the device is the driver's to check, unless the device is opened securely.
    EXPECT_EQ(open(u"\\Device\\Secure\\file", OBJ_FORCE_ACCESS_CHECK), STATUS_SUCCESS);
    device->Characteristics |= FILE_DEVICE_SECURE_OPEN;
    EXPECT_EQ(open(u"\\Device\\Secure\\file", OBJ_FORCE_ACCESS_CHECK), STATUS_ACCESS_DENIED);
    EXPECT_EQ(open(u"\\Device\\Secure\\file", 0), STATUS_SUCCESS);
}

class CreateFileByIo : public KernelFixture {};

TEST_F(CreateFileByIo, OpensADeviceAndRefusesWhatIsNotThere) {
    driver()->MajorFunction[IRP_MJ_CREATE] = driver()->MajorFunction[IRP_MJ_CLOSE] = driver()->MajorFunction[IRP_MJ_CLEANUP] =
        [](PDEVICE_OBJECT, PIRP irp) -> NTSTATUS {
        irp->IoStatus = {};
        IofCompleteRequest(irp, IO_NO_INCREMENT);
        return STATUS_SUCCESS;
    };
    make_device(u"\\Device\\Target");
    UNICODE_STRING name = string_of(u"\\Device\\Target");
    OBJECT_ATTRIBUTES attributes = attributes_of(&name);
    IO_STATUS_BLOCK block = {};
    HANDLE file = nullptr;
    const auto create = [&](CREATE_FILE_TYPE type, ULONG options) {
        return IoCreateFile(&file, GENERIC_READ, &attributes, &block, nullptr, 0, 0, FILE_OPEN, 0, nullptr, 0, type, nullptr,
                            options);
    };
    EXPECT_EQ(create(CreateFileTypeNamedPipe, 0), STATUS_NOT_IMPLEMENTED);
    EXPECT_EQ(create(CreateFileTypeNone, IO_OPEN_TARGET_DIRECTORY), STATUS_NOT_IMPLEMENTED);
    ASSERT_EQ(create(CreateFileTypeNone, IO_NO_PARAMETER_CHECKING), STATUS_SUCCESS);
    PDEVICE_OBJECT filter = make_device();
    PDEVICE_OBJECT attached = nullptr;
    EXPECT_EQ(IoAttachDevice(filter, &name, &attached), STATUS_SUCCESS);
    EXPECT_EQ(attached->AttachedDevice, filter);
    IoDetachDevice(attached);
    EXPECT_EQ(ZwClose(file), STATUS_SUCCESS);
}

}  // namespace
}  // namespace pw::wdk::test
