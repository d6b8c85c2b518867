// SPDX-License-Identifier: Apache-2.0
#include "platform/peer_process.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif
#include <signal.h>
#include <sys/syscall.h>

namespace pw::platform {
namespace {

std::string link_target(const char* link) {
    char target[PATH_MAX];
    const ssize_t length = ::readlink(link, target, sizeof target);
    return length <= 0 ? std::string() : std::string(target, static_cast<std::size_t>(length));
}

std::string last_name(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace

std::string process_image_name(std::uint32_t process_id) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/%u/exe", process_id);
    std::string name = last_name(link_target(link));
    // The client chose its file name; it goes into reports, so keep it printable.
    for (char& c : name) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return name.empty() ? "?" : name;
}

std::string process_program_path(std::uint32_t process_id) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/%u/exe", process_id);
    return link_target(link);
}

std::vector<std::string> process_arguments(std::uint32_t process_id) {
    char path[48];
    std::snprintf(path, sizeof path, "/proc/%u/cmdline", process_id);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    // A command line of Windows has at most 32,767 characters.
    std::string text(32767, '\0');
    std::size_t length = 0;
    while (length < text.size()) {
        const ssize_t got = ::read(file, text.data() + length, text.size() - length);
        if (got <= 0) break;
        length += static_cast<std::size_t>(got);
    }
    ::close(file);
    text.resize(length);
    std::vector<std::string> arguments;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\0', start), text.size());
        arguments.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return arguments;
}

bool process_runs(std::uint32_t process_id) {
    const auto id = static_cast<pid_t>(process_id);  // a negative one would mean a group
    return id > 0 && (::kill(id, 0) == 0 || errno == EPERM);
}

std::uint32_t parent_of_process(std::uint32_t process_id) {
    char path[48];
    std::snprintf(path, sizeof path, "/proc/%u/stat", process_id);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    char text[512];
    const ssize_t length = ::read(file, text, sizeof text - 1);
    ::close(file);
    if (length <= 0) return 0;
    text[length] = '\0';
    // "1234 (name) S 1 …": the name may hold anything, so the last parenthesis counts.
    const char* const name_end = std::strrchr(text, ')');
    char state = 0;
    unsigned parent = 0;
    return name_end != nullptr && std::sscanf(name_end + 1, " %c %u", &state, &parent) == 2 ? parent : 0;
}

std::vector<std::uint32_t> peer_groups(int socket) {
    std::vector<std::uint32_t> groups(64);
    for (;;) {
        socklen_t length = static_cast<socklen_t>(groups.size() * sizeof(std::uint32_t));
        if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &length) == 0) {
            groups.resize(length / sizeof(std::uint32_t));
            return groups;
        }
        if (errno != ERANGE || groups.size() > 65536) return {};
        groups.resize(groups.size() * 4);
    }
}

bool is_process_file(int fd, const char* name) {
    struct statfs system {};
    if (::fstatfs(fd, &system) != 0 || system.f_type != PROC_SUPER_MAGIC) return false;
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return last_name(link_target(link)) == name;
}

int open_own_memory() { return ::open("/proc/self/mem", O_RDWR | O_CLOEXEC); }
int open_own_maps() { return ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC); }

void kill_process(int pidfd) { ::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0); }

}  // namespace pw::platform
