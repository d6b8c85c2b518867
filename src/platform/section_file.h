// SPDX-License-Identifier: Apache-2.0
// Files under sections: what a descriptor is, whether it may be mapped, extending and flushing it. Nothing here asks a file
// system that the caller of a host could serve itself (FUSE), except where said.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "platform/descriptor.h"

namespace pw::platform {

// Which file a descriptor names, among all of the machine.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    friend auto operator<=>(const FileIdentity&, const FileIdentity&) = default;
};

struct SectionFile {
    bool is_regular = false;
    bool may_read = false;   // as the descriptor was opened
    bool may_write = false;
    std::uint64_t size_bytes = 0;
    FileIdentity identity;
};

// From the descriptor's flags and cached attributes; never waits for the file's server. STATUS_INVALID_HANDLE.
[[nodiscard]] Result<SectionFile> inspect_section_file(int descriptor);
// Whether the file lies on a file system of this machine's mount table that no process serves (no FUSE): a page of it cannot
// keep a reader waiting for as long as somebody likes. Anonymous memory files (memfd) are in no mount table.
[[nodiscard]] bool is_served_by_system(int descriptor);
// The path that the descriptor was opened by; empty when the system does not know.
[[nodiscard]] std::string path_of_descriptor(int descriptor);

// Makes the file at least that long. May wait for the disk. STATUS_DISK_FULL, STATUS_ACCESS_DENIED.
[[nodiscard]] Status extend_file(int descriptor, std::uint64_t length_bytes);
// Writes changed pages of the range to the disk, also those that were changed through a mapping. Waits for the disk.
[[nodiscard]] Status flush_file_range(int descriptor, std::uint64_t offset_bytes, std::uint64_t length_bytes);
// A second descriptor of the same file that cannot be mapped writable; its mode stays as it is.
[[nodiscard]] Result<Descriptor> reopen_file_read_only(int descriptor);

}  // namespace pw::platform
