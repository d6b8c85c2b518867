// SPDX-License-Identifier: Apache-2.0
// Façade: devices with a security descriptor given as SDDL text (wdmsec.h).
#include <nt/io.h>
#include <wdmsec.h>

#include "wdk_api/current.h"
#include "wdk_api/text.h"

using namespace pw;

namespace {

template <std::size_t N>
constexpr UNICODE_STRING constant(const char16_t (&text)[N]) {
    return {static_cast<USHORT>((N - 1) * sizeof(char16_t)), static_cast<USHORT>(N * sizeof(char16_t)),
            reinterpret_cast<PWCH>(const_cast<char16_t*>(text))};
}

}  // namespace

extern "C" {

// What each name says: SY the system, ADM (BA) administrators, WORLD (WD) everyone, RES (RC) restricted code.
const UNICODE_STRING SDDL_DEVOBJ_KERNEL_ONLY = constant(u"D:P");
const UNICODE_STRING SDDL_DEVOBJ_INF_SUPPLIED = constant(u"D:P(A;;GA;;;SY)");
const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL = constant(u"D:P(A;;GA;;;SY)");
const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_ALL = constant(u"D:P(A;;GA;;;SY)(A;;GA;;;BA)");
const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RX = constant(u"D:P(A;;GA;;;SY)(A;;GRGX;;;BA)");
const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R = constant(u"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)");
const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R =
    constant(u"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)(A;;GR;;;RC)");
const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R =
    constant(u"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGW;;;WD)(A;;GR;;;RC)");
const UNICODE_STRING SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX =
    constant(u"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGWGX;;;WD)(A;;GRGWGX;;;RC)");

// Nothing checks a device's security descriptor yet; whoever reaches the host opens the device. That is said, not hidden.
NTSTATUS NTAPI WdmlibIoCreateDeviceSecure(PDRIVER_OBJECT driver, ULONG extension_bytes, PUNICODE_STRING name,
                                          DEVICE_TYPE type, ULONG characteristics, BOOLEAN exclusive, PCUNICODE_STRING sddl,
                                          LPCGUID, PDEVICE_OBJECT* device) {
    if (!sddl) return STATUS_INVALID_PARAMETER;
    wdk::current_kernel().report_once(io::DriverObject::from_nt(driver)->display_name() +
                                      ": IoCreateDeviceSecure: the security descriptor " + io::narrow(wdk::text_of(sddl)) +
                                      " is not enforced");
    return IoCreateDevice(driver, extension_bytes, name, type, characteristics, exclusive, device);
}

}  // extern "C"
