// SPDX-License-Identifier: Apache-2.0
#include "platform/section_file.h"

#include <fcntl.h>
#include <limits.h>
#include <ntstatus.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "platform/errno_status.h"

namespace pw::platform {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// The number of the mount that the descriptor was opened through; -1 when unknown.
long mount_of(int descriptor) {
    char line[256];
    std::snprintf(line, sizeof line, "/proc/self/fdinfo/%d", descriptor);
    const File file(std::fopen(line, "re"));
    long mount = -1;
    while (file && std::fgets(line, sizeof line, file.get()) != nullptr) {
        if (std::sscanf(line, "mnt_id:\t%ld", &mount) == 1) return mount;
    }
    return -1;
}

bool is_served_by_process(const char* file_system_type) { return std::strncmp(file_system_type, "fuse", 4) == 0; }

}  // namespace

Result<SectionFile> inspect_section_file(int descriptor) {
    const int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return STATUS_INVALID_HANDLE;
    struct statx info = {};
    if (statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_SIZE | STATX_INO, &info) != 0) {
        return status_from_errno(errno);
    }
    const int mode = flags & O_ACCMODE;
    SectionFile file;
    file.is_regular = S_ISREG(info.stx_mode) && (flags & O_PATH) == 0;
    file.may_read = mode == O_RDONLY || mode == O_RDWR;
    file.may_write = mode == O_WRONLY || mode == O_RDWR;
    file.size_bytes = info.stx_size;
    file.identity = {makedev(info.stx_dev_major, info.stx_dev_minor), info.stx_ino};
    return file;
}

bool is_served_by_system(int descriptor) {
    const long mount = mount_of(descriptor);
    struct statx info = {};
    if (statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO, &info) != 0) return false;
    const File mounts(std::fopen("/proc/self/mountinfo", "re"));
    char line[8192];
    bool found_device = false;
    while (mounts && std::fgets(line, sizeof line, mounts.get()) != nullptr) {
        long id = -1;
        unsigned device_major = 0;
        unsigned device_minor = 0;
        if (std::sscanf(line, "%ld %*d %u:%u", &id, &device_major, &device_minor) != 3) continue;
        const char* const tail = std::strstr(line, " - ");
        if (tail == nullptr) continue;
        if (id == mount) return !is_served_by_process(tail + 3);
        // A mount of another name space: the file system itself may be mounted in ours, too.
        if (device_major == info.stx_dev_major && device_minor == info.stx_dev_minor) {
            if (is_served_by_process(tail + 3)) return false;
            found_device = true;
        }
    }
    return found_device;
}

std::string path_of_descriptor(int descriptor) {
    char link[40];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    char path[PATH_MAX];
    const ssize_t length = readlink(link, path, sizeof path);
    return length <= 0 || path[0] != '/' ? std::string() : std::string(path, static_cast<std::size_t>(length));
}

Status extend_file(int descriptor, std::uint64_t length_bytes) {
    struct stat info = {};
    if (fstat(descriptor, &info) != 0) return status_from_errno(errno);
    if (static_cast<std::uint64_t>(info.st_size) >= length_bytes) return {};
    // A file beyond this process's own limit would bring a signal, not an error.
    struct rlimit limit = {};
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && length_bytes > limit.rlim_cur) {
        return STATUS_DISK_FULL;
    }
    if (ftruncate(descriptor, static_cast<off_t>(length_bytes)) == 0) return {};
    switch (errno) {
        case EFBIG:
        case ENOSPC: return STATUS_DISK_FULL;
        case EINVAL:
        case EPERM: return STATUS_ACCESS_DENIED;
        default: return status_from_errno(errno);
    }
}

Status flush_file_range(int descriptor, std::uint64_t offset_bytes, std::uint64_t length_bytes) {
    constexpr unsigned wait_for_all = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    if (sync_file_range(descriptor, static_cast<off64_t>(offset_bytes), static_cast<off64_t>(length_bytes), wait_for_all) == 0) {
        return {};
    }
    // Not every file system can do parts.
    if ((errno == ENOSYS || errno == EINVAL || errno == ESPIPE) && fdatasync(descriptor) == 0) return {};
    return errno == ENOSPC ? Status(STATUS_DISK_FULL) : Status(STATUS_IO_DEVICE_ERROR);
}

Result<Descriptor> reopen_file_read_only(int descriptor) {
    char path[40];
    std::snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    Descriptor reopened(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!reopened) return status_from_errno(errno);
    return reopened;
}

}  // namespace pw::platform
