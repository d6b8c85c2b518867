// SPDX-License-Identifier: Apache-2.0
#include "platform/host_folder.h"

#include <fcntl.h>
#include <ntstatus.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "platform/errno_status.h"
#include "platform/host_file.h"

namespace pw::platform {
namespace {

// Which part of a path is missing, as host_file.h tells it.
Status failure_at(const std::string& path, int error) {
    if (error == ENOENT || error == ENOTDIR) {
        const auto info = query_host_path(path);
        return info ? Status(STATUS_OBJECT_PATH_NOT_FOUND) : info.status();
    }
    if (error == EEXIST || error == ENOTEMPTY) return STATUS_OBJECT_NAME_COLLISION;
    if (error == EXDEV) return STATUS_NOT_SAME_DEVICE;
    if (error == EROFS) return STATUS_MEDIA_WRITE_PROTECTED;
    return error == EPERM || error == EACCES ? Status(STATUS_ACCESS_DENIED) : status_from_errno(error);
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Result<std::vector<std::string>> list_host_folder(const std::string& path) {
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator it(path, error);
    for (; !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
        names.push_back(it->path().filename().string());
    }
    if (error) return failure_at(path, error.value());
    std::sort(names.begin(), names.end());
    return names;
}

Status rename_host_file(const std::string& from, const std::string& to, bool replace) {
    struct stat source = {};
    if (::lstat(from.c_str(), &source) != 0) return failure_at(from, errno);
    struct stat target = {};
    if (replace && ::lstat(to.c_str(), &target) == 0) {
        const bool is_same = source.st_dev == target.st_dev && source.st_ino == target.st_ino;
        const bool has_folder = S_ISDIR(source.st_mode) || S_ISDIR(target.st_mode);
        const bool is_read_only = (target.st_mode & 0222) == 0;
        if (!is_same && (has_folder || is_read_only)) return STATUS_ACCESS_DENIED;
    }
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), replace ? 0u : RENAME_NOREPLACE) == 0) return STATUS_SUCCESS;
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) {
        const auto folder = query_host_path(folder_of(to));
        if (!folder) return STATUS_OBJECT_PATH_NOT_FOUND;
    }
    if (error == EINVAL && !replace && ::lstat(to.c_str(), &target) != 0) {
        // A file system without the flag: between looking and renaming another process may come in.
        return ::rename(from.c_str(), to.c_str()) == 0 ? Status(STATUS_SUCCESS) : failure_at(to, errno);
    }
    return error == EEXIST ? Status(STATUS_OBJECT_NAME_COLLISION) : failure_at(from, error);
}

Result<DiskSpace> disk_space(const std::string& path) {
    struct statvfs info = {};
    if (::statvfs(path.c_str(), &info) != 0) return failure_at(path, errno);
    return DiskSpace{info.f_frsize, info.f_blocks, info.f_bfree, info.f_bavail};
}

Result<HostPipe> make_host_pipe() {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return status_from_errno(errno);
    return HostPipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<std::size_t> write_host_pipe(int descriptor, const void* buffer, std::size_t length_bytes) {
    sigset_t broken_pipe;
    sigset_t before;
    sigset_t pending;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    ::sigpending(&pending);
    const bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
    auto written = write_host_file(descriptor, buffer, length_bytes, -1);
    if (!written && !was_pending) {
        constexpr timespec at_once = {};
        while (::sigtimedwait(&broken_pipe, nullptr, &at_once) < 0 && errno == EINTR) {
        }
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return written;
}

}  // namespace pw::platform
