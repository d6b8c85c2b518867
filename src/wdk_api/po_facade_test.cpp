// SPDX-License-Identifier: Apache-2.0
#include <nt/po.h>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

class Power : public KernelFixture {};

TEST_F(Power, ADevicesStateIsRememberedAndGivenBack) {
    PDEVICE_OBJECT const device = make_device();
    POWER_STATE state = {};
    state.DeviceState = PowerDeviceD0;
    EXPECT_EQ(PoSetPowerState(device, DevicePowerState, state).DeviceState, PowerDeviceUnspecified);
    state.DeviceState = PowerDeviceD3;
    EXPECT_EQ(PoSetPowerState(device, DevicePowerState, state).DeviceState, PowerDeviceD0);
    EXPECT_EQ(PoSetPowerState(device, DevicePowerState, state).DeviceState, PowerDeviceD3);
}

TEST_F(Power, InterfacesNeedADeviceOfPlugAndPlay) {
    PDEVICE_OBJECT const device = make_device();
    const GUID guid = {1, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}};
    UNICODE_STRING link = {};
    EXPECT_EQ(IoRegisterDeviceInterface(device, &guid, nullptr, &link), STATUS_INVALID_DEVICE_REQUEST);
    EXPECT_EQ(IoSetDeviceInterfaceState(&link, TRUE), STATUS_OBJECT_NAME_NOT_FOUND);
    ULONG length = 0;
    EXPECT_EQ(IoGetDeviceProperty(device, DevicePropertyDeviceDescription, 0, nullptr, &length), STATUS_INVALID_DEVICE_REQUEST);
    PZZWSTR list = nullptr;
    ASSERT_EQ(IoGetDeviceInterfaces(&guid, nullptr, 0, &list), STATUS_SUCCESS);
    EXPECT_EQ(list[0], 0);
    ExFreePool(list);
}

}  // namespace
}  // namespace pw::wdk::test
