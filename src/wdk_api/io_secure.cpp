// SPDX-License-Identifier: Apache-2.0
// Façade: devices with a security descriptor given as SDDL text (wdmsec.h).
#include <nt/io.h>
#include <wdmsec.h>

#include "security_format/sddl.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;

namespace {

template <std::size_t N>
constexpr UNICODE_STRING constant(const char16_t (&text)[N]) {
    return {static_cast<USHORT>((N - 1) * sizeof(char16_t)), static_cast<USHORT>(N * sizeof(char16_t)),
            reinterpret_cast<PWCH>(const_cast<char16_t*>(text))};
}

// The class GUID's registry settings, which could override the text, do not exist here.
Result<se::DescriptorRef> device_descriptor(std::u16string_view sddl) {
    PW_TRY_ASSIGN(se::DescriptorParts parts, se::parse_sddl(sddl));
    // "The owner and group are the system's defaults": administrators and SYSTEM.
    if (!parts.owner) parts.owner = se::well_known::administrators();
    if (!parts.group) parts.group = se::well_known::local_system();
    if (!parts.dacl.empty()) parts.dacl = se::map_generic_rights(parts.dacl, ob::file_type.generic_mapping);
    return se::SharedDescriptor::create(std::move(parts));
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

NTSTATUS NTAPI WdmlibIoCreateDeviceSecure(PDRIVER_OBJECT driver, ULONG extension_bytes, PUNICODE_STRING name,
                                          DEVICE_TYPE type, ULONG characteristics, BOOLEAN exclusive, PCUNICODE_STRING sddl,
                                          LPCGUID, PDEVICE_OBJECT* device) {
    PW_IRQL_LIMIT(WdmlibIoCreateDeviceSecure);
    *device = nullptr;
    if (!sddl) return STATUS_INVALID_PARAMETER;
    auto security = device_descriptor(wdk::text_of(sddl));
    if (!security) return security.status().code();
    return wdk::current_kernel()
        .io()
        .create_device(*io::DriverObject::from_nt(driver), extension_bytes, wdk::text_of(name), type, characteristics,
                       exclusive != FALSE, device, std::move(security).value())
        .code();
}

}  // extern "C"
