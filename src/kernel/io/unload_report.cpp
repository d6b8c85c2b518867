// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/unload_report.h"

#include <algorithm>

#include "kernel/io/io_manager.h"
#include "kernel/memory/address_space.h"
#include "platform/backtrace.h"

namespace pw::io {
namespace {

// The I/O manager's own: a request's that is under way for somebody else.
constexpr std::uint32_t own_tags[] = {0x42536F49, 0x42427249};  // "IoSB", "IrBB"

std::string tag_text(std::uint32_t tag) {
    std::string text;
    for (int i = 0; i < 4; ++i) {
        const char c = static_cast<char>(tag >> (8 * i));
        text += c >= 0x20 && c < 0x7F ? c : '.';
    }
    return text;
}

// What a process holds of the driver's ends with the process; until then its pages stay where they are.
void report_memory(IoManager& io, DriverObject& driver) {
    const DriverImage* const image = driver.image();
    if (!image || image->length_bytes() == 0) return;
    const auto is_of_driver = [&](const void* address) {
        return reinterpret_cast<std::uint64_t>(address) - image->base() < image->length_bytes();
    };
    std::vector<std::pair<std::string, mm::Holding>> left;
    io.processes().for_each_process([&](ps::Process& process) {
        if (process.is_system() || !process.has_address_space()) return;
        for (const mm::Holding& holding : process.address_space().holdings().snapshot()) {
            if (std::any_of(holding.callers.begin(), holding.callers.end(), is_of_driver)) {
                left.emplace_back(process.image_name() + " (" + std::to_string(process.id()) + ")", holding);
            }
        }
    });
    platform::Symbolizer symbolizer;
    for (const auto& [process, holding] : left) {
        const bool is_locked = holding.kind == mm::HoldingKind::locked_pages;
        const auto caller = std::find_if(holding.callers.begin(), holding.callers.end(), is_of_driver);
        const platform::SourcePlace place = symbolizer.find(*caller, true);
        io.diagnostics().report(driver.display_name(),
                                "was unloaded; it left " + std::to_string(holding.pages) + " page(s) " +
                                    (is_locked ? "of process " + process + " locked (MmUnlockPages; DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS, 0xCB)"
                                               : "mapped into process " + process + " (MmUnmapLockedPages)") +
                                    ", by " + place.function + " at " + place.file + ":" + std::to_string(place.line));
    }
}

}  // namespace

LoadSnapshot::LoadSnapshot(IoManager& io) : pool_(pool_of(io)), handles_(handles_of(io)) {}

LoadSnapshot::Pool LoadSnapshot::pool_of(IoManager& io) {
    Pool pool;
    io.memory().pool().for_each_block([&](const mm::PoolBlock& block) {
        Total& total = pool[block.tag];
        ++total.blocks;
        total.bytes += block.bytes;
    });
    for (const std::uint32_t tag : own_tags) pool.erase(tag);
    return pool;
}

LoadSnapshot::Handles LoadSnapshot::handles_of(IoManager& io) {
    Handles handles;
    io.processes().system_process().handles().for_each(
        [&](std::uint64_t, const ob::Object& object, const ob::HandleGrant&) { ++handles[&object.type()]; });
    return handles;
}

void LoadSnapshot::note_devices(DriverObject& driver) {
    for (PDEVICE_OBJECT device = driver.nt()->DeviceObject; device; device = device->NextDevice) {
        if (std::u16string name = DeviceObject::from_nt(device)->full_name(); !name.empty()) {
            devices_.push_back(ob::upcase_name(name));
        }
    }
}

void LoadSnapshot::report(IoManager& io, DriverObject& driver) const {
    const std::string name = driver.display_name();
    report_pool(io, name);
    report_handles(io, name);
    report_memory(io, driver);
    report_links(io, name);
}

void LoadSnapshot::report_pool(IoManager& io, const std::string& driver) const {
    std::string text;
    for (const auto& [tag, now] : pool_of(io)) {
        const auto found = pool_.find(tag);
        const Total before = found == pool_.end() ? Total() : found->second;
        if (now.blocks <= before.blocks) continue;
        text += (text.empty() ? "" : ", ") + std::to_string(now.blocks - before.blocks) + " block(s) with tag '" + tag_text(tag) + "' (" +
                std::to_string(now.bytes - std::min(now.bytes, before.bytes)) + " bytes)";
    }
    if (!text.empty()) io.diagnostics().report(driver, "was unloaded; pool that was allocated since it was loaded and not freed: " + text);
}

void LoadSnapshot::report_handles(IoManager& io, const std::string& driver) const {
    std::string text;
    for (const auto& [type, count] : handles_of(io)) {
        const auto found = handles_.find(type);
        const std::uint64_t before = found == handles_.end() ? 0 : found->second;
        if (count <= before) continue;
        text += (text.empty() ? "" : ", ") + std::to_string(count - before) + " " + narrow(type->name);
    }
    if (!text.empty()) {
        io.diagnostics().report(driver, "was unloaded; kernel handles that were opened since it was loaded and not closed (ZwClose): " + text);
    }
}

void LoadSnapshot::report_links(IoManager& io, const std::string& driver) const {
    auto found = io.objects().find(u"\\GLOBAL??", nullptr, true);
    auto* const directory = found ? ob::object_cast<ob::Directory>(found->object.get()) : nullptr;
    if (!directory || devices_.empty()) return;
    std::vector<std::pair<std::u16string, Ref<ob::Object>>> left;
    io.objects().for_each_entry(*directory, [&](const std::u16string& name, ob::Object& entry) {
        const auto* link = ob::object_cast<ob::SymbolicLink>(&entry);
        if (link && std::find(devices_.begin(), devices_.end(), ob::upcase_name(link->target())) != devices_.end()) {
            left.emplace_back(name, Ref<ob::Object>(&entry));
        }
    });
    for (const auto& [name, link] : left) {
        io.diagnostics().report(driver, "DriverUnload left the symbolic link " + narrow(name) + " behind (IoDeleteSymbolicLink); it is removed");
        link->make_temporary();
        io.objects().remove_name(*link);
    }
}

}  // namespace pw::io
