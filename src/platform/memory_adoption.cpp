// SPDX-License-Identifier: Apache-2.0
#include "platform/memory_adoption.h"

#include <cerrno>
#include <cstring>

#include <sys/mman.h>

#include "platform/errno_status.h"

namespace pw::platform {

Status move_into_file(std::uint64_t address, std::uint64_t length_bytes, PageAccess access, int descriptor,
                      std::uint64_t offset_bytes) {
    void* staged = ::mmap(nullptr, length_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor,
                          static_cast<off_t>(offset_bytes));
    if (staged == MAP_FAILED) return status_from_errno(errno);
    void* target = reinterpret_cast<void*>(address);
    std::memcpy(staged, target, length_bytes);
    if (::mprotect(staged, length_bytes, linux_protection(access)) != 0 ||
        ::mremap(staged, length_bytes, length_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, target) == MAP_FAILED) {
        const int error = errno;
        ::munmap(staged, length_bytes);
        return status_from_errno(error);
    }
    return Status();
}

}  // namespace pw::platform
