// SPDX-License-Identifier: Apache-2.0
// Server: listens on a driver host's socket and owns the connections of its clients.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/lock.h"
#include "channel/server/connection.h"
#include "channel/server/server_options.h"
#include "channel/server/spin_slots.h"
#include "kernel/services/kernel_port.h"
#include "platform/descriptor.h"
#include "platform/joined_thread.h"

namespace pw::channel {

class Server {
public:
    // `port` outlives the server.
    Server(nt::KernelPort& port, ServerOptions options);
    ~Server() { stop(); }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Listens at `path` (the folder exists and nobody else can enter it). On failure *why is a text for people.
    [[nodiscard]] bool start(const std::string& path, std::string* why);
    // Takes over one end of a connected socket pair, as if a client had connected. After start(), or without it.
    [[nodiscard]] bool serve(platform::Descriptor socket);
    // Closes every connection and waits until all processes are run down. The socket file is removed. False when a process
    // stays terminating for longer than `patience_ms` (-1: waits for ever): it was reported, and stop() may be called again;
    // whoever does not wait ends the operating system's process without destroying the server.
    [[nodiscard]] bool stop(int patience_ms);
    void stop() { static_cast<void>(stop(-1)); }

    [[nodiscard]] std::size_t connection_count();

private:
    void run();
    void accept_clients();
    // Says why to one that waits, with the descriptor that is kept for this. False: nobody waits, or it cannot be done either.
    [[nodiscard]] bool refuse_for_want_of_descriptors();
    void report_turned_away(const std::string& why);
    // Empty, or why the client gets no connection.
    [[nodiscard]] std::string adopt(platform::Descriptor socket);
    void reap_connections();
    [[nodiscard]] bool ensure_thread();

    nt::KernelPort& port_;
    const ServerOptions options_;
    SpinSlots slots_;
    std::string path_;
    platform::Descriptor listener_;
    platform::Descriptor event_;  // a connection ended, or stop()
    platform::Descriptor spare_;  // given up to accept a client that must be refused because there are no descriptors left
    std::atomic<bool> stopping_{false};
    std::atomic<int> stop_patience_ms_{-1};
    bool running_ = false;
    std::uint64_t turned_away_ = 0;    // of the server's thread
    bool out_of_descriptors_ = false;  // of the server's thread
    Mutex lock_{LockRank::host};
    std::vector<std::unique_ptr<Connection>> connections_ PW_GUARDED_BY(lock_);
    platform::JoinedThread os_thread_;
};

}  // namespace pw::channel
