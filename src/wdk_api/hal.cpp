// SPDX-License-Identifier: Apache-2.0
// Façade: bus addresses.
#include <ntddk.h>

extern "C" {

BOOLEAN NTAPI HalTranslateBusAddress(INTERFACE_TYPE, ULONG, PHYSICAL_ADDRESS bus_address, PULONG address_space,
                                     PPHYSICAL_ADDRESS translated) {
    if (*address_space != 0) return FALSE;
    *translated = bus_address;
    return TRUE;
}

}  // extern "C"
