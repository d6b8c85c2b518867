// SPDX-License-Identifier: Apache-2.0
// What NtQuerySystemInformation tells, as far as it is documented and true here; and directory listings as NT lays them out.
#pragma once

#include <nt/zw.h>

#include <cstddef>
#include <span>
#include <vector>

#include "kernel/services/object_services.h"

namespace pw::nt {

struct SystemInformation {
    alignas(8) std::byte bytes[64] = {};
    ULONG length_bytes = 0;  // 0: the class is not there
};
// SystemBasicInformation, SystemTimeOfDayInformation.
[[nodiscard]] SystemInformation query_system(Kernel& kernel, SYSTEM_INFORMATION_CLASS information_class);
// STATUS_INFO_LENGTH_MISMATCH unless the length is the structure's; *returned (if given) is what is needed.
[[nodiscard]] Status put_system_information(const SystemInformation& information, void* buffer, ULONG bytes, PULONG returned);

// OBJECT_DIRECTORY_INFORMATION entries from *context on, a zeroed one behind them, then their strings. *context counts on;
// restart begins at 0. STATUS_NO_MORE_ENTRIES; STATUS_BUFFER_TOO_SMALL when not even one fits (*returned: what it takes);
// STATUS_MORE_ENTRIES (a success) when some did not.
[[nodiscard]] Status put_directory_entries(const std::vector<DirectoryEntry>& entries, std::span<std::byte> buffer, bool single,
                                           bool restart, PULONG context, PULONG returned);

}  // namespace pw::nt
