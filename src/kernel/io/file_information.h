// SPDX-License-Identifier: Apache-2.0
// The information classes of NtQueryInformationFile, NtSetInformationFile and NtQueryVolumeInformationFile: what a class
// asks of handle and buffer, and those that the I/O manager answers without the driver.
#pragma once

#include <nt/io_inlines.h>

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace pw::io {

class FileObject;

// What a class needs before anybody answers it.
struct InformationRule {
    ULONG least_bytes = 0;   // a shorter buffer: STATUS_INFO_LENGTH_MISMATCH
    ACCESS_MASK access = 0;  // that the handle must grant
};
// STATUS_INVALID_INFO_CLASS for a class that cannot be queried or set.
[[nodiscard]] Result<InformationRule> query_rule(ULONG information_class);
[[nodiscard]] Result<InformationRule> set_rule(ULONG information_class);
[[nodiscard]] Result<InformationRule> volume_query_rule(ULONG information_class);

// An answer of the I/O manager's own.
struct InformationAnswer {
    alignas(8) std::byte bytes[32] = {};
    ULONG length_bytes = 0;  // 0: the driver is asked (IRP_MJ_QUERY_INFORMATION, IRP_MJ_QUERY_VOLUME_INFORMATION)
};
// FilePositionInformation, FileAccessInformation, FileModeInformation, FileAlignmentInformation.
[[nodiscard]] InformationAnswer answer_query(FileObject& file, ULONG information_class, ACCESS_MASK granted_access);
// FileFsDeviceInformation.
[[nodiscard]] InformationAnswer answer_volume_query(FileObject& file, ULONG information_class);

// FilePositionInformation and FileModeInformation, whose values stand in the file object. *handled false: the driver is
// asked (IRP_MJ_SET_INFORMATION). STATUS_INVALID_PARAMETER for a bad value. `value`: the class's least_bytes, captured.
[[nodiscard]] Status apply_set(FileObject& file, ULONG information_class, const std::byte* value, bool* handled);

}  // namespace pw::io
