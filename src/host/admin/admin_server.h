// SPDX-License-Identifier: Apache-2.0
// AdminServer: a host's administration socket: who may ask, one thread per tool, bounded requests, answers in frames.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/lock.h"
#include "host/admin/admin_commands.h"
#include "platform/descriptor.h"
#include "platform/joined_thread.h"

namespace pw::host {

class AdminServer {
public:
    // `commands` outlives the server; `report` takes one line for people, on any thread.
    AdminServer(AdminCommands& commands, std::function<void(const std::string&)> report);
    ~AdminServer();
    AdminServer(const AdminServer&) = delete;
    AdminServer& operator=(const AdminServer&) = delete;

    // Listens at `path`. On failure *why is one line.
    [[nodiscard]] bool start(const std::string& path, std::string* why);
    // Tools that wait are sent away; a command that is inside of a driver is waited for. The socket file is removed.
    void stop();

private:
    static constexpr std::size_t max_sessions = 32;
    class Session;

    void run();
    void accept_tools();
    void reap();

    AdminCommands& commands_;
    const std::function<void(const std::string&)> report_;
    std::string path_;
    platform::Descriptor listener_;
    platform::Descriptor event_;  // stop(), or a session that ended
    platform::Descriptor stop_event_;  // stays signalled: sessions watch it
    std::atomic<bool> stopping_{false};
    std::vector<std::unique_ptr<Session>> sessions_;  // of the server's thread
    platform::JoinedThread os_thread_;
};

}  // namespace pw::host
