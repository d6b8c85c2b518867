// SPDX-License-Identifier: Apache-2.0
// What the driver host's program is started with, by 'partywall run' and 'partywall host'.
#pragma once

#include <string>
#include <vector>

namespace pw::host {

struct HostArguments {
    std::string socket;             // --socket PATH: where applications connect
    std::string admin_socket;       // --admin PATH: where the tools connect; empty: nowhere
    std::string lock_file;          // --lock PATH: held while the host lives; a leftover socket may be removed then
    std::string name;               // --name NAME: what people call the host
    int ready_descriptor = -1;      // --ready-fd N: where one line of JSON says that the host is ready, or why not
    bool quiet = false;             // --quiet: drops what drivers print
    bool all_users = false;         // --all-users: serves clients of every user, each with his own rights
    std::vector<std::string> drivers;  // --driver PATH, repeated
};

// False when something is unknown or missing; *error is one line.
[[nodiscard]] bool parse_host_arguments(int argc, char** argv, HostArguments* arguments, std::string* error);

}  // namespace pw::host
