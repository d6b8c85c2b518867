// SPDX-License-Identifier: Apache-2.0
#include "platform/host_file.h"

#include <fcntl.h>
#include <limits.h>
#include <ntstatus.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "platform/errno_status.h"

namespace pw::platform {
namespace {

constexpr mode_t new_file_mode = 0666;
constexpr mode_t new_read_only_mode = 0444;
constexpr mode_t any_write = 0222;
constexpr std::int64_t ns_per_second = 1'000'000'000;

Status file_status(int error) {
    switch (error) {
        case ENOENT: return STATUS_OBJECT_NAME_NOT_FOUND;
        case ENOTDIR: return STATUS_OBJECT_PATH_NOT_FOUND;
        case EEXIST: return STATUS_OBJECT_NAME_COLLISION;
        case EISDIR: return STATUS_FILE_IS_A_DIRECTORY;
        case ENOTEMPTY: return STATUS_DIRECTORY_NOT_EMPTY;
        case ENAMETOOLONG: return STATUS_OBJECT_NAME_INVALID;
        case ELOOP: return STATUS_OBJECT_PATH_INVALID;
        case EROFS: return STATUS_MEDIA_WRITE_PROTECTED;
        case EDQUOT: return STATUS_DISK_FULL;
        case ETXTBSY:
        case EBUSY: return STATUS_SHARING_VIOLATION;
        case ENXIO:
        case ENODEV: return STATUS_NO_SUCH_DEVICE;
        case EPIPE: return STATUS_PIPE_BROKEN;
        case EIO: return STATUS_IO_DEVICE_ERROR;
        case EMFILE:
        case ENFILE: return STATUS_TOO_MANY_OPENED_FILES;
        default: return status_from_errno(error);
    }
}

// ENOENT says "a part of the path": the last one, or another?
Status path_status(const std::string& path, int error) {
    if (error != ENOENT) return file_status(error);
    std::string parent = path;
    while (!parent.empty() && parent.back() == '/') parent.pop_back();
    const std::size_t slash = parent.find_last_of('/');
    if (slash == std::string::npos) return file_status(error);
    parent.resize(slash + 1);
    struct stat info = {};
    const bool has_parent = ::stat(parent.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
    return has_parent ? STATUS_OBJECT_NAME_NOT_FOUND : STATUS_OBJECT_PATH_NOT_FOUND;
}

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * ns_per_second + time.tv_nsec; }

HostFileInfo info_of(const struct stat& from) {
    HostFileInfo info;
    info.kind = S_ISREG(from.st_mode)                             ? HostFileKind::regular
                : S_ISDIR(from.st_mode)                           ? HostFileKind::directory
                : S_ISCHR(from.st_mode)                           ? HostFileKind::character
                : S_ISFIFO(from.st_mode) || S_ISSOCK(from.st_mode) ? HostFileKind::pipe
                                                                  : HostFileKind::other;
    info.is_read_only = (from.st_mode & any_write) == 0;
    info.size_bytes = static_cast<std::uint64_t>(from.st_size);
    info.accessed_ns = nanoseconds(from.st_atim);
    info.modified_ns = nanoseconds(from.st_mtim);
    info.changed_ns = nanoseconds(from.st_ctim);
    info.allocated_bytes = static_cast<std::uint64_t>(from.st_blocks) * 512;
    info.inode = from.st_ino;
    info.device = from.st_dev;
    info.links = static_cast<std::uint32_t>(from.st_nlink);
    return info;
}

int access_flags(const HostFileRequest& request) {
    const int mode = request.read && request.write ? O_RDWR : request.write ? O_WRONLY : O_RDONLY;
    return mode | (request.append ? O_APPEND : 0) | (request.regular_only ? O_NONBLOCK : 0) | O_CLOEXEC | O_NOCTTY;
}

int open_retrying(const std::string& path, int flags, mode_t mode) {
    int descriptor = -1;
    do {
        descriptor = ::open(path.c_str(), flags, mode);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

}  // namespace

Result<OpenedHostFile> open_host_file(const std::string& path, const HostFileRequest& request) {
    const bool creates = request.disposition == OpenDisposition::create_new ||
                         request.disposition == OpenDisposition::create_always ||
                         request.disposition == OpenDisposition::open_always;
    const bool truncates = request.disposition == OpenDisposition::create_always ||
                           request.disposition == OpenDisposition::truncate_existing;
    const mode_t mode = request.create_read_only ? new_read_only_mode : new_file_mode;
    // Whether the file was there must be known, so creating and opening are two steps; another process may remove or
    // create it between them.
    for (int attempt = 0; attempt < 8; ++attempt) {
        if (creates) {
            Descriptor created(open_retrying(path, access_flags(request) | O_CREAT | O_EXCL, mode));
            if (created) return OpenedHostFile{std::move(created), false};
            if (errno != EEXIST || request.disposition == OpenDisposition::create_new) return path_status(path, errno);
        }
        Descriptor opened(open_retrying(path, access_flags(request), 0));
        if (!opened) {
            if (creates && errno == ENOENT) continue;
            return path_status(path, errno);
        }
        struct stat info = {};
        if (::fstat(opened.get(), &info) != 0) return file_status(errno);
        if (S_ISDIR(info.st_mode)) return STATUS_FILE_IS_A_DIRECTORY;
        if (request.regular_only && !S_ISREG(info.st_mode)) return STATUS_INVALID_DEVICE_REQUEST;
        if (truncates && S_ISREG(info.st_mode)) {
            // CREATE_ALWAYS overwrites, whether or not the handle may write.
            const int cut = request.write ? ::ftruncate(opened.get(), 0) : ::truncate(path.c_str(), 0);
            if (cut != 0) return path_status(path, errno);
        }
        return OpenedHostFile{std::move(opened), true};
    }
    return STATUS_SHARING_VIOLATION;
}

Result<std::size_t> read_host_file(int descriptor, void* buffer, std::size_t length_bytes, std::int64_t offset) {
    ssize_t bytes = 0;
    do {
        bytes = offset < 0 ? ::read(descriptor, buffer, length_bytes) : ::pread(descriptor, buffer, length_bytes, offset);
    } while (bytes < 0 && errno == EINTR);
    if (bytes < 0) return file_status(errno);
    return static_cast<std::size_t>(bytes);
}

Result<std::size_t> write_host_file(int descriptor, const void* buffer, std::size_t length_bytes, std::int64_t offset) {
    std::size_t done = 0;
    while (done < length_bytes) {
        const char* const from = static_cast<const char*>(buffer) + done;
        const ssize_t bytes = offset < 0 ? ::write(descriptor, from, length_bytes - done)
                                         : ::pwrite(descriptor, from, length_bytes - done, offset + static_cast<off_t>(done));
        if (bytes < 0 && errno != EINTR) return file_status(errno);
        if (bytes > 0) done += static_cast<std::size_t>(bytes);
    }
    return done;
}

Result<std::int64_t> seek_host_file(int descriptor, std::int64_t distance, SeekFrom from) {
    const int whence = from == SeekFrom::begin ? SEEK_SET : from == SeekFrom::current ? SEEK_CUR : SEEK_END;
    const off_t position = ::lseek(descriptor, distance, whence);
    if (position < 0) return file_status(errno);
    return std::int64_t{position};
}

Status end_host_file_here(int descriptor) {
    const off_t position = ::lseek(descriptor, 0, SEEK_CUR);
    if (position < 0 || ::ftruncate(descriptor, position) != 0) return file_status(errno);
    return STATUS_SUCCESS;
}

Status flush_host_file(int descriptor) {
    // Terminals and pipes have nothing to flush.
    if (::fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS) return STATUS_SUCCESS;
    return file_status(errno);
}

Status set_host_file_length(int descriptor, std::uint64_t length_bytes) {
    struct rlimit limit = {};
    if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && length_bytes > limit.rlim_cur) {
        return STATUS_DISK_FULL;  // Linux would send a signal
    }
    if (::ftruncate(descriptor, static_cast<off_t>(length_bytes)) == 0) return STATUS_SUCCESS;
    return errno == EINVAL ? Status(STATUS_ACCESS_DENIED) : file_status(errno);  // EINVAL: not open for writing
}

Status set_host_file_times(int descriptor, std::int64_t accessed_ns, std::int64_t modified_ns) {
    const auto time_of = [](std::int64_t ns) {
        struct timespec time = {.tv_sec = ns / ns_per_second, .tv_nsec = ns % ns_per_second};
        if (time.tv_nsec < 0) --time.tv_sec, time.tv_nsec += ns_per_second;
        if (ns == time_unchanged) time = {.tv_sec = 0, .tv_nsec = UTIME_OMIT};
        return time;
    };
    const struct timespec times[] = {time_of(accessed_ns), time_of(modified_ns)};
    return ::futimens(descriptor, times) == 0 ? Status(STATUS_SUCCESS) : file_status(errno);
}

Status set_host_file_read_only(int descriptor, bool read_only) {
    struct stat info = {};
    if (::fstat(descriptor, &info) != 0) return file_status(errno);
    const bool is_read_only = (info.st_mode & any_write) == 0;
    if (is_read_only == read_only) return STATUS_SUCCESS;
    const mode_t mode = (info.st_mode & 07777 & ~any_write) | (read_only ? 0u : S_IWUSR);
    return ::fchmod(descriptor, mode) == 0 ? Status(STATUS_SUCCESS) : file_status(errno);
}

Status set_host_path_read_only(const std::string& path, bool read_only) {
    struct stat info = {};
    if (::stat(path.c_str(), &info) != 0) return path_status(path, errno);
    // "Files only": on a folder the attribute does not keep anybody from writing into it.
    if (S_ISDIR(info.st_mode)) return STATUS_SUCCESS;
    const mode_t mode = (info.st_mode & 07777 & ~any_write) | (read_only ? 0u : (info.st_mode & any_write) | S_IWUSR);
    return ::chmod(path.c_str(), mode) == 0 ? Status(STATUS_SUCCESS) : path_status(path, errno);
}

Result<HostFileInfo> query_host_file(int descriptor) {
    struct stat info = {};
    if (::fstat(descriptor, &info) != 0) return file_status(errno);
    return info_of(info);
}


Result<HostFileInfo> query_host_path(const std::string& path) {
    struct stat info = {};
    if (::stat(path.c_str(), &info) != 0) return path_status(path, errno);
    return info_of(info);
}

Status remove_host_file(const std::string& path) {
    struct stat info = {};
    if (::lstat(path.c_str(), &info) != 0) return path_status(path, errno);
    if (S_ISDIR(info.st_mode)) return STATUS_FILE_IS_A_DIRECTORY;
    // A read-only file cannot be deleted in Windows; here the directory alone would decide.
    if (S_ISREG(info.st_mode) && (info.st_mode & any_write) == 0) return STATUS_CANNOT_DELETE;
    return ::unlink(path.c_str()) == 0 ? Status(STATUS_SUCCESS) : path_status(path, errno);
}

Status make_host_directory(const std::string& path) {
    return ::mkdir(path.c_str(), 0777) == 0 ? Status(STATUS_SUCCESS) : path_status(path, errno);
}

Status remove_host_directory(const std::string& path) {
    if (::rmdir(path.c_str()) == 0) return STATUS_SUCCESS;
    if (errno == ENOTDIR) {
        struct stat info = {};
        if (::lstat(path.c_str(), &info) == 0) return STATUS_NOT_A_DIRECTORY;
        return STATUS_OBJECT_PATH_NOT_FOUND;
    }
    return path_status(path, errno);
}

std::string current_directory() {
    char buffer[PATH_MAX];
    return ::getcwd(buffer, sizeof buffer) == nullptr ? std::string() : std::string(buffer);
}

Status change_directory(const std::string& path) {
    if (::chdir(path.c_str()) == 0) return STATUS_SUCCESS;
    if (errno == ENOTDIR) {
        struct stat info = {};
        if (::stat(path.c_str(), &info) == 0) return STATUS_NOT_A_DIRECTORY;
        return STATUS_OBJECT_PATH_NOT_FOUND;
    }
    return path_status(path, errno);
}

}  // namespace pw::platform
