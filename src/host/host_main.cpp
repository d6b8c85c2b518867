// SPDX-License-Identifier: Apache-2.0
// The driver host's program: partywall-host --socket PATH --ready-fd N [--quiet] [--driver FILE ...].
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "channel/server/server.h"
#include "host/kernel_host.h"
#include "platform/process_end.h"
#include "platform/process_identity.h"

namespace pw::host {
namespace {

// Less than `partywall run` waits for the host's end.
constexpr int stop_patience_ms = 5000;
constexpr int unfinished_exit_code = 4;

struct Arguments {
    std::string socket;
    int ready_descriptor = -1;
    bool quiet = false;
    std::vector<std::string> drivers;
};

bool parse(int argc, char** argv, Arguments* arguments) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const char* value = i + 1 < argc ? argv[i + 1] : nullptr;
        if (word == "--quiet") {
            arguments->quiet = true;
        } else if (word == "--socket" && value) {
            arguments->socket = value, ++i;
        } else if (word == "--ready-fd" && value) {
            arguments->ready_descriptor = std::atoi(value), ++i;
        } else if (word == "--driver" && value) {
            arguments->drivers.emplace_back(value), ++i;
        } else {
            std::fprintf(stderr, "partywall-host: unknown argument '%s'; this program is started by 'partywall run'\n",
                         word.c_str());
            return false;
        }
    }
    return !arguments->socket.empty();
}

std::string json_text(const std::string& text) {
    std::string out;
    for (const char c : text) {
        char escaped[8];
        if (c == '"' || c == '\\') {
            out += '\\', out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::snprintf(escaped, sizeof(escaped), "\\u%04x", static_cast<unsigned>(c));
            out += escaped;
        } else {
            out += c;
        }
    }
    return out;
}

int fail(const Arguments& arguments, const char* kind, const std::string& error) {
    const std::string line = "{\"error\":\"" + json_text(error) + "\",\"kind\":\"" + kind + "\"}\n";
    if (arguments.ready_descriptor < 0 || !platform::write_all(arguments.ready_descriptor, line)) {
        std::fprintf(stderr, "partywall-host: %s\n", error.c_str());
    }
    return 1;
}

}  // namespace

int host_main(int argc, char** argv) {
    Arguments arguments;
    if (!parse(argc, argv, &arguments)) return 2;
    platform::block_end_signals();
    platform::forbid_inspection();
    std::string error;
    auto host = KernelHost::create(arguments.quiet, &error);
    if (!host) return fail(arguments, "kernel", error);
    bool is_entry_failure = false;
    if (!host->load_drivers(arguments.drivers, &error, &is_entry_failure)) {
        return fail(arguments, is_entry_failure ? "driver_entry" : "driver_file", error);
    }
    {
        channel::ServerOptions options;
        options.report = [&host](const std::string& line) { host->output().report(line); };
        options.unmap_acknowledged = [](ps::Process& process, std::uint64_t address, std::uint64_t length_bytes) {
            process.address_space().unmap_acknowledged(address, length_bytes);
        };
        channel::Server server(host->kernel(), options);
        if (!server.start(arguments.socket, &error)) return fail(arguments, "socket", error);
        if (arguments.ready_descriptor >= 0 && !platform::write_all(arguments.ready_descriptor, "{\"ready\":true}\n")) return 1;
        platform::wait_for_end_signal();
        if (!server.stop(stop_patience_ms)) {
            // Their requests lie in the drivers: nothing may be unloaded or destroyed under them.
            host->output().report("ends with " + std::to_string(server.connection_count()) +
                                  " process(es) that stay terminating; the drivers are not unloaded");
            platform::end_process(unfinished_exit_code);
        }
    }
    return 0;
}

}  // namespace pw::host

extern "C" __attribute__((visibility("default"))) int pw_host_main(int argc, char** argv) {
    return pw::host::host_main(argc, argv);
}
