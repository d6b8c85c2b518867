// SPDX-License-Identifier: Apache-2.0
// Drivers and devices of a running kernel.
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "host/admin/snapshots.h"

namespace pw::host {
namespace {

using nlohmann::json;

// A driver's devices, each with a reference.
std::vector<Ref<io::DeviceObject>> devices_of(io::DriverObject& driver) {
    std::vector<Ref<io::DeviceObject>> devices;
    std::vector<PDEVICE_OBJECT> list(16);
    for (;;) {
        const ULONG count = driver.enumerate_devices(list);
        if (count > list.size()) {
            list.resize(count + 16);
            continue;
        }
        for (ULONG i = 0; i < count; ++i) devices.push_back(Ref<io::DeviceObject>::adopt(io::DeviceObject::from_nt(list[i])));
        return devices;
    }
}

std::string state_name(io::ServiceState state) {
    switch (state) {
        case io::ServiceState::stopped: return "stopped";
        case io::ServiceState::start_pending: return "starting";
        case io::ServiceState::stop_pending: return "stopping";
        case io::ServiceState::running: return "running";
    }
    return "?";
}

long opens_of(const Ref<io::DeviceObject>& device) {
    return __atomic_load_n(&device->nt()->ReferenceCount, __ATOMIC_RELAXED);
}

std::string name_or_unnamed(const ob::Object& object) {
    const std::string name = narrow(object.full_name());
    return name.empty() ? "(unnamed)" : name;
}

// Names by which applications open a device: \\.\Foo for \GLOBAL??\Foo -> \Device\Foo.
std::multimap<std::string, std::string> links_by_target(nt::Kernel& kernel) {
    std::multimap<std::string, std::string> links;
    constexpr std::string_view global = "\\GLOBAL??\\";
    for_each_named_object(kernel, [&](ob::Object& object) {
        const auto* link = ob::object_cast<ob::SymbolicLink>(&object);
        if (!link) return;
        const std::string name = narrow(object.full_name());
        if (!name.starts_with(global)) return;
        links.emplace(narrow(ob::upcase_name(link->target())), "\\\\.\\" + name.substr(global.size()));
    });
    return links;
}

}  // namespace

json drivers_snapshot(nt::Kernel& kernel) {
    json drivers = json::array();
    for (const io::ServiceRecord& record : kernel.service_control().services()) {
        json entry = {{"name", narrow(record.service->name)},
                      {"file", record.path},
                      {"state", state_name(record.state)},
                      {"deleted", record.marked_for_delete},
                      {"loaded_by", record.is_of_host ? "host" : "application"},
                      {"devices", json::array()},
                      {"open_files", 0},
                      {"can_unload", false}};
        if (record.driver) {
            long opens = 0;
            for (const Ref<io::DeviceObject>& device : devices_of(*record.driver)) {
                entry["devices"].push_back(name_or_unnamed(*device));
                opens += opens_of(device);
            }
            entry["open_files"] = opens;
            entry["can_unload"] = record.driver->nt()->DriverUnload != nullptr;
            if (const io::DriverImage* image = record.driver->image()) {
                entry["image_base"] = hex(image->base());
                entry["image_bytes"] = image->length_bytes();
            }
        }
        drivers.push_back(std::move(entry));
    }
    return {{"drivers", std::move(drivers)}};
}

json devices_snapshot(nt::Kernel& kernel) {
    const auto links = links_by_target(kernel);
    json devices = json::array();
    for (const io::ServiceRecord& record : kernel.service_control().services()) {
        if (!record.driver) continue;
        for (const Ref<io::DeviceObject>& device : devices_of(*record.driver)) {
            const DEVICE_OBJECT& nt = *device->nt();
            json names = json::array();
            const auto [begin, end] = links.equal_range(narrow(ob::upcase_name(device->full_name())));
            for (auto it = begin; it != end; ++it) names.push_back(it->second);
            const char* method = nt.Flags & DO_BUFFERED_IO ? "buffered" : nt.Flags & DO_DIRECT_IO ? "direct" : "neither";
            json entry = {{"name", name_or_unnamed(*device)},
                          {"driver", narrow(record.service->name)},
                          {"links", std::move(names)},
                          {"type", nt.DeviceType},
                          {"characteristics", hex(nt.Characteristics)},
                          {"exclusive", (nt.Flags & DO_EXCLUSIVE) != 0},
                          {"read_write_method", method},
                          {"open_files", opens_of(device)},
                          {"attached_to", nullptr}};
            if (PDEVICE_OBJECT lower = device->attached_to()) {
                if (const io::DeviceObject* below = io::DeviceObject::from_nt(lower)) entry["attached_to"] = name_or_unnamed(*below);
            }
            devices.push_back(std::move(entry));
        }
    }
    return {{"devices", std::move(devices)}};
}

std::string users_of_driver(nt::Kernel& kernel, io::DriverObject& driver) {
    std::string users;
    kernel.processes().for_each_process([&](ps::Process& process) {
        bool uses = false;
        process.handles().for_each([&](std::uint64_t, ob::Object& object, ob::HandleGrant) {
            const auto* file = ob::object_cast<io::FileObject>(&object);
            uses = uses || (file && &file->device().driver() == &driver);
        });
        if (uses) users += (users.empty() ? "" : ", ") + process.image_name() + " (" + std::to_string(process.id()) + ")";
    });
    return users;
}

}  // namespace pw::host
