// SPDX-License-Identifier: Apache-2.0
// Façade: power (PoCallDriver and its kin).
#include <nt/po.h>

#include "kernel/io/io_manager.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

NTSTATUS NTAPI PoCallDriver(PDEVICE_OBJECT device, PIRP irp) {
    PW_IRQL_LIMIT(PoCallDriver);
    return io::IoManager::of(device).call_driver(device, irp);
}

void NTAPI PoStartNextPowerIrp(PIRP) { PW_IRQL_LIMIT(PoStartNextPowerIrp); }

POWER_STATE NTAPI PoSetPowerState(PDEVICE_OBJECT device, POWER_STATE_TYPE type, POWER_STATE state) {
    PW_IRQL_LIMIT(PoSetPowerState);
    POWER_STATE before = {};
    if (type == DevicePowerState) {
        before.DeviceState = io::DeviceObject::from_nt(device)->exchange_power_state(state.DeviceState);
    }
    return before;
}

}  // extern "C"
