// SPDX-License-Identifier: Apache-2.0
// The driver host's program: a kernel with its drivers, the applications' socket and perhaps the tools' socket, until a
// signal asks it to end.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "channel/server/server.h"
#include "host/admin/admin_commands.h"
#include "host/admin/admin_server.h"
#include "host/host_arguments.h"
#include "host/kernel_host.h"
#include "kernel/dispatcher/bug_check.h"
#include "platform/host_address.h"
#include "platform/lock_file.h"
#include "platform/process_end.h"
#include "platform/process_identity.h"
#include "platform/socket.h"

namespace pw::host {
namespace {

// Less than `partywall run` waits for the host's end.
constexpr int stop_patience_ms = 5000;
constexpr int unfinished_exit_code = 4;
constexpr int unfinished_exit_code_standing = 123;

// Why the host could not start. `kind` is for the program that started it, `exit_code` for whoever started it from a shell
// (docs/exit-codes.md).
struct StartError {
    const char* kind = "kernel";
    int exit_code = 125;
    std::string text;
};

int fail(const HostArguments& arguments, const StartError& error) {
    using nlohmann::json;
    const json answer = {{"error", error.text}, {"kind", error.kind}};
    const std::string line = answer.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    if (arguments.ready_descriptor < 0 || !platform::write_all(arguments.ready_descriptor, line)) {
        const char* who = arguments.admin_socket.empty() ? "partywall-host" : "partywall host";
        std::fprintf(stderr, "%s: error: %s\n", who, error.text.c_str());
    }
    return arguments.ready_descriptor < 0 ? error.exit_code : 1;
}

// One host per lock file; what a host that was killed has left is in nobody's way then.
bool take_lock(const HostArguments& arguments, platform::LockFile* lock, StartError* error) {
    if (arguments.lock_file.empty()) return true;
    std::uint32_t holder = 0;
    int code = 0;
    switch (lock->acquire(arguments.lock_file, &holder, &code)) {
        case platform::LockFile::Outcome::held: break;
        case platform::LockFile::Outcome::busy:
            *error = {"running", 1,
                      "driver host '" + arguments.name + "': is running already (process " + std::to_string(holder) + ", socket " +
                          arguments.socket + "); use it, end it with 'kill " + std::to_string(holder) + "', or give another --name"};
            return false;
        case platform::LockFile::Outcome::failed:
            *error = {"socket", 125, arguments.lock_file + ": cannot be locked: " + platform::error_text(code) +
                                         "; check the permissions of its folder"};
            return false;
    }
    for (const std::string& path : {arguments.socket, arguments.admin_socket}) {
        if (platform::is_socket_file(path)) platform::remove_file(path);
    }
    return true;
}

// Everything of a running host, in the order in which it starts; it ends in the opposite one.
class RunningHost {
public:
    explicit RunningHost(const HostArguments& arguments) : arguments_(arguments) {}
    RunningHost(const RunningHost&) = delete;
    RunningHost& operator=(const RunningHost&) = delete;

    [[nodiscard]] bool start(StartError* error) {
        if (!take_lock(arguments_, &lock_, error)) return false;
        host_ = KernelHost::create(arguments_.quiet, &error->text);
        if (!host_) return false;
        bool is_entry_failure = false;
        if (!host_->load_drivers(arguments_.drivers, &error->text, &is_entry_failure)) {
            error->kind = is_entry_failure ? "driver_entry" : "driver_file";
            error->exit_code = is_entry_failure ? 121 : 120;
            return false;
        }
        *error = {"socket", 125, {}};
        return listen(&error->text);
    }

    // Ends the applications' and the tools' connections; the rest goes with the object.
    void end() {
        admin_.reset();
        if (server_->stop(stop_patience_ms)) return;
        // Their requests lie in the drivers: nothing may be unloaded or destroyed under them.
        report("ends with " + std::to_string(server_->connection_count()) +
               " process(es) that stay terminating; the drivers are not unloaded");
        platform::end_process(arguments_.admin_socket.empty() ? unfinished_exit_code : unfinished_exit_code_standing);
    }

    void report(const std::string& line) { host_->output().report(line); }
    [[nodiscard]] std::size_t connection_count() { return server_->connection_count(); }

private:
    bool listen(std::string* why) {
        const auto report_line = [this](const std::string& line) { report(line); };
        channel::ServerOptions options;
        options.report = report_line;
        options.serve_other_users = arguments_.all_users;
        options.unmap_acknowledged = [](ps::Process& process, std::uint64_t address, std::uint64_t length_bytes) {
            process.address_space().unmap_acknowledged(address, length_bytes);
        };
        server_ = std::make_unique<channel::Server>(host_->kernel(), options);
        if (!server_->start(arguments_.socket, why)) return false;
        if (arguments_.admin_socket.empty()) return true;
        commands_ = std::make_unique<AdminCommands>(*host_, arguments_.name, arguments_.socket);
        admin_ = std::make_unique<AdminServer>(*commands_, report_line);
        return admin_->start(arguments_.admin_socket, why);
    }

    const HostArguments& arguments_;
    platform::LockFile lock_;
    std::unique_ptr<KernelHost> host_;
    std::unique_ptr<channel::Server> server_;
    std::unique_ptr<AdminCommands> commands_;
    std::unique_ptr<AdminServer> admin_;
};

int host_main(int argc, char** argv) {
    HostArguments arguments;
    std::string usage;
    if (!parse_host_arguments(argc, argv, &arguments, &usage)) {
        std::fprintf(stderr, "partywall-host: error: %s\n", usage.c_str());
        return 2;
    }
    const bool is_standing = !arguments.admin_socket.empty();
    // A standing host ends with the code that its user reads in docs/exit-codes.md.
    if (is_standing) ke::set_bug_check_action([](const ke::BugCheckReport&) { platform::end_process(122); });
    platform::block_end_signals();
    platform::forbid_inspection();
    platform::raise_descriptor_limit();
    StartError error;
    RunningHost host(arguments);
    if (!host.start(&error)) return fail(arguments, error);
    if (is_standing) {
        host.report("host '" + arguments.name + "' is ready (process " + std::to_string(platform::process_id()) + ", socket " +
                    arguments.socket + ")");
    }
    if (arguments.ready_descriptor >= 0 && !platform::write_all(arguments.ready_descriptor, "{\"ready\":true}\n")) return 1;
    platform::wait_for_end_signal();
    if (is_standing) {
        const std::size_t clients = host.connection_count();
        host.report("host '" + arguments.name + "' is ending" +
                    (clients == 0 ? std::string() : "; " + std::to_string(clients) + " connected application(s) lose it"));
    }
    host.end();
    return 0;
}

}  // namespace
}  // namespace pw::host

extern "C" __attribute__((visibility("default"))) int pw_host_main(int argc, char** argv) {
    return pw::host::host_main(argc, argv);
}
