// SPDX-License-Identifier: Apache-2.0
// Partywall's own, not Windows': simulated device memory for drivers that call MmMapIoSpace.
//
// A test, or a small "bus" driver that is loaded before the driver under test, defines a physical range that answers like a
// device's memory: zero at first, kept until it is removed, the same for everybody who maps it. The one who plays the device
// maps the range with MmMapIoSpace, too, and reads and writes it, for example in a timer's DPC.
//
//   static const PHYSICAL_ADDRESS registers = {.QuadPart = 0xFEB00000};
//   pw_device_memory_add(registers, 0x1000);
//   ULONG* device = (ULONG*)MmMapIoSpace(registers, 0x1000, MmNonCached);
//
// The last 512 MiB below 4 GiB (0xE0000000 to 0xFFFFFFFF) are never used for memory, so devices find room there; anywhere
// else a range may be taken.
#ifndef PW_DEVICE_MEMORY_H
#define PW_DEVICE_MEMORY_H

#include <nt/mm_types.h>

PW_API_BEGIN

// Whole pages. STATUS_INVALID_PARAMETER; STATUS_CONFLICTING_ADDRESSES when memory or a device lies there already;
// STATUS_INSUFFICIENT_RESOURCES. IRQL PASSIVE_LEVEL.
NTSTATUS NTAPI pw_device_memory_add(PHYSICAL_ADDRESS first_byte, SIZE_T length_bytes);
// STATUS_NOT_FOUND when no device begins there; STATUS_DEVICE_BUSY while MmMapIoSpace has something of it mapped.
NTSTATUS NTAPI pw_device_memory_remove(PHYSICAL_ADDRESS first_byte);

PW_API_END

#endif
