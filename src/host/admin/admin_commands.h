// SPDX-License-Identifier: Apache-2.0
// AdminCommands: what the tools can ask a running host for: snapshots, and loading, unloading and reloading drivers.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "host/admin/admin_progress.h"
#include "host/kernel_host.h"

namespace pw::host {

class AdminCommands {
public:
    // `name` and `socket` are how people and applications call the host; `host` outlives this.
    AdminCommands(KernelHost& host, std::string name, std::string socket);

    // Runs one request: {"command": NAME, "arguments": {…}}. The answer is {"ok": true, "data": {…}} or {"ok": false,
    // "error": {"kind", "thing", "reason", "remedy"}}, with these kinds: "usage", "not_found", "refused", "driver_file",
    // "driver_entry". Any thread that no kernel knows; may take as long as a driver takes.
    [[nodiscard]] nlohmann::json run(const nlohmann::json& request, AdminProgress& progress);

private:
    [[nodiscard]] nlohmann::json run_known(const std::string& command, const nlohmann::json& arguments, AdminProgress& progress);
    [[nodiscard]] nlohmann::json info();
    [[nodiscard]] nlohmann::json load(const nlohmann::json& arguments, AdminProgress& progress);
    [[nodiscard]] nlohmann::json unload(const nlohmann::json& arguments, AdminProgress& progress);
    [[nodiscard]] nlohmann::json reload(const nlohmann::json& arguments, AdminProgress& progress);
    // Stops the driver of a service, and waits for its handles if it may. An error answer, or null.
    [[nodiscard]] nlohmann::json stop_driver(io::ServiceObject& service, const nlohmann::json& arguments, AdminProgress& progress);
    // By name or by file; null when there is none.
    [[nodiscard]] Ref<io::ServiceObject> find_service(const std::string& name_or_file);

    // Empty when it is gone.
    [[nodiscard]] std::optional<io::ServiceRecord> record_of(const io::ServiceObject& service);

    KernelHost& host_;
    const std::string name_;
    const std::string socket_;
    const std::uint64_t started_ns_;
};

}  // namespace pw::host
