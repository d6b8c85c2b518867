// SPDX-License-Identifier: Apache-2.0
// What is asked of and told to an open file beside its data (NtQueryInformationFile, NtSetInformationFile,
// NtQueryVolumeInformationFile, NtFlushBuffersFile). All wait for the driver's answer.
#pragma once

#include "kernel/services/caller.h"

namespace pw::nt {

// p: mode, major (IRP_MJ_QUERY_INFORMATION or IRP_MJ_QUERY_VOLUME_INFORMATION), output buffer, information_class.
// STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_DENIED, else the driver's answer. PASSIVE_LEVEL.
[[nodiscard]] io::TransferResult query_information_file(const Caller& caller, std::uint64_t file, io::TransferParameters& p);
// The same for a file object at hand (IoQueryFileInformation): no handle, so nothing is denied.
[[nodiscard]] io::TransferResult query_file_object(const Caller& caller, io::FileObject& file, io::TransferParameters& p);
[[nodiscard]] io::TransferResult set_information_file(const Caller& caller, std::uint64_t file, io::TransferParameters& p);
// "The handle must have been opened with write or append access": STATUS_ACCESS_DENIED.
[[nodiscard]] io::TransferResult flush_buffers_file(const Caller& caller, std::uint64_t file);

}  // namespace pw::nt
