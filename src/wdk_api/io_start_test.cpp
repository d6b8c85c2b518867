// SPDX-License-Identifier: Apache-2.0
#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

// What StartIo saw, in a place that routines without a context reach.
struct StartLog {
    std::vector<PIRP> irps;
    int depth = 0;
    int max_depth = 0;
    bool starts_next = false;
    bool saw_cancel_routine = false;
    bool always_at_dispatch_level = true;
    std::vector<PIRP> cancelled;
};
StartLog* start_log = nullptr;

void NTAPI start_io(PDEVICE_OBJECT device, PIRP irp) {
    start_log->irps.push_back(irp);
    start_log->max_depth = std::max(start_log->max_depth, ++start_log->depth);
    start_log->saw_cancel_routine = irp->CancelRoutine != nullptr;
    start_log->always_at_dispatch_level = start_log->always_at_dispatch_level && KeGetCurrentIrql() == DISPATCH_LEVEL;
    EXPECT_EQ(device->CurrentIrp, irp);
    if (start_log->starts_next) IoStartNextPacket(device, FALSE);
    --start_log->depth;
}

void NTAPI cancel_packet(PDEVICE_OBJECT device, PIRP irp) {
    KeRemoveEntryDeviceQueue(&device->DeviceQueue, &irp->Tail.Overlay.DeviceQueueEntry);
    IoReleaseCancelSpinLock(irp->CancelIrql);
    start_log->cancelled.push_back(irp);
}

class IoStart : public KernelFixture {
protected:
    void SetUp() override {
        KernelFixture::SetUp();
        start_log = &log_;
        driver()->DriverStartIo = start_io;
        device_ = make_device();
        for (PIRP& irp : irps_) irp = make_received_irp(device_);
    }
    void TearDown() override {
        for (PIRP irp : irps_) IoFreeIrp(irp);
        KernelFixture::TearDown();
    }
    void start_next(bool cancelable = false) {
        const KIRQL irql = KeRaiseIrqlToDpcLevel();
        IoStartNextPacket(device_, cancelable);
        KeLowerIrql(irql);
    }
    StartLog log_;
    PDEVICE_OBJECT device_ = nullptr;
    PIRP irps_[4] = {};
};

TEST_F(IoStart, AnIdleDeviceStartsAtOnceAndABusyOneQueues) {
    IoStartPacket(device_, irps_[0], nullptr, nullptr);
    IoStartPacket(device_, irps_[1], nullptr, nullptr);
    EXPECT_EQ(log_.irps, std::vector<PIRP>{irps_[0]});
    start_next();
    EXPECT_EQ(log_.irps, (std::vector<PIRP>{irps_[0], irps_[1]}));
    start_next();
    EXPECT_EQ(device_->CurrentIrp, nullptr);
    IoStartPacket(device_, irps_[2], nullptr, nullptr);
    EXPECT_EQ(log_.irps.back(), irps_[2]);
    EXPECT_TRUE(log_.always_at_dispatch_level);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    start_next();
}

TEST_F(IoStart, KeysSortThePackets) {
    ULONG keys[] = {0, 30, 10, 20};
    for (int i = 0; i < 4; ++i) IoStartPacket(device_, irps_[i], &keys[i], nullptr);
    for (int i = 0; i < 4; ++i) start_next();
    EXPECT_EQ(log_.irps, (std::vector<PIRP>{irps_[0], irps_[2], irps_[3], irps_[1]}));
}

TEST_F(IoStart, StartNextFromWithinStartIoNestsUnlessItIsDeferred) {
    IoStartPacket(device_, irps_[0], nullptr, nullptr);
    for (int i = 1; i < 4; ++i) IoStartPacket(device_, irps_[i], nullptr, nullptr);
    log_.starts_next = true;
    start_next();
    EXPECT_EQ(log_.irps.size(), 4u);
    EXPECT_EQ(log_.max_depth, 3);

    IoSetStartIoAttributes(device_, TRUE, FALSE);
    log_ = {};
    IoStartPacket(device_, irps_[0], nullptr, nullptr);
    for (int i = 1; i < 4; ++i) IoStartPacket(device_, irps_[i], nullptr, nullptr);
    log_.starts_next = true;
    start_next();
    EXPECT_EQ(log_.irps.size(), 4u);
    EXPECT_EQ(log_.max_depth, 1);
}

TEST_F(IoStart, AQueuedPacketCanBeCancelled) {
    IoStartPacket(device_, irps_[0], nullptr, cancel_packet);
    EXPECT_TRUE(log_.saw_cancel_routine);
    IoStartPacket(device_, irps_[1], nullptr, cancel_packet);
    EXPECT_TRUE(IoCancelIrp(irps_[1]));
    EXPECT_EQ(log_.cancelled, std::vector<PIRP>{irps_[1]});
    start_next(true);
    EXPECT_EQ(log_.irps.size(), 1u);
    IoSetCancelRoutine(irps_[0], nullptr);
}

TEST_F(IoStart, APacketThatIsCancelledAlreadyIsNotKeptInTheQueue) {
    IoStartPacket(device_, irps_[0], nullptr, nullptr);
    EXPECT_FALSE(IoCancelIrp(irps_[1]));
    IoStartPacket(device_, irps_[1], nullptr, cancel_packet);
    EXPECT_EQ(log_.cancelled, std::vector<PIRP>{irps_[1]});
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    start_next(true);
    EXPECT_EQ(log_.irps.size(), 1u);
}

TEST_F(IoStart, NonCancelableTakesTheCancelRoutineAwayBeforeStartIo) {
    IoSetStartIoAttributes(device_, FALSE, TRUE);
    IoStartPacket(device_, irps_[0], nullptr, cancel_packet);
    EXPECT_FALSE(log_.saw_cancel_routine);
    IoStartPacket(device_, irps_[1], nullptr, cancel_packet);
    start_next(true);
    EXPECT_FALSE(log_.saw_cancel_routine);
    start_next(true);
}

TEST_F(IoStart, StartNextBelowDispatchLevelIsABugCheck) {
    PW_EXPECT_BUG_CHECK(IoStartNextPacket(device_, FALSE), "IRQL_NOT_DISPATCH_LEVEL");
}

class IoDeviceTimer : public KernelFixture {};

TEST_F(IoDeviceTimer, CallsItsRoutineAtDispatchLevelWhileItRuns) {
    struct Seen {
        KEVENT event;
        KIRQL irql = HIGH_LEVEL;
        PDEVICE_OBJECT device = nullptr;
    } seen;
    KeInitializeEvent(&seen.event, NotificationEvent, FALSE);
    PDEVICE_OBJECT device = make_device();
    EXPECT_EQ(IoInitializeTimer(
                  device,
                  [](PDEVICE_OBJECT timed, PVOID context) {
                      auto& out = *static_cast<Seen*>(context);
                      out.irql = KeGetCurrentIrql();
                      out.device = timed;
                      KeSetEvent(&out.event, IO_NO_INCREMENT, FALSE);
                  },
                  &seen),
              STATUS_SUCCESS);
    ASSERT_NE(device->Timer, nullptr);
    IoStartTimer(device);
    LARGE_INTEGER timeout = long_time();
    EXPECT_EQ(KeWaitForSingleObject(&seen.event, Executive, KernelMode, FALSE, &timeout), STATUS_SUCCESS);
    EXPECT_EQ(seen.irql, DISPATCH_LEVEL);
    EXPECT_EQ(seen.device, device);
    IoStopTimer(device);
}

TEST_F(IoDeviceTimer, GoesWithItsDeviceWhileItRuns) {
    PDEVICE_OBJECT device = make_device();
    EXPECT_EQ(IoInitializeTimer(device, [](PDEVICE_OBJECT, PVOID) {}, nullptr), STATUS_SUCCESS);
    IoStartTimer(device);
    IoDeleteDevice(device);
    EXPECT_EQ(driver()->DeviceObject, nullptr);
}

}  // namespace
}  // namespace pw::wdk::test
