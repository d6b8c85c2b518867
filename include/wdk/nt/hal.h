// SPDX-License-Identifier: Apache-2.0
// Bus addresses and interrupt levels, as drivers of before Plug and Play ask for them.
#ifndef PW_NT_HAL_H
#define PW_NT_HAL_H

#include <nt/ke_types.h>
#include <nt/mm_types.h>

typedef enum _INTERFACE_TYPE {
  InterfaceTypeUndefined = -1,
  Internal,
  Isa,
  Eisa,
  MicroChannel,
  TurboChannel,
  PCIBus,
  VMEBus,
  NuBus,
  PCMCIABus,
  CBus,
  MPIBus,
  MPSABus,
  ProcessorInternal,
  InternalPowerBus,
  PNPISABus,
  PNPBus,
  Vmcs,
  ACPIBus,
  MaximumInterfaceType
} INTERFACE_TYPE, *PINTERFACE_TYPE;

PW_API_BEGIN

// "HalTranslateBusAddress" (obsolete). A bus address is the physical address here: simulated devices answer at it. AddressSpace
// 0 is memory; 1 is I/O ports, of which this machine has none: FALSE. Any IRQL.
BOOLEAN NTAPI HalTranslateBusAddress(INTERFACE_TYPE InterfaceType, ULONG BusNumber, PHYSICAL_ADDRESS BusAddress,
                                     PULONG AddressSpace, PPHYSICAL_ADDRESS TranslatedAddress);

// Port I/O: declared so that a driver that uses it is told so when it is linked. There are no ports.
UCHAR NTAPI READ_PORT_UCHAR(PUCHAR Port);
USHORT NTAPI READ_PORT_USHORT(PUSHORT Port);
ULONG NTAPI READ_PORT_ULONG(PULONG Port);
void NTAPI WRITE_PORT_UCHAR(PUCHAR Port, UCHAR Value);
void NTAPI WRITE_PORT_USHORT(PUSHORT Port, USHORT Value);
void NTAPI WRITE_PORT_ULONG(PULONG Port, ULONG Value);

PW_API_END

#endif
