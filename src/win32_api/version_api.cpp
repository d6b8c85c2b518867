// SPDX-License-Identifier: Apache-2.0
// Which Windows this is: the version that a driver's RtlGetVersion tells, too.
#include <ntverp.h>

#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

// "Fails if you specify an invalid value for dwOSVersionInfoSize": the size of either structure is valid.
template <typename Info, typename InfoEx>
BOOL give_version(Info* info) {
    const DWORD size = info->dwOSVersionInfoSize;
    if (size != sizeof(Info) && size != sizeof(InfoEx)) return fail(ERROR_INSUFFICIENT_BUFFER);
    Info version{};
    version.dwOSVersionInfoSize = size;
    version.dwMajorVersion = VER_PRODUCTMAJORVERSION;
    version.dwMinorVersion = VER_PRODUCTMINORVERSION;
    version.dwBuildNumber = VER_PRODUCTBUILD;
    version.dwPlatformId = VER_PLATFORM_WIN32_NT;
    if (size == sizeof(InfoEx)) {
        auto* const extended = reinterpret_cast<InfoEx*>(info);
        *extended = InfoEx{};
        extended->wProductType = VER_NT_WORKSTATION;
    }
    *info = version;
    return TRUE;
}

}  // namespace

DWORD WINAPI GetVersion(void) {
    return VER_PRODUCTMAJORVERSION | VER_PRODUCTMINORVERSION << 8 | static_cast<DWORD>(VER_PRODUCTBUILD) << 16;
}

BOOL WINAPI GetVersionExW(LPOSVERSIONINFOW info) { return give_version<OSVERSIONINFOW, OSVERSIONINFOEXW>(info); }
BOOL WINAPI GetVersionExA(LPOSVERSIONINFOA info) { return give_version<OSVERSIONINFOA, OSVERSIONINFOEXA>(info); }
