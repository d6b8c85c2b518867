// SPDX-License-Identifier: Apache-2.0
// Façade: the system's version.
#include <nt/rtl.h>
#include <ntverp.h>
#include <sdkddkver.h>

#include <cstring>

#include "kernel/rtl/version_check.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOW info) {
    PW_IRQL_LIMIT(RtlGetVersion);
    const ULONG size = info->dwOSVersionInfoSize;
    if (size != sizeof(RTL_OSVERSIONINFOW) && size != sizeof(RTL_OSVERSIONINFOEXW)) return STATUS_INVALID_PARAMETER;
    std::memset(info, 0, size);
    info->dwOSVersionInfoSize = size;
    info->dwMajorVersion = VER_PRODUCTMAJORVERSION;
    info->dwMinorVersion = VER_PRODUCTMINORVERSION;
    info->dwBuildNumber = VER_PRODUCTBUILD;
    info->dwPlatformId = VER_PLATFORM_WIN32_NT;
    if (size == sizeof(RTL_OSVERSIONINFOEXW)) reinterpret_cast<PRTL_OSVERSIONINFOEXW>(info)->wProductType = VER_NT_WORKSTATION;
    return STATUS_SUCCESS;
}

ULONGLONG NTAPI VerSetConditionMask(ULONGLONG mask, ULONG type_mask, UCHAR condition) {
    PW_IRQL_LIMIT(VerSetConditionMask);
    return rtl::set_condition(mask, type_mask, condition);
}

NTSTATUS NTAPI RtlVerifyVersionInfo(PRTL_OSVERSIONINFOEXW wanted, ULONG type_mask, ULONGLONG conditions) {
    PW_IRQL_LIMIT(RtlVerifyVersionInfo);
    const rtl::Version system{.major = VER_PRODUCTMAJORVERSION,
                              .minor = VER_PRODUCTMINORVERSION,
                              .build = VER_PRODUCTBUILD,
                              .platform = VER_PLATFORM_WIN32_NT,
                              .product_type = VER_NT_WORKSTATION};
    switch (rtl::verify_version(system,
                                {.major = wanted->dwMajorVersion,
                                 .minor = wanted->dwMinorVersion,
                                 .build = wanted->dwBuildNumber,
                                 .platform = wanted->dwPlatformId,
                                 .service_pack_major = wanted->wServicePackMajor,
                                 .service_pack_minor = wanted->wServicePackMinor,
                                 .suites = wanted->wSuiteMask,
                                 .product_type = wanted->wProductType},
                                type_mask, conditions)) {
        case rtl::VersionVerdict::meets: return STATUS_SUCCESS;
        case rtl::VersionVerdict::differs: return STATUS_REVISION_MISMATCH;
        default: return STATUS_INVALID_PARAMETER;
    }
}

// "Version is one of the NTDDI_ constants": the version that these headers describe by default is the system's.
BOOLEAN NTAPI RtlIsNtDdiVersionAvailable(ULONG version) {
    PW_IRQL_LIMIT(RtlIsNtDdiVersionAvailable);
    return version <= NTDDI_WIN10_NI;
}

}  // extern "C"
