// SPDX-License-Identifier: Apache-2.0
// Where a standing driver host listens, by its name or by its socket's path; the same answer for the host, the tools and
// an application that looks for one.
#pragma once

#include <string>

namespace pw::platform {

inline constexpr const char* default_host_name = "default";

struct HostAddress {
    std::string name;          // the name, or the socket's path when it was given by path
    std::string folder;        // where the files below lie
    std::string socket;        // applications connect here
    std::string admin_socket;  // the tools connect here
    std::string lock_file;     // held by the host while it lives
    std::string log_file;      // what a host in the background prints
};

// `host`: a name, a path (anything with a '/'), or empty: the PARTYWALL_HOST variable, else "default". Names lie in
// $XDG_RUNTIME_DIR/partywall, without that variable in /run/user/<uid>/partywall, for root in /run/partywall. False: *why
// is one line of thing, reason and remedy.
[[nodiscard]] bool find_host_address(const std::string& host, HostAddress* address, std::string* why);

// Makes the folder of a host known by name, with mode 0700. False when it cannot, or when the folder belongs to somebody
// else or others may write to it. For a host known by path the folder must be there.
[[nodiscard]] bool prepare_host_folder(const HostAddress& address, std::string* why, bool everybody = false);

// True if a socket file lies there (whether or not anybody listens).
[[nodiscard]] bool is_socket_file(const std::string& path);

}  // namespace pw::platform
