// SPDX-License-Identifier: Apache-2.0
#include "platform/memory_usage.h"

#include <sys/stat.h>

namespace pw::platform {

std::uint64_t allocated_bytes(int descriptor) {
    struct stat info {};
    return ::fstat(descriptor, &info) == 0 ? static_cast<std::uint64_t>(info.st_blocks) * 512 : 0;
}

}  // namespace pw::platform
