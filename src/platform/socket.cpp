// SPDX-License-Identifier: Apache-2.0
#include "platform/socket.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

namespace pw::platform {
namespace {

bool fill_address(const std::string& path, sockaddr_un* address) {
    *address = {};
    address->sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address->sun_path) return false;
    std::memcpy(address->sun_path, path.c_str(), path.size() + 1);
    return true;
}

bool ask_for_credentials(int fd) {
    const int on = 1;
    return ::setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0;
}

union ControlRoom {
    cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * max_passed_descriptors) + CMSG_SPACE(sizeof(ucred))];
};

SocketOutcome send_with(int fd, std::span<const std::byte> message, std::span<const int> descriptors, int flags) {
    iovec part{const_cast<std::byte*>(message.data()), message.size()};
    ControlRoom control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (!descriptors.empty()) {
        header.msg_control = control.bytes;
        header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* item = CMSG_FIRSTHDR(&header);
        item->cmsg_level = SOL_SOCKET;
        item->cmsg_type = SCM_RIGHTS;
        item->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(item), descriptors.data(), descriptors.size_bytes());
    }
    for (;;) {
        if (::sendmsg(fd, &header, MSG_NOSIGNAL | flags) >= 0) return SocketOutcome::ok;
        if (errno == EINTR) continue;
        // ETOOMANYREFS: too many descriptors are under way; like a full queue, it passes when the peer reads.
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ETOOMANYREFS || errno == ENOBUFS) {
            return SocketOutcome::would_block;
        }
        return SocketOutcome::closed;
    }
}

void take_control(msghdr* header, ReceivedMessage* message) {
    for (cmsghdr* item = CMSG_FIRSTHDR(header); item != nullptr; item = CMSG_NXTHDR(header, item)) {
        if (item->cmsg_level != SOL_SOCKET) continue;
        if (item->cmsg_type == SCM_RIGHTS) {
            const std::size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (std::size_t i = 0; i < count; ++i) {
                int fd = -1;
                std::memcpy(&fd, CMSG_DATA(item) + i * sizeof fd, sizeof fd);
                Descriptor owned(fd);
                if (message->descriptor_count < max_passed_descriptors) {
                    message->descriptors[message->descriptor_count++] = std::move(owned);
                } else {
                    message->truncated = true;
                }
            }
        } else if (item->cmsg_type == SCM_CREDENTIALS) {
            ucred credentials{};
            std::memcpy(&credentials, CMSG_DATA(item), sizeof credentials);
            message->has_credentials = true;
            message->credentials = {static_cast<std::uint32_t>(credentials.pid), credentials.uid, credentials.gid};
        }
    }
}

}  // namespace

Descriptor listen_at(const std::string& path, int* error, bool everybody) {
    const mode_t mode = everybody ? 0666 : 0600;
    sockaddr_un address{};
    if (!fill_address(path, &address)) {
        *error = ENAMETOOLONG;
        return {};
    }
    Descriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd && ask_for_credentials(fd.get()) &&
        // The mode of the descriptor becomes the file's: nobody but the owner can connect meanwhile, whatever the umask says.
        ::fchmod(fd.get(), mode) == 0 &&
        ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::chmod(path.c_str(), mode) == 0 && ::listen(fd.get(), 128) == 0) {
        return fd;
    }
    *error = errno;
    return {};
}

Descriptor accept_connection(int listener, int* error) {
    for (;;) {
        Descriptor fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (fd || (errno != EINTR && errno != ECONNABORTED)) {
            if (!fd) *error = errno;
            if (fd && !ask_for_credentials(fd.get())) return {};
            return fd;
        }
    }
}

Descriptor connect_to(const std::string& path, int* error) {
    sockaddr_un address{};
    if (!fill_address(path, &address)) {
        *error = ENAMETOOLONG;
        return {};
    }
    Descriptor fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (fd && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    *error = errno;
    return {};
}

bool socket_pair(Descriptor* first, Descriptor* second) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
    *first = Descriptor(ends[0]);
    *second = Descriptor(ends[1]);
    return ask_for_credentials(ends[0]) && ask_for_credentials(ends[1]);
}

SocketOutcome send_message(int fd, std::span<const std::byte> message, std::span<const int> descriptors) {
    return send_with(fd, message, descriptors, MSG_DONTWAIT);
}

SocketOutcome send_message_blocking(int fd, std::span<const std::byte> message, std::span<const int> descriptors) {
    for (;;) {
        const SocketOutcome outcome = send_with(fd, message, descriptors, MSG_DONTWAIT);
        if (outcome != SocketOutcome::would_block) return outcome;
        pollfd item{fd, POLLOUT, 0};
        if (::poll(&item, 1, 100) < 0 && errno != EINTR) return SocketOutcome::closed;
        if ((item.revents & (POLLHUP | POLLERR)) != 0) return SocketOutcome::closed;
    }
}

SocketOutcome receive_message(int fd, std::span<std::byte> room, ReceivedMessage* message) {
    *message = {};
    iovec part{room.data(), room.size()};
    ControlRoom control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes;
    header.msg_controllen = sizeof control.bytes;
    ssize_t length = -1;
    do {
        length = ::recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (length < 0 && errno == EINTR);
    if (length < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? SocketOutcome::would_block : SocketOutcome::closed;
    take_control(&header, message);
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) message->truncated = true;
    message->length_bytes = static_cast<std::size_t>(length);
    // An empty message and the end of the stream look alike; nobody here sends empty messages.
    return length == 0 ? SocketOutcome::closed : SocketOutcome::ok;
}

bool peer_credentials(int fd, PeerCredentials* credentials) {
    ucred peer{};
    socklen_t length = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0 || length != sizeof peer) return false;
    *credentials = {static_cast<std::uint32_t>(peer.pid), peer.uid, peer.gid};
    return true;
}

Descriptor peer_pidfd(int fd, std::uint32_t process_id) {
    int pidfd = -1;
    socklen_t length = sizeof pidfd;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &length) == 0 && pidfd >= 0) {
        ::fcntl(pidfd, F_SETFD, FD_CLOEXEC);
        return Descriptor(pidfd);
    }
    return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(process_id), 0u)));
}

Descriptor make_event_descriptor() { return Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

void signal_event_descriptor(int fd) {
    const std::uint64_t one = 1;
    // A full counter is signalled anyway.
    [[maybe_unused]] const ssize_t written = ::write(fd, &one, sizeof one);
}

void drain_event_descriptor(int fd) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(fd, &count, sizeof count);
}

std::uint32_t effective_user() { return ::geteuid(); }
std::uint32_t own_process_id() { return static_cast<std::uint32_t>(::getpid()); }

bool file_owner(const std::string& path, std::uint32_t* user_id) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return false;
    *user_id = info.st_uid;
    return true;
}

void remove_file(const std::string& path) { ::unlink(path.c_str()); }

void remove_folder(const std::string& path) { ::rmdir(path.c_str()); }

Descriptor reopen_writable(int fd) {
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    return Descriptor(::open(link.c_str(), O_RDWR | O_CLOEXEC));
}

bool is_out_of_descriptors(int error) { return error == EMFILE || error == ENFILE; }
bool is_would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

std::string error_text(int error) {
    char room[128] = {};
    return ::strerror_r(error, room, sizeof room);
}

}  // namespace pw::platform
