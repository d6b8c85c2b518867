// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

constexpr ULONG code(ULONG method) { return (FILE_DEVICE_UNKNOWN << 16) | (0x800 << 2) | method; }

NTSTATUS complete(PIRP irp, NTSTATUS status, ULONG_PTR information) {
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IofCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

// What the next dispatch does; routines have no context of their own.
std::function<NTSTATUS(PDEVICE_OBJECT, PIRP)>* dispatch = nullptr;

class BuiltRequest : public KernelFixture {
protected:
    void SetUp() override {
        KernelFixture::SetUp();
        dispatch = &handler_;
        for (auto& routine : driver()->MajorFunction) routine = [](PDEVICE_OBJECT d, PIRP irp) { return (*dispatch)(d, irp); };
        device_ = make_device();
        KeInitializeEvent(&event_, NotificationEvent, FALSE);
        block_.Status = untouched;
        block_.Information = 77;
    }
    void TearDown() override {
        EXPECT_EQ(kernel().processes().system_process().pending_request_count.load(), 0u);
        stop_kernel();
        KernelFixture::TearDown();
    }
    PIRP control(ULONG method, void* input, ULONG input_bytes, void* output, ULONG output_bytes, BOOLEAN internal = FALSE) {
        return IoBuildDeviceIoControlRequest(code(method), device_, input, input_bytes, output, output_bytes, internal, &event_,
                                             &block_);
    }
    PIRP read(void* buffer, ULONG bytes) {
        LARGE_INTEGER offset;
        offset.QuadPart = 4096;
        return IoBuildSynchronousFsdRequest(IRP_MJ_READ, device_, buffer, bytes, &offset, &event_, &block_);
    }
    [[nodiscard]] bool is_signalled() { return KeReadStateEvent(&event_) != 0; }
    void wait() {
        LARGE_INTEGER timeout = long_time();
        EXPECT_EQ(KeWaitForSingleObject(&event_, Executive, KernelMode, FALSE, &timeout), STATUS_SUCCESS);
    }

    static constexpr NTSTATUS untouched = 0x12345678;
    std::function<NTSTATUS(PDEVICE_OBJECT, PIRP)> handler_;
    PDEVICE_OBJECT device_ = nullptr;
    KEVENT event_;
    IO_STATUS_BLOCK block_ = {};
};

TEST_F(BuiltRequest, ABufferedControlCopiesInAndExactlyInformationBytesOut) {
    char input[] = "ask";
    char output[8] = "-------";
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        const auto& p = IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl;
        EXPECT_EQ(IoGetCurrentIrpStackLocation(irp)->MajorFunction, IRP_MJ_DEVICE_CONTROL);
        EXPECT_EQ(p.IoControlCode, code(METHOD_BUFFERED));
        EXPECT_EQ(p.InputBufferLength, 4u);
        EXPECT_EQ(p.OutputBufferLength, 8u);
        EXPECT_EQ(irp->RequestorMode, KernelMode);
        EXPECT_STREQ(static_cast<char*>(irp->AssociatedIrp.SystemBuffer), "ask");
        std::memcpy(irp->AssociatedIrp.SystemBuffer, "tell...", 8);
        return complete(irp, STATUS_SUCCESS, 4);
    };
    EXPECT_EQ(IofCallDriver(device_, control(METHOD_BUFFERED, input, 4, output, 8)), STATUS_SUCCESS);
    EXPECT_EQ(std::string(output, 8), std::string("tell---\0", 8));
    EXPECT_EQ(block_.Status, STATUS_SUCCESS);
    EXPECT_EQ(block_.Information, 4u);
    EXPECT_TRUE(is_signalled());
}

TEST_F(BuiltRequest, AnInternalControlHasItsOwnMajorFunction) {
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        EXPECT_EQ(IoGetCurrentIrpStackLocation(irp)->MajorFunction, IRP_MJ_INTERNAL_DEVICE_CONTROL);
        EXPECT_EQ(irp->AssociatedIrp.SystemBuffer, nullptr);
        return complete(irp, STATUS_SUCCESS, 0);
    };
    EXPECT_EQ(IofCallDriver(device_, control(METHOD_BUFFERED, nullptr, 0, nullptr, 0, TRUE)), STATUS_SUCCESS);
}

TEST_F(BuiltRequest, AFailureAtOnceTouchesNeitherStatusBlockNorEventNorBuffer) {
    char output[4] = "abc";
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        std::memset(irp->AssociatedIrp.SystemBuffer, 'x', 4);
        return complete(irp, STATUS_INVALID_PARAMETER, 4);
    };
    EXPECT_EQ(IofCallDriver(device_, control(METHOD_BUFFERED, nullptr, 0, output, 4)), STATUS_INVALID_PARAMETER);
    EXPECT_STREQ(output, "abc");
    EXPECT_EQ(block_.Status, untouched);
    EXPECT_FALSE(is_signalled());
}

TEST_F(BuiltRequest, APendedFailureReachesStatusBlockAndEvent) {
    PIRP pended = nullptr;
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        IoMarkIrpPending(irp);
        pended = irp;
        return STATUS_PENDING;
    };
    EXPECT_EQ(IofCallDriver(device_, control(METHOD_NEITHER, nullptr, 0, nullptr, 0)), STATUS_PENDING);
    EXPECT_FALSE(is_signalled());
    const std::jthread completer = on_system_thread([&] { complete(pended, STATUS_DEVICE_BUSY, 0); });
    wait();
    EXPECT_EQ(block_.Status, STATUS_DEVICE_BUSY);
}

TEST_F(BuiltRequest, APendedRequestCompletedAtDispatchLevelIsFinishedThere) {
    char output[4] = "---";
    PIRP pended = nullptr;
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        IoMarkIrpPending(irp);
        pended = irp;
        return STATUS_PENDING;
    };
    EXPECT_EQ(IofCallDriver(device_, control(METHOD_BUFFERED, nullptr, 0, output, 4)), STATUS_PENDING);
    const KIRQL irql = KeRaiseIrqlToDpcLevel();
    std::memcpy(pended->AssociatedIrp.SystemBuffer, "dpc", 4);
    complete(pended, STATUS_SUCCESS, 4);
    KeLowerIrql(irql);
    wait();
    EXPECT_STREQ(output, "dpc");
    EXPECT_EQ(block_.Information, 4u);
}

TEST_F(BuiltRequest, ADirectControlLendsTheBuffersOwnPages) {
    auto* output = static_cast<char*>(ExAllocatePoolWithTag(NonPagedPoolNx, 8192, 0x74736574));
    char input[] = "in";
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        EXPECT_STREQ(static_cast<char*>(irp->AssociatedIrp.SystemBuffer), "in");
        EXPECT_NE(irp->MdlAddress, nullptr);
        EXPECT_EQ(MmGetMdlByteCount(irp->MdlAddress), 8192u);
        auto* pages = static_cast<char*>(MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority));
        pages[5000] = '!';
        EXPECT_EQ(output[5000], '!');
        return complete(irp, STATUS_SUCCESS, 8192);
    };
    EXPECT_EQ(IofCallDriver(device_, control(METHOD_OUT_DIRECT, input, 3, output, 8192)), STATUS_SUCCESS);
    EXPECT_EQ(block_.Information, 8192u);
    ExFreePool(output);
}

TEST_F(BuiltRequest, WhatCannotBeLockedGivesNoIrp) {
    EXPECT_EQ(control(METHOD_OUT_DIRECT, nullptr, 0, reinterpret_cast<void*>(0x10000), 4096), nullptr);
}

TEST_F(BuiltRequest, ReadsFollowTheDevicesMethodAndOffset) {
    device_->Flags |= DO_BUFFERED_IO;
    char buffer[4] = "---";
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        const auto& p = IoGetCurrentIrpStackLocation(irp)->Parameters.Read;
        EXPECT_EQ(p.Length, 4u);
        EXPECT_EQ(p.ByteOffset.QuadPart, 4096);
        std::memcpy(irp->AssociatedIrp.SystemBuffer, "get", 4);
        return complete(irp, STATUS_SUCCESS, 4);
    };
    EXPECT_EQ(IofCallDriver(device_, read(buffer, 4)), STATUS_SUCCESS);
    EXPECT_STREQ(buffer, "get");
}

TEST_F(BuiltRequest, OtherMajorFunctionsGiveNoIrp) {
    EXPECT_EQ(IoBuildSynchronousFsdRequest(IRP_MJ_CREATE, device_, nullptr, 0, nullptr, &event_, &block_), nullptr);
    EXPECT_EQ(IoBuildSynchronousFsdRequest(IRP_MJ_DEVICE_CONTROL, device_, nullptr, 0, nullptr, &event_, &block_), nullptr);
}

TEST_F(BuiltRequest, AnAsynchronousRequestBelongsToItsCompletionRoutine) {
    device_->Flags |= DO_BUFFERED_IO;
    char data[4] = "put";
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        EXPECT_STREQ(static_cast<char*>(irp->AssociatedIrp.SystemBuffer), "put");
        return complete(irp, STATUS_SUCCESS, 4);
    };
    PIRP irp = IoBuildAsynchronousFsdRequest(IRP_MJ_WRITE, device_, data, 4, nullptr, &block_);
    ASSERT_NE(irp, nullptr);
    static bool called = false;
    IoSetCompletionRoutine(
        irp,
        [](PDEVICE_OBJECT, PIRP done, PVOID) -> NTSTATUS {
            called = true;
            *done->UserIosb = done->IoStatus;
            ExFreePool(done->AssociatedIrp.SystemBuffer);
            IoFreeIrp(done);
            return STATUS_MORE_PROCESSING_REQUIRED;
        },
        nullptr, TRUE, TRUE, TRUE);
    EXPECT_EQ(IofCallDriver(device_, irp), STATUS_SUCCESS);
    EXPECT_TRUE(called);
    EXPECT_EQ(block_.Information, 4u);
}

TEST_F(BuiltRequest, TheLastAssociatedIrpCompletesTheMaster) {
    std::vector<PIRP> parts;
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        if (!(irp->Flags & IRP_ASSOCIATED_IRP)) {
            IoMarkIrpPending(irp);
            irp->IoStatus.Status = STATUS_SUCCESS;
            irp->IoStatus.Information = 9;
            irp->AssociatedIrp.IrpCount = 2;
            for (int i = 0; i < 2; ++i) {
                PIRP part = IoMakeAssociatedIrp(irp, 1);
                EXPECT_EQ(part->AssociatedIrp.MasterIrp, irp);
                static_cast<void>(IofCallDriver(device_, part));
            }
            return STATUS_PENDING;
        }
        IoMarkIrpPending(irp);
        parts.push_back(irp);
        return STATUS_PENDING;
    };
    PIRP master = read(nullptr, 0);
    EXPECT_EQ(IofCallDriver(device_, master), STATUS_PENDING);
    ASSERT_EQ(parts.size(), 2u);
    complete(parts[0], STATUS_SUCCESS, 0);
    EXPECT_FALSE(is_signalled());
    complete(parts[1], STATUS_SUCCESS, 0);
    EXPECT_TRUE(is_signalled());
    EXPECT_EQ(block_.Information, 9u);
}

TEST_F(BuiltRequest, CompletingFromACancelRoutineOfItsEndingThreadFinishesIt) {
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        IoMarkIrpPending(irp);
        IoSetCancelRoutine(irp, [](PDEVICE_OBJECT, PIRP cancelled) {
            IoReleaseCancelSpinLock(cancelled->CancelIrql);
            complete(cancelled, STATUS_CANCELLED, 0);
        });
        return STATUS_PENDING;
    };
    EXPECT_EQ(IofCallDriver(device_, control(METHOD_NEITHER, nullptr, 0, nullptr, 0)), STATUS_PENDING);
    kernel().io().cancel_thread_requests(current_thread());
    wait();
    EXPECT_EQ(block_.Status, STATUS_CANCELLED);
}

TEST_F(BuiltRequest, AnExCompletionRoutineKeepsItsDeviceUntilItReturns) {
    PDEVICE_OBJECT upper = make_device();
    ob::Object* object = ob::Object::from_body(upper);
    const auto references = object->pointer_count();
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) { return complete(irp, STATUS_UNSUCCESSFUL, 0); };
    for (const BOOLEAN on_error : {BOOLEAN{TRUE}, BOOLEAN{FALSE}}) {
        PIRP irp = read(nullptr, 0);
        static int calls = 0;
        calls = 0;
        EXPECT_EQ(IoSetCompletionRoutineEx(
                      upper, irp,
                      [](PDEVICE_OBJECT, PIRP, PVOID context) -> NTSTATUS {
                          ++*static_cast<int*>(context);
                          return STATUS_SUCCESS;
                      },
                      &calls, TRUE, on_error, FALSE),
                  STATUS_SUCCESS);
        EXPECT_EQ(object->pointer_count(), references + 1);
        EXPECT_EQ(IofCallDriver(device_, irp), STATUS_UNSUCCESSFUL);
        EXPECT_EQ(calls, on_error ? 1 : 0);
        EXPECT_EQ(object->pointer_count(), references);
    }
}

TEST_F(BuiltRequest, ForwardingSynchronouslyWaitsAndGivesTheIrpBack) {
    PDEVICE_OBJECT upper = make_device();
    ASSERT_EQ(IoAttachDeviceToDeviceStack(upper, device_), device_);
    NTSTATUS seen = untouched;
    PIRP pended = nullptr;
    std::jthread completer;
    handler_ = [&](PDEVICE_OBJECT device, PIRP irp) -> NTSTATUS {
        if (device == device_) {
            IoMarkIrpPending(irp);
            pended = irp;
            completer = on_system_thread([&] { complete(pended, STATUS_SUCCESS, 5); });
            return STATUS_PENDING;
        }
        EXPECT_TRUE(IoForwardIrpSynchronously(device_, irp));
        seen = irp->IoStatus.Status;
        return complete(irp, irp->IoStatus.Status, irp->IoStatus.Information);
    };
    PIRP irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, upper, nullptr, 0, nullptr, &event_, &block_);
    EXPECT_EQ(IofCallDriver(upper, irp), STATUS_SUCCESS);
    EXPECT_EQ(seen, STATUS_SUCCESS);
    EXPECT_EQ(block_.Information, 5u);
    EXPECT_EQ(IoGetLowerDeviceObject(upper), device_);
    EXPECT_EQ(IoGetDeviceAttachmentBaseRef(upper), device_);
    EXPECT_EQ(IoGetLowerDeviceObject(device_), nullptr);
    ObfDereferenceObject(device_);
    ObfDereferenceObject(device_);
    IoDetachDevice(device_);
    EXPECT_EQ(IoGetLowerDeviceObject(upper), nullptr);
}

TEST_F(BuiltRequest, ForwardingFromTheBottomIsRefused) {
    handler_ = [&](PDEVICE_OBJECT, PIRP irp) {
        EXPECT_FALSE(IoForwardIrpSynchronously(device_, irp));
        return complete(irp, STATUS_SUCCESS, 0);
    };
    EXPECT_EQ(IofCallDriver(device_, read(nullptr, 0)), STATUS_SUCCESS);
}

TEST_F(BuiltRequest, AskingAboutAnIrp) {
    FILE_OBJECT file = {};
    PIRP irp = make_received_irp(device_, IRP_MJ_DEVICE_CONTROL);
    IoGetCurrentIrpStackLocation(irp)->FileObject = &file;
    irp->Flags = IRP_INPUT_OPERATION;  // shares its bit with IRP_SYNCHRONOUS_PAGING_IO
    EXPECT_FALSE(IoIsOperationSynchronous(irp));
    file.Flags = FO_SYNCHRONOUS_IO;
    EXPECT_TRUE(IoIsOperationSynchronous(irp));
    irp->Flags = IRP_PAGING_IO;
    EXPECT_FALSE(IoIsOperationSynchronous(irp));

    irp->RequestorMode = UserMode;
    file.ReadAccess = TRUE;
    EXPECT_EQ(IoValidateDeviceIoControlAccess(irp, FILE_READ_ACCESS), STATUS_SUCCESS);
    EXPECT_EQ(IoValidateDeviceIoControlAccess(irp, FILE_READ_ACCESS | FILE_WRITE_ACCESS), STATUS_ACCESS_DENIED);
    EXPECT_EQ(IoValidateDeviceIoControlAccess(irp, 0x10), STATUS_INVALID_PARAMETER);
    irp->RequestorMode = KernelMode;
    EXPECT_EQ(IoValidateDeviceIoControlAccess(irp, FILE_WRITE_ACCESS), STATUS_SUCCESS);
    IoGetCurrentIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
    EXPECT_EQ(IoValidateDeviceIoControlAccess(irp, FILE_READ_ACCESS), STATUS_INVALID_PARAMETER);
    IoFreeIrp(irp);

    EXPECT_EQ(IoGetTopLevelIrp(), nullptr);
    IoSetTopLevelIrp(reinterpret_cast<PIRP>(1));
    EXPECT_EQ(IoGetTopLevelIrp(), reinterpret_cast<PIRP>(1));
    IoSetTopLevelIrp(nullptr);
}

TEST_F(BuiltRequest, ShutdownReachesWhoAskedForItLastFirst) {
    PDEVICE_OBJECT first = make_device();
    PDEVICE_OBJECT last_chance = make_device();
    PDEVICE_OBJECT withdrawn = make_device();
    std::vector<PDEVICE_OBJECT> seen;
    handler_ = [&](PDEVICE_OBJECT device, PIRP irp) {
        EXPECT_EQ(IoGetCurrentIrpStackLocation(irp)->MajorFunction, IRP_MJ_SHUTDOWN);
        seen.push_back(device);
        return complete(irp, STATUS_SUCCESS, 0);
    };
    EXPECT_EQ(IoRegisterLastChanceShutdownNotification(last_chance), STATUS_SUCCESS);
    EXPECT_EQ(IoRegisterShutdownNotification(first), STATUS_SUCCESS);
    EXPECT_EQ(IoRegisterShutdownNotification(device_), STATUS_SUCCESS);
    EXPECT_EQ(IoRegisterShutdownNotification(withdrawn), STATUS_SUCCESS);
    EXPECT_TRUE(withdrawn->Flags & DO_SHUTDOWN_REGISTERED);
    IoUnregisterShutdownNotification(withdrawn);
    EXPECT_FALSE(withdrawn->Flags & DO_SHUTDOWN_REGISTERED);
    stop_kernel();
    EXPECT_EQ(seen, (std::vector<PDEVICE_OBJECT>{device_, first, last_chance}));
}

TEST_F(BuiltRequest, DeletingADeviceThatIsRegisteredForShutdownIsReported) {
    PDEVICE_OBJECT device = make_device();
    EXPECT_EQ(IoRegisterShutdownNotification(device), STATUS_SUCCESS);
    IoDeleteDevice(device);
    EXPECT_TRUE(has_report("registered for shutdown"));
}

TEST_F(BuiltRequest, AnErrorLogEntryBecomesALineOfTheReport) {
    constexpr UCHAR bytes = sizeof(IO_ERROR_LOG_PACKET) + 12;
    EXPECT_EQ(IoAllocateErrorLogEntry(device_, sizeof(IO_ERROR_LOG_PACKET) - 1), nullptr);
    EXPECT_EQ(IoAllocateErrorLogEntry(device_, 255), nullptr);
    auto* packet = static_cast<PIO_ERROR_LOG_PACKET>(IoAllocateErrorLogEntry(device_, bytes));
    ASSERT_NE(packet, nullptr);
    packet->ErrorCode = static_cast<NTSTATUS>(0xC0040001);
    packet->NumberOfStrings = 3;  // more than there are: the entry's length bounds them
    packet->StringOffset = sizeof(IO_ERROR_LOG_PACKET);
    std::memcpy(packet + 1, u"disk", 10);
    IoWriteErrorLogEntry(packet);
    EXPECT_TRUE(has_report("Test: error log: code 0xC0040001"));
    EXPECT_TRUE(has_report("disk"));
    void* unwritten = IoAllocateErrorLogEntry(driver(), bytes);
    ASSERT_NE(unwritten, nullptr);
    IoFreeErrorLogEntry(unwritten);
}

TEST_F(BuiltRequest, EnumeratingDevicesNeedsRoomForAll) {
    PDEVICE_OBJECT second = make_device();
    PDEVICE_OBJECT list[2] = {};
    ULONG count = 0;
    EXPECT_EQ(IoEnumerateDeviceObjectList(driver(), list, sizeof(list[0]), &count), STATUS_BUFFER_TOO_SMALL);
    EXPECT_EQ(count, 2u);
    EXPECT_EQ(IoEnumerateDeviceObjectList(driver(), list, sizeof(list), &count), STATUS_SUCCESS);
    EXPECT_EQ(list[0], second);
    for (PDEVICE_OBJECT device : list) ObfDereferenceObject(device);
}

TEST(ShareAccess, EarlierOpensAndTheNewOneBothHaveToAgree) {
    FILE_OBJECT reader = {};
    FILE_OBJECT writer = {};
    FILE_OBJECT peeker = {};
    SHARE_ACCESS share;
    IoSetShareAccess(FILE_READ_DATA, FILE_SHARE_READ, &reader, &share);
    EXPECT_EQ(share.OpenCount, 1u);
    EXPECT_EQ(share.Readers, 1u);
    EXPECT_EQ(IoCheckShareAccess(FILE_WRITE_DATA, FILE_SHARE_READ, &writer, &share, TRUE), STATUS_SHARING_VIOLATION);
    EXPECT_EQ(IoCheckShareAccess(FILE_READ_DATA, FILE_SHARE_WRITE, &writer, &share, TRUE), STATUS_SHARING_VIOLATION);
    EXPECT_EQ(share.OpenCount, 1u);
    EXPECT_EQ(IoCheckShareAccess(FILE_READ_ATTRIBUTES, 0, &peeker, &share, TRUE), STATUS_SUCCESS);
    EXPECT_EQ(share.OpenCount, 1u);  // no access to data, nothing to share
    EXPECT_EQ(IoCheckShareAccess(FILE_EXECUTE, FILE_SHARE_READ | FILE_SHARE_DELETE, &writer, &share, FALSE), STATUS_SUCCESS);
    EXPECT_EQ(share.OpenCount, 1u);
    IoUpdateShareAccess(&writer, &share);
    EXPECT_EQ(share.OpenCount, 2u);
    EXPECT_EQ(share.SharedDelete, 1u);
    IoRemoveShareAccess(&writer, &share);
    IoRemoveShareAccess(&reader, &share);
    EXPECT_EQ(share.OpenCount, 0u);
    EXPECT_EQ(share.Readers, 0u);
    EXPECT_EQ(IoCheckShareAccess(FILE_WRITE_DATA, 0, &writer, &share, TRUE), STATUS_SUCCESS);
}

}  // namespace
}  // namespace pw::wdk::test
