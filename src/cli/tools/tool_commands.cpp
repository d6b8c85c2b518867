// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/tool_commands.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/cli_error.h"
#include "cli/run/exit_codes.h"
#include "cli/run/program_checks.h"
#include "cli/terminal.h"
#include "cli/tools/admin_client.h"
#include "cli/tools/host_views.h"
#include "cli/tools/slow_notice.h"
#include "platform/process_spawn.h"
#include "platform/readiness.h"

namespace pw::cli {
namespace {

using nlohmann::json;

constexpr const char* exit_codes = R"(
Exit code: 0; 1 refused (in use, loaded already, cannot be unloaded); 2 no such driver or process; 120 bad driver file;
121 DriverEntry failed; 123 the host ended meanwhile; 124 no host there; 125 wrong usage. See docs/exit-codes.md.
)";

struct Tool {
  const char* name;
  const char* summary;
  const char* examples;
};

constexpr Tool tools[] = {
    {"load", "Load a driver into a running host",
     R"(Each load takes a private copy of the file: build a new one over it whenever you like, then 'partywall reload' it.

Examples:
  partywall load foo.sys                       the driver's name is foo
  partywall load foo.sys --service second      once more, under another name
)"},
    {"unload", "Unload a driver from a running host (DriverUnload)",
     R"(A driver whose devices are open stays; the message says who has them open.

Examples:
  partywall unload foo
  partywall unload foo --wait 10               until the handles are closed, at most ten seconds
)"},
    {"reload", "Exchange a driver for its rebuilt file; host and applications stay",
     R"(The old driver is unloaded (its handles must be closed), then the file is loaded under the same name. Applications keep
running; they open the device again.

Examples:
  partywall reload foo                         from the file that it was loaded from
  partywall reload build/foo.sys               from this file; the driver is the one named foo
  partywall reload foo --wait                  waits until nobody has the device open any more
)"},
    {"drivers", "List a host's drivers", "Examples:\n  partywall drivers\n  partywall drivers --json | jq -r '.drivers[].name'\n"},
    {"devices", "List the drivers' devices and the names that applications open them by",
     "Examples:\n  partywall devices\n  partywall devices --json\n"},
    {"sections", "List sections, named and unnamed, and who maps them", "Examples:\n  partywall sections\n"},
    {"processes", "List the applications that are connected", "Examples:\n  partywall processes\n"},
    {"handles", "List open handles: what they lead to, with which access",
     "Examples:\n  partywall handles\n  partywall handles 1234\n"},
    {"maps", "Show which process maps which frames of what, with protection, address and locked pages",
     R"(Two lines with the same MEMORY (segment:offset) are the same memory: that is the sharing. FRAME is the page frame number that
drivers see in an MDL, "-" while the kernel has not needed one.

Examples:
  partywall maps
  partywall maps 1234
  partywall maps --json | jq '.maps[] | select(.kind == "MDL mapping")'
)"},
    {"stats", "Count system calls, requests and waits, and bytes that were copied instead of shared, with the reason",
     R"(Examples:
  partywall stats
  partywall stats --watch                      rates, every second, until Ctrl-C
  partywall stats --watch --interval 0.2 --count 5 --json
)"},
    {"info", "Say which host answers", "Examples:\n  partywall info\n  partywall info --host /run/user/1000/partywall/default\n"},
};

std::string absolute(const std::string& path) { return std::filesystem::weakly_canonical(std::filesystem::absolute(path)).string(); }

bool is_file_name(const std::string& text) { return text.find('/') != std::string::npos || text.ends_with(".sys"); }

// What the host is asked with.
json arguments_of(const std::string& command, const ToolOptions& options) {
  json arguments = json::object();
  if (options.process_id) arguments["pid"] = *options.process_id;
  if (options.wait_seconds) arguments["wait_ms"] = static_cast<std::uint64_t>(std::llround(*options.wait_seconds * 1000));
  if (command == "load") {
    check_driver_file(options.target);
    arguments["file"] = absolute(options.target);
    if (!options.service.empty()) arguments["service"] = options.service;
  } else if (command == "reload" && is_file_name(options.target)) {
    // Before the old driver goes: the new file can be one.
    check_driver_file(options.target);
    arguments["file"] = absolute(options.target);
    arguments["driver"] = absolute(options.target);
  } else if (command == "reload" || command == "unload") {
    arguments["driver"] = is_file_name(options.target) ? absolute(options.target) : options.target;
  }
  return arguments;
}

std::string done_text(const std::string& command, const json& data) {
  const std::string name = data.value("name", std::string());
  if (command == "load") return fmt::format("driver '{}' loaded from {}\n", name, data.value("file", std::string()));
  if (command == "reload") return fmt::format("driver '{}' reloaded from {}\n", name, data.value("file", std::string()));
  return fmt::format("driver '{}' unloaded\n", name);
}

bool changes_something(const std::string& command) { return command == "load" || command == "unload" || command == "reload"; }

json ask(AdminClient& client, const std::string& command, const ToolOptions& options) {
  SlowNotice notice("partywall " + command, "still waiting for the driver host");
  return client.ask(command, arguments_of(command, options), [&](const std::string& line) { notice.say(line); });
}

void pause_seconds(double seconds) { platform::wait_until_ready({}, static_cast<int>(std::llround(seconds * 1000))); }

int watch_stats(AdminClient& client, const ToolOptions& options) {
  const bool on_terminal = platform::is_terminal(1);
  json before = ask(client, "stats", options);
  for (std::uint64_t round = 0; options.count == 0 || round < options.count; ++round) {
    pause_seconds(options.interval_seconds);
    json after = ask(client, "stats", options);
    if (options.json) {
      fmt::print("{}\n", after.dump());
    } else {
      // On a terminal the table stays in its place; in a file the tables follow each other.
      fmt::print("{}{}{}", on_terminal ? "\x1b[H\x1b[J" : "", stats_change_text(before, after, use_colour_for_output()),
                 on_terminal ? "" : "\n");
    }
    // A reader that has gone ends the watch.
    if (std::fflush(stdout) != 0) return 0;
    before = std::move(after);
  }
  return 0;
}

}  // namespace

std::vector<CLI::App*> add_tool_commands(CLI::App& parent, ToolOptions& options) {
  std::vector<CLI::App*> apps;
  for (const Tool& tool : tools) {
    CLI::App* app = parent.add_subcommand(tool.name, tool.summary);
    app->add_option("--host", options.host, "The host's name or its socket's path (default: PARTYWALL_HOST, else 'default')")
        ->type_name("NAME|PATH");
    app->add_flag("--json", options.json, "Print the answer as JSON (docs/tools.md has its fields)");
    app->footer(std::string(tool.examples) + exit_codes);
    const std::string name = tool.name;
    if (name == "load") {
      app->add_option("file", options.target, "The driver's file")->required()->type_name("FILE.sys");
      app->add_option("--service", options.service, "The driver's name (default: the file's name without .sys)")->type_name("NAME");
    } else if (name == "unload" || name == "reload") {
      app->add_option("driver", options.target, name == "unload" ? "The driver's name, or its file" : "The driver's name, or its new file")
          ->required()
          ->type_name(name == "unload" ? "NAME" : "NAME|FILE.sys");
      app->add_option("--wait", options.wait_seconds, "Wait until its handles are closed, at most so long (without a number: an hour)")
          ->expected(0, 1)
          ->default_str("3600")
          ->check(CLI::Range(0.0, 31536000.0))
          ->type_name("SECONDS");
    } else if (name == "handles" || name == "maps") {
      app->add_option("pid", options.process_id, "Of this process only")->type_name("PID");
    } else if (name == "stats") {
      CLI::Option* watch = app->add_flag("--watch", options.watch, "Print the rates again and again");
      app->add_option("--interval", options.interval_seconds, "Seconds between two rounds")
          ->capture_default_str()
          ->check(CLI::Range(0.05, 86400.0))
          ->needs(watch)
          ->type_name("SECONDS");
      app->add_option("--count", options.count, "End after so many rounds")->needs(watch)->type_name("N");
    }
    apps.push_back(app);
  }
  return apps;
}

int run_tool(const std::string& command, const ToolOptions& options) {
  AdminClient client(options.host);
  if (command == "stats" && options.watch) return watch_stats(client, options);
  const json data = ask(client, command, options);
  if (options.json) {
    fmt::print("{}\n", data.dump());
  } else if (changes_something(command)) {
    fmt::print("{}", done_text(command, data));
  } else {
    fmt::print("{}", view_of(command, data, use_colour_for_output()));
  }
  return 0;
}

}  // namespace pw::cli
