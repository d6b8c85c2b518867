// SPDX-License-Identifier: Apache-2.0
#include "platform/host_address.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace pw::platform {
namespace {

constexpr std::size_t max_name_bytes = 40;
// sockaddr_un has room for the path of a socket, ".admin" and a zero.
constexpr std::size_t max_path_bytes = sizeof(sockaddr_un::sun_path) - sizeof(".admin");

const char* variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

bool is_good_name(const std::string& name) {
    if (name.empty() || name.size() > max_name_bytes || name.front() == '.' || name.front() == '-') return false;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!plain) return false;  // without dots, no name is another one's ".admin" or ".lock"
    }
    return true;
}

std::string folder_of_names(std::string* why) {
    if (const char* runtime = variable("XDG_RUNTIME_DIR")) return std::string(runtime) + "/partywall";
    if (::geteuid() == 0) return "/run/partywall";
    const std::string mine = "/run/user/" + std::to_string(::geteuid());
    struct stat info {};
    if (::stat(mine.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return mine + "/partywall";
    *why = "no folder for the sockets of driver hosts: XDG_RUNTIME_DIR is not set and " + mine +
           " does not exist; set XDG_RUNTIME_DIR to a folder of your own, or give the host a path with a '/'";
    return {};
}

}  // namespace

bool find_host_address(const std::string& host, HostAddress* address, std::string* why) {
    std::string name = host;
    if (name.empty()) {
        const char* wanted = variable("PARTYWALL_HOST");
        name = wanted != nullptr ? wanted : default_host_name;
    }
    address->name = name;
    if (name.find('/') != std::string::npos) {
        address->socket = name;
        address->folder = name.substr(0, name.find_last_of('/'));
        if (address->folder.empty()) address->folder = "/";
    } else {
        if (!is_good_name(name)) {
            *why = "'" + name + "': is no name for a driver host; use up to 40 letters, digits, '_' and '-', or a path with a '/'";
            return false;
        }
        address->folder = folder_of_names(why);
        if (address->folder.empty()) return false;
        address->socket = address->folder + "/" + name;
    }
    if (address->socket.size() > max_path_bytes) {
        *why = "'" + address->socket + "': too long for a socket's path (at most " + std::to_string(max_path_bytes) +
               " bytes); use a shorter one";
        return false;
    }
    address->admin_socket = address->socket + ".admin";
    address->lock_file = address->socket + ".lock";
    address->log_file = address->socket + ".log";
    return true;
}

bool prepare_host_folder(const HostAddress& address, std::string* why, bool everybody) {
    const bool by_path = address.name.find('/') != std::string::npos;
    if (!by_path && ::mkdir(address.folder.c_str(), 0700) != 0 && errno != EEXIST) {
        *why = address.folder + ": cannot be made: " + std::strerror(errno) + "; set XDG_RUNTIME_DIR to a folder of your own";
        return false;
    }
    struct stat info {};
    if (::lstat(address.folder.c_str(), &info) != 0 || (!by_path && !S_ISDIR(info.st_mode))) {
        *why = address.folder + ": no such folder; make it first";
        return false;
    }
    if (by_path) return true;
    if (info.st_uid != ::geteuid() || (info.st_mode & 0066) != 0) {
        *why = address.folder + ": belongs to another user or is open to others; remove it, or chmod 700";
        return false;
    }
    // Others pass through, but neither look nor write: each socket has its own mode.
    if (everybody && ::chmod(address.folder.c_str(), 0711) != 0) {
        *why = address.folder + ": cannot be opened to other users: " + std::strerror(errno);
        return false;
    }
    return true;
}

bool is_socket_file(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode);
}

}  // namespace pw::platform
