// SPDX-License-Identifier: Apache-2.0
// Each rule with the bug planted in a small driver: the report names the rule, the driver, the IRP's history and the stack.
#include "verifier/request_rules.h"

#include "verifier/verifier_fixture_test.h"

using namespace pw;
using namespace pw::verifier;

namespace {

NTSTATUS complete(PIRP irp, NTSTATUS status) {
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = 0;
    io::IoManager::of(irp).complete_request(irp, IO_NO_INCREMENT);
    return status;
}

// The driver's IRPs end at its own completion routine.
NTSTATUS NTAPI KeepIrp(PDEVICE_OBJECT, PIRP, PVOID) { return STATUS_MORE_PROCESSING_REQUIRED; }

NTSTATUS NTAPI Succeed(PDEVICE_OBJECT, PIRP irp) { return complete(irp, STATUS_SUCCESS); }
NTSTATUS NTAPI CompleteTwice(PDEVICE_OBJECT, PIRP irp) {
    complete(irp, STATUS_SUCCESS);
    return complete(irp, STATUS_SUCCESS);
}
NTSTATUS NTAPI ReturnAnotherStatus(PDEVICE_OBJECT, PIRP irp) {
    complete(irp, STATUS_UNSUCCESSFUL);
    return STATUS_SUCCESS;
}
NTSTATUS NTAPI ForgetIrp(PDEVICE_OBJECT, PIRP) { return STATUS_SUCCESS; }
NTSTATUS NTAPI PendUnmarked(PDEVICE_OBJECT, PIRP irp) {
    complete(irp, STATUS_SUCCESS);
    return STATUS_PENDING;
}
NTSTATUS NTAPI MarkAndReturnSuccess(PDEVICE_OBJECT, PIRP irp) {
    IoMarkIrpPending(irp);
    return complete(irp, STATUS_SUCCESS);
}
PIRP pended;
NTSTATUS NTAPI Pend(PDEVICE_OBJECT, PIRP irp) {
    IoMarkIrpPending(irp);
    pended = irp;
    return STATUS_PENDING;
}
NTSTATUS NTAPI PendSilently(PDEVICE_OBJECT, PIRP irp) {
    pended = irp;
    return STATUS_PENDING;
}
VOID NTAPI OnCancel(PDEVICE_OBJECT, PIRP) {}

class RequestRulesTest : public verifier::test::VerifierFixture {
protected:
    PIRP kept_irp() {
        PIRP irp = make_irp();
        IoSetCompletionRoutine(irp, KeepIrp, nullptr, TRUE, TRUE, TRUE);
        return irp;
    }
    void expect_violation(ULONG code, ULONG_PTR kind) {
        EXPECT_EQ(stop_seen.code, code);
        EXPECT_EQ(stop_seen.parameters[0], kind);
        if (is_own(kind)) expect_said({"Partywall's own"});
    }
    static constexpr ULONG io_violation = driver_verifier_iomanager_violation;
    using Stop = verifier::test::Stop;
    verifier::test::Stop& stop_seen = verifier::test::stop_seen;
};

TEST_F(RequestRulesTest, LetsRightDriversPass) {
    PDEVICE_OBJECT device = make_device(Succeed);
    EXPECT_FALSE(stops([&] {
        PIRP irp = kept_irp();
        EXPECT_EQ(io().call_driver(device, irp), STATUS_SUCCESS);
        // Used again, as the owner may.
        io::reuse_irp(irp, STATUS_SUCCESS);
        IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
        IoSetCompletionRoutine(irp, KeepIrp, nullptr, TRUE, TRUE, TRUE);
        EXPECT_EQ(io().call_driver(device, irp), STATUS_SUCCESS);
        io().free_irp(irp);
        driver().nt()->MajorFunction[IRP_MJ_READ] = Pend;
        irp = kept_irp();
        EXPECT_EQ(io().call_driver(device, irp), STATUS_PENDING);
        complete(pended, STATUS_SUCCESS);
        io().free_irp(irp);
    })) << stop_seen.text;
}

TEST_F(RequestRulesTest, StopsACompletionOfACompletedIrp) {
    PDEVICE_OBJECT device = make_device(CompleteTwice);
    PIRP irp = make_irp();
    EXPECT_TRUE(stops([&] { io().call_driver(device, irp); }));
    EXPECT_EQ(stop_seen.code, multiple_irp_complete_requests);
    EXPECT_EQ(stop_seen.parameters[0], reinterpret_cast<ULONG_PTR>(irp));
}

TEST_F(RequestRulesTest, StopsTheSecondCompletionOfAPendedIrp) {
    PDEVICE_OBJECT device = make_device(Pend);
    PIRP irp = kept_irp();
    EXPECT_TRUE(stops([&] {
        io().call_driver(device, irp);
        complete(pended, STATUS_SUCCESS);
        io().free_irp(irp);
        io().complete_request(irp, IO_NO_INCREMENT);  // judged before anything of it is touched
    }));
    EXPECT_EQ(stop_seen.code, multiple_irp_complete_requests);
    expect_said({"completed before", "history of IRP", "allocated", "sent to planted", "dispatch routine returned planted, status 0x00000103",
                 "completed (IoCompleteRequest), status 0x00000000", "freed", "at "});
}

TEST_F(RequestRulesTest, StopsASecondFree) {
    PIRP irp = make_irp();
    EXPECT_TRUE(stops([&] {
        io().free_irp(irp);
        io().free_irp(irp);
    }));
    expect_violation(io_violation, freed_no_irp);
    expect_said({"IoFreeIrp was called twice", "history of IRP", "freed"});
}

TEST_F(RequestRulesTest, StopsTheFreeOfAThreadsIrp) {
    PDEVICE_OBJECT device = make_device(Succeed);
    KEVENT event;
    IO_STATUS_BLOCK block = {};
    kernel().dispatcher().initialize_event(event, NotificationEvent, false);
    PIRP irp = io().build_request(device, {.status_block = &block, .event = &event});
    ASSERT_NE(irp, nullptr);
    EXPECT_TRUE(stops([&] { io().free_irp(irp); }));
    expect_violation(io_violation, freed_irp_of_thread);
    expect_said({"still associated with a thread", "history of IRP"});
}

TEST_F(RequestRulesTest, StopsACallWithWhatIsNoIrpOrNoDevice) {
    PDEVICE_OBJECT device = make_device(Succeed);
    PIRP irp = make_irp();
    irp->Type = 0;
    EXPECT_TRUE(stops([&] { io().call_driver(device, irp); }));
    expect_violation(io_violation, called_with_no_irp);
    irp->Type = IO_TYPE_IRP;
    alignas(16) char nothing[sizeof(DEVICE_OBJECT) + 64] = {};
    EXPECT_TRUE(stops([&] { io().call_driver(reinterpret_cast<PDEVICE_OBJECT>(nothing + 32), irp); }));
    expect_violation(io_violation, called_no_device);
}

TEST_F(RequestRulesTest, StopsACompletionAboveDispatchLevel) {
    PDEVICE_OBJECT device = make_device(Pend);
    PIRP irp = kept_irp();
    io().call_driver(device, irp);
    ps::Thread& thread = *ps::Thread::current();
    const KIRQL old_irql = thread.raise_irql(DISPATCH_LEVEL + 1);
    EXPECT_TRUE(stops([&] { complete(irp, STATUS_SUCCESS); }));
    thread.lower_irql(old_irql);
    expect_violation(io_violation, completed_above_dispatch_level);
    EXPECT_EQ(stop_seen.parameters[1], DISPATCH_LEVEL + 1u);
    expect_said({"above DISPATCH_LEVEL", "history of IRP", "sent to planted"});
}

TEST_F(RequestRulesTest, StopsAnIrpThatIsPassedOnWithItsCancelRoutine) {
    PDEVICE_OBJECT device = make_device(Succeed);
    PIRP irp = make_irp();
    IoSetCancelRoutine(irp, OnCancel);
    EXPECT_TRUE(stops([&] { io().call_driver(device, irp); }));
    expect_violation(io_violation, own_called_with_cancel_routine);
    EXPECT_EQ(stop_seen.parameters[1], reinterpret_cast<ULONG_PTR>(OnCancel));
    expect_said({"cancel routine is still set", "history of IRP"});
}

TEST_F(RequestRulesTest, StopsTheFreeOfAnIrpThatALowerDriverHas) {
    PDEVICE_OBJECT device = make_device(Pend);
    PIRP irp = kept_irp();
    EXPECT_TRUE(stops([&] {
        io().call_driver(device, irp);
        io().free_irp(irp);
    }));
    expect_violation(io_violation, own_freed_irp_in_use);
    expect_said({"a lower driver still has", "history of IRP", "sent to planted"});
}

TEST_F(RequestRulesTest, StopsAnotherStatusThanTheIrpWasCompletedWith) {
    PDEVICE_OBJECT device = make_device(ReturnAnotherStatus);
    EXPECT_TRUE(stops([&] { io().call_driver(device, kept_irp()); }));
    expect_violation(io_violation, own_inconsistent_status);
    expect_said({"planted: ", "another status than IoStatus.Status", "history of IRP", "completed (IoCompleteRequest), status 0xC0000001",
                 "dispatch routine returned planted, status 0x00000000"});
}

TEST_F(RequestRulesTest, StopsADispatchRoutineThatForgetsItsIrp) {
    PDEVICE_OBJECT device = make_device(ForgetIrp);
    EXPECT_TRUE(stops([&] { io().call_driver(device, kept_irp()); }));
    expect_violation(io_violation, own_returned_without_completion);
    expect_said({"planted: ", "without completing the IRP or passing it on", "history of IRP"});
}

TEST_F(RequestRulesTest, StopsPendingWithoutTheMarkAfterTheCompletion) {
    PDEVICE_OBJECT device = make_device(PendUnmarked);
    EXPECT_TRUE(stops([&] { io().call_driver(device, kept_irp()); }));
    expect_violation(io_violation, own_pending_not_marked);
    expect_said({"planted: ", "not marked pending", "history of IRP"});
}

TEST_F(RequestRulesTest, StopsPendingWithoutTheMarkBeforeTheCompletion) {
    PDEVICE_OBJECT device = make_device(PendSilently);
    PIRP irp = kept_irp();
    EXPECT_TRUE(stops([&] {
        io().call_driver(device, irp);
        complete(pended, STATUS_SUCCESS);
    }));
    expect_violation(io_violation, own_pending_not_marked);
    expect_said({"not marked pending", "history of IRP"});
}

TEST_F(RequestRulesTest, StopsAMarkedIrpWithAnotherStatusThanPending) {
    PDEVICE_OBJECT device = make_device(MarkAndReturnSuccess);
    EXPECT_TRUE(stops([&] { io().call_driver(device, kept_irp()); }));
    expect_violation(io_violation, own_marked_pending);
    expect_said({"planted: ", "marked pending", "history of IRP"});
}

TEST_F(RequestRulesTest, StopsAnUnloadThatLeavesAnIrp) {
    static_cast<void>(make_irp());
    EXPECT_TRUE(stops([&] { verifier().unloaded(driver()); }));
    expect_violation(driver_verifier_detected_violation, leaked_pool);
    expect_said({"driver planted was unloaded", "history of IRP", "allocated"});
}

TEST_F(RequestRulesTest, DescribesWhereACancelledIrpStands) {
    PDEVICE_OBJECT device = make_device(Pend);
    PIRP irp = kept_irp();
    io().call_driver(device, irp);
    EXPECT_FALSE(io().cancel_irp(irp));
    const std::string text = io().request_observer()->describe(irp);
    EXPECT_NE(text.find("cancelled (IoCancelIrp) without a cancel routine"), std::string::npos) << text;
    EXPECT_EQ(io().request_observer()->describe(reinterpret_cast<PIRP>(0x1000)), "");
    complete(irp, STATUS_CANCELLED);
    io().free_irp(irp);
}

}  // namespace
