// SPDX-License-Identifier: Apache-2.0
#include "host/host_arguments.h"

#include <cstdlib>

namespace pw::host {

bool parse_host_arguments(int argc, char** argv, HostArguments* arguments, std::string* error) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const char* value = i + 1 < argc ? argv[i + 1] : nullptr;
        if (word == "--quiet") {
            arguments->quiet = true;
            continue;
        }
        if (word == "--all-users") {
            arguments->all_users = true;
            continue;
        }
        std::string* text = word == "--socket"  ? &arguments->socket
                            : word == "--admin" ? &arguments->admin_socket
                            : word == "--lock"  ? &arguments->lock_file
                            : word == "--name"  ? &arguments->name
                                                : nullptr;
        if (text && value) {
            *text = value;
        } else if (word == "--ready-fd" && value) {
            arguments->ready_descriptor = std::atoi(value);
        } else if (word == "--driver" && value) {
            arguments->drivers.emplace_back(value);
        } else {
            *error = "unknown argument '" + word + "'; this program is started by 'partywall run' and 'partywall host'";
            return false;
        }
        ++i;
    }
    if (arguments->socket.empty()) {
        *error = "no --socket; this program is started by 'partywall run' and 'partywall host'";
        return false;
    }
    return true;
}

}  // namespace pw::host
