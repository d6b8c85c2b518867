// SPDX-License-Identifier: Apache-2.0
#include "kernel/registry/relative_path.h"

namespace pw::cm {

Result<std::u16string> absolute_path(ULONG relative_to, PCWSTR path) {
    const auto* text = reinterpret_cast<const char16_t*>(path);
    const std::u16string_view rest = text ? std::u16string_view(text) : std::u16string_view();
    const auto below = [&](std::u16string_view start) -> Result<std::u16string> {
        std::u16string whole(start);
        if (!rest.empty()) whole.append(rest.starts_with(u'\\') ? u"" : u"\\").append(rest);
        return whole;
    };
    switch (relative_to & ~ULONG{RTL_REGISTRY_OPTIONAL}) {
        case RTL_REGISTRY_ABSOLUTE: return std::u16string(rest);
        case RTL_REGISTRY_SERVICES: return below(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services");
        case RTL_REGISTRY_CONTROL: return below(u"\\Registry\\Machine\\System\\CurrentControlSet\\Control");
        case RTL_REGISTRY_WINDOWS_NT: return below(u"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion");
        case RTL_REGISTRY_DEVICEMAP: return below(u"\\Registry\\Machine\\Hardware\\DeviceMap");
        // "For a system process, the users hive's .Default": drivers' calls come from there.
        case RTL_REGISTRY_USER: return below(u"\\Registry\\User\\.Default");
        default: return STATUS_INVALID_PARAMETER;
    }
}

}  // namespace pw::cm
