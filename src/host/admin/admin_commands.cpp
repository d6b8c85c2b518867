// SPDX-License-Identifier: Apache-2.0
#include "host/admin/admin_commands.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "host/admin/snapshots.h"
#include "platform/clock.h"
#include "platform/process_identity.h"

namespace pw::host {
namespace {

using nlohmann::json;

constexpr int retry_ms = 20;
constexpr std::uint64_t max_patience_ms = std::uint64_t{365} * 24 * 3600 * 1000;

std::uint64_t now_ns() { return static_cast<std::uint64_t>(platform::monotonic_time_ns()); }

json failure(const char* kind, const std::string& thing, const std::string& reason, const std::string& remedy) {
    return {{"ok", false}, {"error", {{"kind", kind}, {"thing", thing}, {"reason", reason}, {"remedy", remedy}}}};
}

json success(json data) { return {{"ok", true}, {"data", std::move(data)}}; }

std::string text_of(const json& arguments, const char* name) {
    const auto found = arguments.find(name);
    return found != arguments.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::uint32_t> process_id_of(const json& arguments) {
    const auto found = arguments.find("pid");
    if (found == arguments.end() || !found->is_number_unsigned()) return std::nullopt;
    return static_cast<std::uint32_t>(found->get<std::uint64_t>());
}

// How long a command may wait for open handles; 0: not at all.
std::uint64_t patience_ms(const json& arguments) {
    const auto found = arguments.find("wait_ms");
    return found != arguments.end() && found->is_number_unsigned() ? std::min(found->get<std::uint64_t>(), max_patience_ms) : 0;
}

std::string base_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

AdminCommands::AdminCommands(KernelHost& host, std::string name, std::string socket)
    : host_(host), name_(std::move(name)), socket_(std::move(socket)), started_ns_(now_ns()) {}

json AdminCommands::run(const json& request, AdminProgress& progress) {
    const std::string command = request.is_object() ? text_of(request, "command") : std::string();
    if (command.empty()) return failure("usage", "request", "names no command", "use the partywall command of the same version");
    const auto found = request.find("arguments");
    const json arguments = found != request.end() && found->is_object() ? *found : json::object();
    // Objects whose last reference we drop are deleted here: that takes a thread of the System process.
    const nt::Kernel::SystemThreadScope scope(host_.kernel());
    return run_known(command, arguments, progress);
}

json AdminCommands::run_known(const std::string& command, const json& arguments, AdminProgress& progress) {
    nt::Kernel& kernel = host_.kernel();
    if (command == "info") return success(info());
    if (command == "load") return load(arguments, progress);
    if (command == "unload") return unload(arguments, progress);
    if (command == "reload") return reload(arguments, progress);
    if (command == "drivers") return success(drivers_snapshot(kernel));
    if (command == "devices") return success(devices_snapshot(kernel));
    if (command == "sections") return success(sections_snapshot(kernel));
    if (command == "processes") return success(processes_snapshot(kernel));
    if (command == "stats") {
        json data = stats_snapshot(kernel);
        data["uptime_ms"] = (now_ns() - started_ns_) / 1'000'000;
        return success(std::move(data));
    }
    if (command == "handles" || command == "maps") {
        const std::optional<std::uint32_t> process_id = process_id_of(arguments);
        if (process_id && !kernel.processes().find_process(*process_id)) {
            return failure("not_found", "process " + std::to_string(*process_id), "is no client of this host",
                           "see 'partywall processes'");
        }
        return success(command == "maps" ? maps_snapshot(kernel, process_id) : handles_snapshot(kernel, process_id));
    }
    return failure("usage", "'" + command + "'", "this driver host does not know the command",
                   "use the partywall command of the same version");
}

json AdminCommands::info() {
    return {{"name", name_},
            {"socket", socket_},
            {"pid", platform::process_id()},
            {"version", PW_VERSION},
            {"uptime_ms", (now_ns() - started_ns_) / 1'000'000}};
}

Ref<io::ServiceObject> AdminCommands::find_service(const std::string& name_or_file) {
    std::string name = name_or_file;
    const bool is_file = name.find('/') != std::string::npos || name.ends_with(".sys");
    if (is_file) {
        for (const io::ServiceRecord& record : host_.kernel().service_control().services()) {
            if (record.path == name_or_file) return record.service;
        }
        name = base_name(name);
        name = name.substr(0, name.find_last_of('.'));
    }
    Ref<io::ServiceObject> service;
    // A Win32 error: there is none.
    if (host_.kernel().service_control().open(io::widen(name), &service) != 0) return {};
    return service;
}

std::optional<io::ServiceRecord> AdminCommands::record_of(const io::ServiceObject& service) {
    for (io::ServiceRecord& record : host_.kernel().service_control().services()) {
        if (record.service.get() == &service) return std::move(record);
    }
    return std::nullopt;
}

json AdminCommands::load(const json& arguments, AdminProgress&) {
    const std::string file = text_of(arguments, "file");
    const std::string service = text_of(arguments, "service");
    if (file.empty() || file.front() != '/') return failure("usage", "load", "names no absolute path of a driver file", "");
    const std::string name = service.empty() ? base_name(file).substr(0, base_name(file).find_last_of('.')) : service;
    if (find_service(name)) {
        return failure("refused", "driver '" + name + "'", "is loaded already",
                       "'partywall reload " + name + "' takes a rebuilt file, 'partywall load --service NAME' loads it once more");
    }
    KernelHost::LoadError error;
    if (host_.load_driver(file, service, &error)) {
        host_.output().report("driver '" + name + "' loaded from " + file);
        return success({{"name", name}, {"file", file}});
    }
    return failure(error.is_entry_failure ? "driver_entry" : "driver_file", "", error.text, "");
}

json AdminCommands::stop_driver(io::ServiceObject& service, const json& arguments, AdminProgress& progress) {
    const std::string thing = "driver '" + narrow(service.name) + "'";
    const std::uint64_t deadline_ns = now_ns() + patience_ms(arguments) * 1'000'000;
    bool said = false;
    for (;;) {
        const Status status = host_.kernel().service_control().stop(service);
        if (status.is_success()) return nullptr;
        if (status == Status(STATUS_INVALID_DEVICE_REQUEST)) {
            return failure("refused", thing, "has no DriverUnload routine, so it stays until the host ends",
                           "set DriverObject->DriverUnload in DriverEntry");
        }
        if (status != Status(STATUS_DEVICE_BUSY)) return failure("refused", thing, "is not running", "see 'partywall drivers'");
        const std::optional<io::ServiceRecord> record = record_of(service);
        const std::string users = record && record->driver ? users_of_driver(host_.kernel(), *record->driver) : std::string();
        const std::string reason =
            users.empty() ? "a device is open or has another one attached above it" : "is in use: open handles in " + users;
        if (now_ns() >= deadline_ns) {
            return failure("refused", thing, reason, "close them, or give --wait SECONDS");
        }
        if (!said) progress.say(thing + ": " + reason + "; waiting");
        said = true;
        if (!progress.pause_ms(retry_ms)) return failure("refused", thing, reason, "nobody waits for it any more");
    }
}

json AdminCommands::unload(const json& arguments, AdminProgress& progress) {
    const std::string name = text_of(arguments, "driver");
    const Ref<io::ServiceObject> service = find_service(name);
    if (!service) return failure("not_found", "driver '" + name + "'", "is not loaded", "see 'partywall drivers'");
    const std::optional<io::ServiceRecord> record = record_of(*service);
    // A driver whose reload failed is stopped already.
    const bool is_stopped = record && record->is_of_host && record->state == io::ServiceState::stopped;
    json problem = is_stopped ? json() : stop_driver(*service, arguments, progress);
    if (!problem.is_null()) return problem;
    // What 'load' made goes altogether; what an application installed stays, stopped, for the application.
    if (service->is_of_host) static_cast<void>(host_.kernel().service_control().mark_for_delete(*service));
    host_.output().report("driver '" + narrow(service->name) + "' unloaded");
    return success({{"name", narrow(service->name)}});
}

json AdminCommands::reload(const json& arguments, AdminProgress& progress) {
    const std::string driver = text_of(arguments, "driver");
    const std::string file = text_of(arguments, "file");
    Ref<io::ServiceObject> service = find_service(driver);
    if (!service) {
        return failure("not_found", "driver '" + driver + "'", "is not loaded", "load it with 'partywall load FILE.sys'");
    }
    const std::optional<io::ServiceRecord> record = record_of(*service);
    json problem = record && record->state == io::ServiceState::stopped ? json() : stop_driver(*service, arguments, progress);
    if (!problem.is_null()) return problem;
    KernelHost::LoadError error;
    if (!host_.restart_driver(*service, file, &error)) {
        return failure(error.is_entry_failure ? "driver_entry" : "driver_file", "", error.text,
                       "the old driver is unloaded: mend the new one and reload again");
    }
    const std::string path = record && file.empty() ? record->path : file;
    host_.output().report("driver '" + narrow(service->name) + "' reloaded from " + path);
    return success({{"name", narrow(service->name)}, {"file", path}});
}

}  // namespace pw::host
