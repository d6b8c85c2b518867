// SPDX-License-Identifier: Apache-2.0
// Power and device capabilities, as far as drivers pass such requests on. There is no power manager and no Plug and Play
// manager here: nobody sends IRP_MJ_POWER or IRP_MJ_PNP, and AddDevice is not called.
#ifndef PW_NT_PO_H
#define PW_NT_PO_H

#include <nt/io_types.h>

typedef struct _DEVICE_CAPABILITIES {
  USHORT Size;
  USHORT Version;
  ULONG DeviceD1 : 1;
  ULONG DeviceD2 : 1;
  ULONG LockSupported : 1;
  ULONG EjectSupported : 1;
  ULONG Removable : 1;
  ULONG DockDevice : 1;
  ULONG UniqueID : 1;
  ULONG SilentInstall : 1;
  ULONG RawDeviceOK : 1;
  ULONG SurpriseRemovalOK : 1;
  ULONG WakeFromD0 : 1;
  ULONG WakeFromD1 : 1;
  ULONG WakeFromD2 : 1;
  ULONG WakeFromD3 : 1;
  ULONG HardwareDisabled : 1;
  ULONG NonDynamic : 1;
  ULONG WarmEjectSupported : 1;
  ULONG NoDisplayInUI : 1;
  ULONG Reserved1 : 1;
  ULONG WakeFromInterrupt : 1;
  ULONG SecureDevice : 1;
  ULONG ChildOfVgaEnabledBridge : 1;
  ULONG DecodeIoOnBoot : 1;
  ULONG Reserved : 9;
  ULONG Address;
  ULONG UINumber;
  DEVICE_POWER_STATE DeviceState[PowerSystemMaximum];
  SYSTEM_POWER_STATE SystemWake;
  DEVICE_POWER_STATE DeviceWake;
  ULONG D1Latency;
  ULONG D2Latency;
  ULONG D3Latency;
} DEVICE_CAPABILITIES, *PDEVICE_CAPABILITIES;

PW_API_BEGIN

// "PoCallDriver": as IoCallDriver from Windows Vista on. IRQL <= DISPATCH_LEVEL.
NTSTATUS NTAPI PoCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp);
// "PoStartNextPowerIrp": from Windows Vista on the power manager does that itself; nothing happens. IRQL <= DISPATCH_LEVEL.
void NTAPI PoStartNextPowerIrp(PIRP Irp);
// "PoSetPowerState": remembers the device's state and gives the one before; a device starts in PowerDeviceUnspecified. Other
// types give PowerDeviceUnspecified. IRQL <= DISPATCH_LEVEL.
POWER_STATE NTAPI PoSetPowerState(PDEVICE_OBJECT DeviceObject, POWER_STATE_TYPE Type, POWER_STATE State);

PW_API_END

#endif
