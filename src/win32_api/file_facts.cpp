// SPDX-License-Identifier: Apache-2.0
#include "win32_api/file_facts.h"

#include "win32_api/dos_path.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

namespace pw::win32 {

using platform::HostFileKind;

FILETIME file_time(std::int64_t since_1970_ns) {
    constexpr std::int64_t unix_epoch_units = 116444736000000000;  // 1970-01-01 in file time
    const std::int64_t units = unix_epoch_units + since_1970_ns / 100;
    return {static_cast<DWORD>(units), static_cast<DWORD>(units >> 32)};
}

DWORD attributes_of(const platform::HostFileInfo& info) {
    const DWORD read_only = info.is_read_only ? FILE_ATTRIBUTE_READONLY : 0u;
    if (info.kind == HostFileKind::directory) return FILE_ATTRIBUTE_DIRECTORY | read_only;
    return info.kind == HostFileKind::regular ? FILE_ATTRIBUTE_ARCHIVE | read_only : static_cast<DWORD>(FILE_ATTRIBUTE_NORMAL);
}

std::optional<std::string> host_path_of(LPCWSTR name) {
    if (name == nullptr || *name == 0) {
        fail(ERROR_PATH_NOT_FOUND);
        return std::nullopt;
    }
    ResolvedPath path = resolve_path(std::u16string_view(name, length_of(name)));
    // Other drives are not there; devices have no attributes and cannot be deleted by name.
    if (!path.host) fail(name[0] == u'\\' && name[1] == u'\\' ? ERROR_INVALID_FUNCTION : ERROR_PATH_NOT_FOUND);
    return std::move(path.host);
}

}  // namespace pw::win32
