// SPDX-License-Identifier: Apache-2.0
// IoConnectInterrupt(Ex) in all its versions, on resources of simulated devices.
#include <nt/io.h>
#include <partywall/device.h>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

class IoInterrupt : public KernelFixture {
protected:
    static BOOLEAN serve(PKINTERRUPT object, PVOID context) {
        auto& self = *static_cast<IoInterrupt*>(context);
        self.last_object = object;
        self.last_irql = KeGetCurrentIrql();
        ++self.calls;
        return TRUE;
    }
    static BOOLEAN serve_message(PKINTERRUPT object, PVOID context, ULONG message) {
        static_cast<IoInterrupt*>(context)->last_message = message;
        return serve(object, context);
    }
    IO_CONNECT_INTERRUPT_PARAMETERS line_based(PDEVICE_OBJECT device) {
        IO_CONNECT_INTERRUPT_PARAMETERS out = {};
        out.Version = CONNECT_LINE_BASED;
        out.LineBased.PhysicalDeviceObject = device;
        out.LineBased.InterruptObject = &object;
        out.LineBased.ServiceRoutine = serve;
        out.LineBased.ServiceContext = this;
        return out;
    }
    IO_CONNECT_INTERRUPT_PARAMETERS message_based(PDEVICE_OBJECT device) {
        IO_CONNECT_INTERRUPT_PARAMETERS out = {};
        out.Version = CONNECT_MESSAGE_BASED;
        out.MessageBased.PhysicalDeviceObject = device;
        out.MessageBased.ConnectionContext.InterruptMessageTable = &table;
        out.MessageBased.MessageServiceRoutine = serve_message;
        out.MessageBased.ServiceContext = this;
        return out;
    }

    PKINTERRUPT object = nullptr;
    PIO_INTERRUPT_MESSAGE_INFO table = nullptr;
    PKINTERRUPT last_object = nullptr;
    KIRQL last_irql = 0;
    ULONG last_message = 99;
    int calls = 0;
};

TEST_F(IoInterrupt, ConnectsAndDisconnectsFullySpecified) {
    EXPECT_FALSE(pw_raise_interrupt(0x51));
    ASSERT_EQ(IoConnectInterrupt(&object, serve, this, nullptr, 0x51, 5, 7, Latched, FALSE, KeQueryActiveProcessors(), FALSE),
              STATUS_SUCCESS);
    EXPECT_TRUE(pw_raise_interrupt(0x51));
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(last_object, object);
    EXPECT_EQ(last_irql, 7);
    PKINTERRUPT second = nullptr;
    EXPECT_EQ(IoConnectInterrupt(&second, serve, this, nullptr, 0x51, 5, 5, Latched, TRUE, 1, FALSE), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(second, nullptr);
    KIRQL irql = KeAcquireInterruptSpinLock(object);
    EXPECT_EQ(KeGetCurrentIrql(), 7);
    EXPECT_TRUE(pw_raise_interrupt(0x51));
    EXPECT_EQ(calls, 1);
    KeReleaseInterruptSpinLock(object, irql);
    EXPECT_EQ(calls, 2);
    IoDisconnectInterrupt(object);
    EXPECT_FALSE(pw_raise_interrupt(0x51));
}

TEST_F(IoInterrupt, ConnectsLinesOfDevices) {
    PDEVICE_OBJECT device = make_device();
    IO_CONNECT_INTERRUPT_PARAMETERS parameters = line_based(device);
    EXPECT_EQ(IoConnectInterruptEx(&parameters), STATUS_NOT_FOUND);
    pw_interrupt_line line = {0x71, 7, LevelSensitive, TRUE, 0, 0};
    ASSERT_EQ(pw_add_device_interrupt(device, &line), STATUS_SUCCESS);
    ASSERT_EQ(IoConnectInterruptEx(&parameters), STATUS_SUCCESS);
    EXPECT_TRUE(pw_raise_interrupt(0x71));
    EXPECT_EQ(last_irql, 7);
    IoReportInterruptInactive(&parameters);
    EXPECT_FALSE(pw_raise_interrupt(0x71));
    IoReportInterruptActive(&parameters);
    EXPECT_TRUE(pw_raise_interrupt(0x71));
    EXPECT_EQ(calls, 2);
    // A device without messages uses the fallback routine, and says so.
    PKINTERRUPT second = nullptr;
    IO_CONNECT_INTERRUPT_PARAMETERS messages = message_based(device);
    EXPECT_EQ(IoConnectInterruptEx(&messages), STATUS_NOT_FOUND);
    messages.MessageBased.FallBackServiceRoutine = serve;
    messages.MessageBased.ConnectionContext.InterruptObject = &second;
    ASSERT_EQ(IoConnectInterruptEx(&messages), STATUS_SUCCESS);
    EXPECT_EQ(messages.Version, ULONG{CONNECT_LINE_BASED});
    for (PKINTERRUPT interrupt : {object, second}) {
        IO_DISCONNECT_INTERRUPT_PARAMETERS disconnect = {};
        disconnect.Version = CONNECT_LINE_BASED;
        disconnect.ConnectionContext.InterruptObject = interrupt;
        IoDisconnectInterruptEx(&disconnect);
    }
    EXPECT_FALSE(pw_raise_interrupt(0x71));
}

TEST_F(IoInterrupt, ConnectsMessages) {
    PDEVICE_OBJECT device = make_device();
    pw_interrupt_line line = {0x80, 8, Latched, FALSE, 1, 3};
    ASSERT_EQ(pw_add_device_interrupt(device, &line), STATUS_SUCCESS);
    IO_CONNECT_INTERRUPT_PARAMETERS parameters = message_based(device);
    parameters.MessageBased.SynchronizeIrql = 9;
    ASSERT_EQ(IoConnectInterruptEx(&parameters), STATUS_SUCCESS);
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->MessageCount, 3u);
    EXPECT_EQ(table->UnifiedIrql, 9);
    for (ULONG i = 0; i < 3; ++i) {
        EXPECT_EQ(table->MessageInfo[i].Vector, 0x80 + i);
        EXPECT_EQ(table->MessageInfo[i].TargetProcessorSet, KAFFINITY{1});
        EXPECT_TRUE(pw_raise_interrupt(0x80 + i));
        EXPECT_EQ(last_message, i);
        EXPECT_EQ(last_object, table->MessageInfo[i].InterruptObject);
        EXPECT_EQ(last_irql, 9);
    }
    // Somebody else cannot take one of them; nothing is left behind by the attempt.
    PKINTERRUPT other = nullptr;
    EXPECT_EQ(IoConnectInterrupt(&other, serve, this, nullptr, 0x82, 8, 8, Latched, FALSE, 1, FALSE), STATUS_INVALID_PARAMETER);
    IO_DISCONNECT_INTERRUPT_PARAMETERS disconnect = {};
    disconnect.Version = CONNECT_MESSAGE_BASED;
    disconnect.ConnectionContext.InterruptMessageTable = table;
    IoDisconnectInterruptEx(&disconnect);
    EXPECT_FALSE(pw_raise_interrupt(0x81));
    ASSERT_EQ(IoConnectInterrupt(&other, serve, this, nullptr, 0x82, 8, 8, Latched, FALSE, 1, FALSE), STATUS_SUCCESS);
    EXPECT_EQ(IoConnectInterruptEx(&parameters), STATUS_INVALID_PARAMETER);  // the last one is taken
    EXPECT_FALSE(pw_raise_interrupt(0x80));
    IoDisconnectInterrupt(other);
}

TEST_F(IoInterrupt, RefusesVersionsOfTheFutureAndResourcesThatCannotBe) {
    IO_CONNECT_INTERRUPT_PARAMETERS parameters = {};
    parameters.Version = 77;
    EXPECT_EQ(IoConnectInterruptEx(&parameters), STATUS_NOT_SUPPORTED);
    EXPECT_EQ(parameters.Version, ULONG{CONNECT_CURRENT_VERSION});
    parameters = {};
    parameters.Version = CONNECT_FULLY_SPECIFIED_GROUP;
    parameters.FullySpecified = {nullptr, &object, serve, this, nullptr, 5, FALSE, FALSE, 0x55, 5, Latched, 1, 1};
    EXPECT_EQ(IoConnectInterruptEx(&parameters), STATUS_INVALID_PARAMETER);
    parameters.FullySpecified.Group = 0;
    ASSERT_EQ(IoConnectInterruptEx(&parameters), STATUS_SUCCESS);
    IoDisconnectInterrupt(object);
    PDEVICE_OBJECT device = make_device();
    const pw_interrupt_line bad[] = {{256, 7, Latched, FALSE, 0, 0},  {0x10, 2, Latched, FALSE, 0, 0}, {0x10, 13, Latched, FALSE, 0, 0},
                                     {0x10, 7, Latched, FALSE, 0, 33}, {250, 7, Latched, FALSE, 0, 7}};
    for (const pw_interrupt_line& line : bad) EXPECT_EQ(pw_add_device_interrupt(device, &line), STATUS_INVALID_PARAMETER);
}

TEST_F(IoInterrupt, IsConnectedAtPassiveLevelOnly) {
    const auto connect = [&] {
        KIRQL irql;
        KeRaiseIrql(APC_LEVEL, &irql);
        (void)IoConnectInterrupt(&object, serve, this, nullptr, 0x51, 5, 5, Latched, FALSE, 1, FALSE);
    };
    PW_EXPECT_BUG_CHECK(connect(), "IRQL_NOT_LESS_OR_EQUAL");
}

}  // namespace
}  // namespace pw::wdk::test
