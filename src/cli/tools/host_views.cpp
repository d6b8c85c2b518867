// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/host_views.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/tools/text_table.h"

namespace pw::cli {
namespace {

using nlohmann::json;
constexpr auto right = TextTable::Align::right;

std::string text(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return "-";
  if (found->is_string()) return found->get<std::string>();
  if (found->is_boolean()) return *found == true ? "yes" : "no";
  return found->dump();
}

std::string bytes(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_unsigned() ? human_bytes(found->get<std::uint64_t>()) : "-";
}

std::uint64_t number(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::string list(const json& object, const char* name) {
  std::string all;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return "-";
  for (const json& entry : *found) {
    all += all.empty() ? "" : ", ";
    all += entry.is_string() ? entry.get<std::string>() : entry.dump();
  }
  return all.empty() ? "-" : all;
}

std::string who(const json& entry) { return text(entry, "image") + " (" + text(entry, "pid") + ")"; }

const json& rows_of(const json& data, const char* name) {
  static const json none = json::array();
  const auto found = data.find(name);
  return found != data.end() && found->is_array() ? *found : none;
}

std::string table_or(const TextTable& table, bool emphasise, const char* otherwise) {
  return table.is_empty() ? std::string(otherwise) + "\n" : table.text(emphasise);
}

std::string drivers(const json& data, bool emphasise) {
  TextTable table({{"NAME"}, {"STATE"}, {"OPEN", right}, {"DEVICES"}, {"FILE"}});
  for (const json& driver : rows_of(data, "drivers")) {
    std::string state = text(driver, "state");
    if (driver.value("deleted", false)) state += ", deleted";
    if (state == "running" && !driver.value("can_unload", true)) state += ", no unload";
    table.add({text(driver, "name"), state, text(driver, "open_files"), list(driver, "devices"), text(driver, "file")});
  }
  return table_or(table, emphasise, "no drivers; load one with 'partywall load FILE.sys'");
}

std::string devices(const json& data, bool emphasise) {
  TextTable table({{"DEVICE"}, {"DRIVER"}, {"OPENED AS"}, {"OPEN", right}, {"READ/WRITE"}, {"EXCLUSIVE"}, {"ABOVE"}});
  for (const json& device : rows_of(data, "devices")) {
    table.add({text(device, "name"), text(device, "driver"), list(device, "links"), text(device, "open_files"),
               text(device, "read_write_method"), text(device, "exclusive"), text(device, "attached_to")});
  }
  return table_or(table, emphasise, "no devices");
}

std::string sections(const json& data, bool emphasise) {
  TextTable table({{"SECTION"}, {"SIZE", right}, {"PROTECTION"}, {"BACKING"}, {"HANDLES", right}, {"LOCKED", right}, {"MAPPED BY"}});
  for (const json& section : rows_of(data, "sections")) {
    std::string mappers;
    for (const json& view : rows_of(section, "views")) mappers += (mappers.empty() ? "" : ", ") + text(view, "pid");
    std::string name = text(section, "name");
    if (name == "-") name = "(unnamed, segment " + text(section, "segment") + ")";
    table.add({name, bytes(section, "size_bytes"), text(section, "protection"), text(section, "backing"),
               text(section, "handles"), text(section, "locked_pages"), mappers.empty() ? "-" : mappers});
  }
  return table_or(table, emphasise, "no sections");
}

std::string processes(const json& data, bool emphasise) {
  TextTable table({{"PID", right}, {"IMAGE"}, {"UID", right}, {"STATE"}, {"THREADS", right}, {"HANDLES", right},
                   {"PENDING", right}, {"LOCKED", right}, {"PRIVATE", right}, {"SHARED", right}});
  for (const json& process : rows_of(data, "processes")) {
    table.add({text(process, "pid"), text(process, "image"), text(process, "uid"), text(process, "state"),
               text(process, "threads"), text(process, "handles"), text(process, "pending_requests"),
               text(process, "locked_pages"), bytes(process, "private_bytes"), bytes(process, "shared_bytes")});
  }
  return table_or(table, emphasise, "no processes");
}

std::string handles(const json& data, bool emphasise) {
  TextTable table({{"PROCESS"}, {"HANDLE", right}, {"TYPE"}, {"ACCESS", right}, {"FLAGS"}, {"HANDLES", right}, {"OBJECT"}});
  for (const json& handle : rows_of(data, "handles")) {
    std::string flags;
    if (handle.value("inherit", false)) flags = "inherit";
    if (handle.value("protect_from_close", false)) flags += flags.empty() ? "protected" : ", protected";
    table.add({who(handle), text(handle, "handle"), text(handle, "type"), text(handle, "access"), flags.empty() ? "-" : flags,
               text(handle, "handles"), text(handle, "object")});
  }
  return table_or(table, emphasise, "no handles");
}

// The same text is the same memory, in whatever process.
std::string memory_of(const json& run) {
  if (number(run, "segment") == 0) return "-";
  return fmt::format("{}:{:#x}", number(run, "segment"), number(run, "segment_offset_bytes"));
}

// "4" pages, "4 (3x)": up to three MDLs have the same page locked.
std::string locked_of(const json& run) {
  std::uint64_t most = 0;
  for (const json& part : rows_of(run, "locked")) most = std::max<std::uint64_t>(most, number(part, "locks"));
  return most < 2 ? text(run, "locked_pages") : fmt::format("{} ({}x)", text(run, "locked_pages"), most);
}

std::string maps(const json& data, bool emphasise) {
  TextTable table({{"PROCESS"}, {"ADDRESS", right}, {"SIZE", right}, {"PROTECTION"}, {"KIND"}, {"OF"}, {"MEMORY", right},
                   {"FRAME", right}, {"LOCKED", right}, {"ALSO MAPPED BY"}});
  for (const json& run : rows_of(data, "maps")) {
    std::string protection = text(run, "protection");
    if (run.value("copy_on_write", false)) protection += ", copy on write";
    table.add({who(run), text(run, "address"), bytes(run, "length_bytes"), protection, text(run, "kind"), text(run, "of"),
               memory_of(run), text(run, "first_frame"), locked_of(run), list(run, "shared_with")});
  }
  return table_or(table, emphasise, "no mappings");
}

std::string call_sites(const json& data, bool emphasise) {
  TextTable table({{"DRIVER"}, {"REQUEST"}, {"BUFFER"}, {"TRANSFERS", right}, {"BYTES", right}, {"SHARED"}});
  std::string remedies;
  for (const json& site : rows_of(data, "transfers")) {
    std::string request = text(site, "operation");
    if (text(site, "control_code") != "-") request += " " + text(site, "control_code");
    const bool copied = site.value("copied", false);
    table.add({text(site, "driver"), request, text(site, "buffer"), text(site, "transfers"), bytes(site, "bytes"),
               copied ? "copied: " + text(site, "reason") : "yes"});
    const std::string remedy = copied ? text(site, "reason") + ": " + text(site, "remedy") + "\n" : "";
    if (copied && remedies.find(remedy) == std::string::npos) remedies += remedy;
  }
  if (table.is_empty()) return "no direct transfers yet\n";
  return table.text(emphasise) + (remedies.empty() ? "" : "\n" + remedies);
}

std::string stats(const json& data, bool emphasise) {
  TextTable table({{"PROCESS"}, {"SYSTEM CALLS", right}, {"REQUESTS", right}, {"WAITS", right}, {"SLEPT", right}});
  const auto add = [&table](const std::string& name, const json& row) {
    table.add({name, text(row, "system_calls"), text(row, "requests"), text(row, "waits"), text(row, "sleeps")});
  };
  for (const json& process : rows_of(data, "processes")) add(who(process), process);
  add("all, the ended ones too", data.value("total", json::object()));
  return table.text(emphasise) + "\n" + call_sites(data, emphasise);
}

std::string info(const json& data, bool) {
  return fmt::format("driver host '{}': process {}, socket {}, version {}, up for {} s\n", text(data, "name"), text(data, "pid"),
                     text(data, "socket"), text(data, "version"), number(data, "uptime_ms") / 1000);
}

}  // namespace

std::string view_of(const std::string& command, const json& data, bool emphasise) {
  using View = std::string (*)(const json&, bool);
  static const std::map<std::string, View> views = {{"drivers", drivers},     {"devices", devices}, {"sections", sections},
                                                    {"processes", processes}, {"handles", handles}, {"maps", maps},
                                                    {"stats", stats},         {"info", info}};
  const auto view = views.find(command);
  return view == views.end() ? data.dump() + "\n" : view->second(data, emphasise);
}

std::string stats_change_text(const json& before, const json& after, bool emphasise) {
  const double seconds =
      static_cast<double>(number(after, "uptime_ms") - std::min(number(before, "uptime_ms"), number(after, "uptime_ms"))) / 1000;
  const auto rate = [seconds](const json& old_row, const json& new_row, const char* name) {
    const std::uint64_t change = number(new_row, name) - std::min(number(old_row, name), number(new_row, name));
    return fmt::format("{:.0f}", seconds > 0 ? static_cast<double>(change) / seconds : 0.0);
  };
  std::map<std::string, json> old_rows;
  for (const json& process : rows_of(before, "processes")) old_rows[text(process, "pid")] = process;
  TextTable table({{"PROCESS"}, {"SYSTEM CALLS/S", right}, {"REQUESTS/S", right}, {"WAITS/S", right}, {"SLEPT/S", right}});
  const auto add = [&](const std::string& name, const json& old_row, const json& row) {
    table.add({name, rate(old_row, row, "system_calls"), rate(old_row, row, "requests"), rate(old_row, row, "waits"),
               rate(old_row, row, "sleeps")});
  };
  for (const json& process : rows_of(after, "processes")) add(who(process), old_rows[text(process, "pid")], process);
  add("all", before.value("total", json::object()), after.value("total", json::object()));
  return table.text(emphasise) + "\n" + call_sites(after, emphasise);
}

}  // namespace pw::cli
