// SPDX-License-Identifier: Apache-2.0
// ServerOptions: limits of a server, and what it tells others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "kernel/services/kernel_port.h"

namespace pw::channel {

struct ServerOptions {
    std::uint32_t max_connections = 256;
    std::uint32_t max_connections_per_process = 16;  // a program needs one; a flooder does not take everybody's
    std::uint32_t max_threads_per_process = 512;
    int handshake_timeout_ms = 5000;
    bool serve_other_users = false;  // else a client of another uid is refused (root's clients are served)
    std::size_t service_stack_bytes = 0;  // of a service thread; 0: the system's default

    // A client has carried out an unmap that was only queued. On one of the process's service threads, no lock held.
    std::function<void(ps::Process&, std::uint64_t address, std::uint64_t length_bytes)> unmap_acknowledged;
    // One line for people. Any thread.
    std::function<void(const std::string&)> report;
    // A connection has ended and its process has been run down; how many are left. On the server's thread.
    std::function<void(std::size_t connections)> connection_ended;
};

}  // namespace pw::channel
