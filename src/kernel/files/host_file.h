// SPDX-License-Identifier: Apache-2.0
// HostFile: what a file object of the host volume stands for.
#pragma once

#include <string>

#include "platform/descriptor.h"

namespace pw::fs {

// FILE_OBJECT::FsContext points to it, from IRP_MJ_CREATE to IRP_MJ_CLOSE.
struct HostFile {
    platform::Descriptor descriptor;
    std::string path;                  // of the machine; empty when only the descriptor is known
    bool delete_at_cleanup = false;    // FILE_DELETE_ON_CLOSE or FileDispositionInformation
};

}  // namespace pw::fs
