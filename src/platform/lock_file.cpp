// SPDX-License-Identifier: Apache-2.0
#include "platform/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace pw::platform {

LockFile::~LockFile() {
    if (file_) ::unlink(path_.c_str());  // while it is held: whoever opened it meanwhile sees below that it is gone
}

LockFile::Outcome LockFile::acquire(const std::string& path, std::uint32_t* holder, int* error) {
    for (;;) {
        Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file) {
            *error = errno;
            return Outcome::failed;
        }
        if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EINTR) continue;
            *error = errno;
            if (errno != EWOULDBLOCK) return Outcome::failed;
            char text[16] = {};
            const ssize_t bytes = ::pread(file.get(), text, sizeof text - 1, 0);
            *holder = bytes > 0 ? static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10)) : 0;
            return Outcome::busy;
        }
        // The holder before us may have removed the file between our open and our lock.
        struct stat ours {};
        struct stat there {};
        if (::fstat(file.get(), &ours) != 0 || ::stat(path.c_str(), &there) != 0 || ours.st_ino != there.st_ino) continue;
        const std::string text = std::to_string(::getpid()) + "\n";
        if (::ftruncate(file.get(), 0) != 0 || ::pwrite(file.get(), text.data(), text.size(), 0) < 0) {
            *error = errno;
            return Outcome::failed;
        }
        path_ = path;
        file_ = std::move(file);
        return Outcome::held;
    }
}

}  // namespace pw::platform
