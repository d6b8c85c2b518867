// SPDX-License-Identifier: Apache-2.0
// The information classes that a file of the host volume answers itself.
#pragma once

#include <nt/io_inlines.h>

#include <cstdint>

#include "base/status.h"
#include "kernel/files/host_file.h"

namespace pw::fs {

// FileBasicInformation, FileStandardInformation, FileInternalInformation, FileEaInformation, FileNameInformation,
// FileNetworkOpenInformation, FileAttributeTagInformation, FileAllInformation. `name`: the path on the volume. *bytes: room,
// then what was written. STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_BUFFER_OVERFLOW (the name is cut).
[[nodiscard]] Status query_host_file_information(const HostFile& file, const UNICODE_STRING& name, const FILE_OBJECT& object,
                                                 ULONG information_class, void* buffer, ULONG* bytes);

// FileBasicInformation: times that are not 0 or -1, FILE_ATTRIBUTE_READONLY.
[[nodiscard]] Status set_host_file_basic(const HostFile& file, const FILE_BASIC_INFORMATION& basic);

}  // namespace pw::fs
