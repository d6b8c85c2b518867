// SPDX-License-Identifier: Apache-2.0
// Façade: device interfaces and properties. They belong to physical device objects, which the Plug and Play manager makes; there
// is none here, so each answers as documented for a device object that is not one.
#include <nt/io.h>

#include "wdk_api/irql_limit.h"
#include "wdk_api/pool_copy.h"

using namespace pw;

extern "C" {

NTSTATUS NTAPI IoRegisterDeviceInterface(PDEVICE_OBJECT, const GUID*, PUNICODE_STRING, PUNICODE_STRING) {
    PW_IRQL_LIMIT(IoRegisterDeviceInterface);
    return STATUS_INVALID_DEVICE_REQUEST;
}

NTSTATUS NTAPI IoSetDeviceInterfaceState(PUNICODE_STRING, BOOLEAN) {
    PW_IRQL_LIMIT(IoSetDeviceInterfaceState);
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

NTSTATUS NTAPI IoGetDeviceProperty(PDEVICE_OBJECT, DEVICE_REGISTRY_PROPERTY, ULONG, PVOID, PULONG) {
    PW_IRQL_LIMIT(IoGetDeviceProperty);
    return STATUS_INVALID_DEVICE_REQUEST;
}

// "If there are no device interfaces, the routine returns a list with a single NULL."
NTSTATUS NTAPI IoGetDeviceInterfaces(const GUID*, PDEVICE_OBJECT, ULONG, PZZWSTR* list) {
    PW_IRQL_LIMIT(IoGetDeviceInterfaces);
    static constexpr WCHAR none[1] = {};
    *list = static_cast<PZZWSTR>(wdk::copy_to_pool(std::as_bytes(std::span(none))));
    return *list ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

}  // extern "C"
