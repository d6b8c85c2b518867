// SPDX-License-Identifier: Apache-2.0
// Snapshots of a running kernel as JSON, for the tools. docs/tools.md describes every field; fields are added, not changed.
//
// All of them at PASSIVE_LEVEL on a thread of the System process. Each room's lock is held while plain values are copied;
// the JSON is made afterwards. Two rooms are not looked at in the same moment.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "kernel/services/kernel.h"

namespace pw::host {

[[nodiscard]] nlohmann::json drivers_snapshot(nt::Kernel& kernel);
[[nodiscard]] nlohmann::json devices_snapshot(nt::Kernel& kernel);
[[nodiscard]] nlohmann::json sections_snapshot(nt::Kernel& kernel);
[[nodiscard]] nlohmann::json processes_snapshot(nt::Kernel& kernel);
// Of one process or of all.
[[nodiscard]] nlohmann::json handles_snapshot(nt::Kernel& kernel, std::optional<std::uint32_t> process_id);
[[nodiscard]] nlohmann::json maps_snapshot(nt::Kernel& kernel, std::optional<std::uint32_t> process_id);
[[nodiscard]] nlohmann::json stats_snapshot(nt::Kernel& kernel);

// "a.exe (12), b (34)": the processes that have a handle to a device of the driver; empty if none has.
[[nodiscard]] std::string users_of_driver(nt::Kernel& kernel, io::DriverObject& driver);

// --- shared by the snapshots
[[nodiscard]] nlohmann::json activity_json(const ke::Activity& activity);
[[nodiscard]] std::string hex(std::uint64_t value);
[[nodiscard]] std::string narrow(std::u16string_view text);
// "PAGE_READWRITE", "PAGE_READONLY|PAGE_NOCACHE"; "reserved" for 0.
[[nodiscard]] std::string protection_name(std::uint32_t protection);
// Visits every object with a name, directories included: visit(Object&).
void for_each_named_object(nt::Kernel& kernel, const std::function<void(ob::Object&)>& visit);

}  // namespace pw::host
