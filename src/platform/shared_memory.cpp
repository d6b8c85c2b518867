// SPDX-License-Identifier: Apache-2.0
#include "platform/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/check.h"
#include "platform/errno_status.h"
#include "platform/fault_injection.h"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace pw::platform {

Result<SharedMemory> SharedMemory::create(std::uint64_t length_bytes, const char* name) {
    if (step_fails(FailurePoint::descriptor)) return status_from_errno(EMFILE);
    SharedMemory memory = adopt(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING), length_bytes);
    if (memory.descriptor_ < 0) return status_from_errno(errno);
    if (ftruncate(memory.descriptor_, static_cast<off_t>(length_bytes)) != 0) return status_from_errno(errno);
    if (fcntl(memory.descriptor_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0) return status_from_errno(errno);
    return memory;
}

SharedMemory SharedMemory::adopt(int descriptor, std::uint64_t length_bytes) {
    SharedMemory memory;
    memory.descriptor_ = descriptor;
    memory.length_bytes_ = length_bytes;
    return memory;
}

Result<SharedMemory> SharedMemory::adopt_file(int descriptor) {
    struct stat info;
    if (fstat(descriptor, &info) != 0) return status_from_errno(errno);
    if (step_fails(FailurePoint::descriptor)) return status_from_errno(EMFILE);
    const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) return status_from_errno(errno);
    SharedMemory memory = adopt(copy, static_cast<std::uint64_t>(info.st_size));
    memory.is_file_ = true;
    return memory;
}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(length_bytes_, other.length_bytes_);
    std::swap(is_file_, other.is_file_);
    return *this;
}

SharedMemory::~SharedMemory() {
    if (descriptor_ >= 0) close(descriptor_);
}

bool SharedMemory::is_writable() const {
    const int flags = fcntl(descriptor_, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) == O_RDWR;
}

Status SharedMemory::resize(std::uint64_t length_bytes) {
    if (ftruncate(descriptor_, static_cast<off_t>(length_bytes)) != 0) return status_from_errno(errno);
    length_bytes_ = length_bytes;
    return {};
}

Status SharedMemory::close_seals(bool forbid_new_writers) {
    const int seals = F_SEAL_SEAL | (forbid_new_writers ? F_SEAL_FUTURE_WRITE : 0);
    if (fcntl(descriptor_, F_ADD_SEALS, seals) != 0) return status_from_errno(errno);
    return {};
}

Result<SharedMemory> SharedMemory::reopen_read_only() const {
    if (!is_file_ && fchmod(descriptor_, 0400) != 0) return status_from_errno(errno);
    if (step_fails(FailurePoint::descriptor)) return status_from_errno(EMFILE);
    char path[40];
    std::snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor_);
    const int copy = open(path, O_RDONLY | O_CLOEXEC);
    if (copy < 0) return status_from_errno(errno);
    return adopt(copy, length_bytes_);
}

Status SharedMemory::punch_hole(std::uint64_t offset_bytes, std::uint64_t length_bytes) {
    if (fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset_bytes),
                  static_cast<off_t>(length_bytes)) != 0) {
        return status_from_errno(errno);
    }
    return {};
}

Status SharedMemory::populate(std::uint64_t offset_bytes, std::uint64_t length_bytes) {
    if (step_fails(FailurePoint::allocation)) return status_from_errno(ENOMEM);
    if (fallocate(descriptor_, 0, static_cast<off_t>(offset_bytes), static_cast<off_t>(length_bytes)) != 0) {
        return errno == ENOSPC ? Status(status_from_errno(ENOMEM)) : status_from_errno(errno);
    }
    return {};
}

Status SharedMemory::copy_in(std::uint64_t offset_bytes, const void* source, std::uint64_t length_bytes) {
    const char* from = static_cast<const char*>(source);
    while (length_bytes > 0) {
        // Not through libc's wrapper: the bytes belong to drivers, and a sanitizer must not take this for an access.
        const long done = syscall(SYS_pwrite64, descriptor_, from, length_bytes, offset_bytes);
        if (done < 0) {
            if (errno == EINTR) continue;
            return status_from_errno(errno);
        }
        from += done;
        offset_bytes += static_cast<std::uint64_t>(done);
        length_bytes -= static_cast<std::uint64_t>(done);
    }
    return {};
}

}  // namespace pw::platform
