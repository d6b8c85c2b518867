// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/leftovers.h"

#include <cstdio>

#include "kernel/io/driver.h"
#include "kernel/memory/frame_number.h"
#include "kernel/services/kernel.h"
#include "platform/backtrace.h"

namespace pw::nt {
namespace {

// The driver whose image holds the address; empty when none does.
std::string driver_of(Kernel& kernel, const void* address) {
    std::vector<Ref<io::DriverObject>> drivers;
    auto folder = kernel.objects().find(u"\\Driver", nullptr, true);
    if (!folder) return {};
    kernel.objects().for_each_entry(static_cast<ob::Directory&>(*folder->object), [&](auto&&, ob::Object& object) {
        if (auto* driver = ob::object_cast<io::DriverObject>(&object)) drivers.emplace_back(driver);
    });
    const auto number = reinterpret_cast<std::uint64_t>(address);
    for (const Ref<io::DriverObject>& driver : drivers) {
        const io::DriverImage* image = driver->image();
        if (image && number - image->base() < image->length_bytes()) return driver->display_name();
    }
    return {};
}

std::string place_text(const platform::SourcePlace& place) {
    std::string text = place.function.empty() ? "?" : place.function;
    if (!place.file.empty()) text += " at " + place.file + ":" + std::to_string(place.line);
    char where[40];
    std::snprintf(where, sizeof where, "+0x%llx)", static_cast<unsigned long long>(place.module_offset));
    return text + " (" + place.module + where;
}

}  // namespace

std::vector<std::string> describe_leftovers(Kernel& kernel, const std::vector<mm::Holding>& holdings) {
    std::vector<std::string> lines;
    if (holdings.empty()) return lines;
    platform::Symbolizer symbolizer;
    for (const mm::Holding& holding : holdings) {
        const std::string driver = holding.callers[0] ? driver_of(kernel, holding.callers[0]) : std::string();
        const bool locked = holding.kind == mm::HoldingKind::locked_pages;
        char text[160];
        if (locked) {
            std::snprintf(text, sizeof text, " left %llu page(s) locked by MDL 0x%llx (DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS, 0xCB)",
                          static_cast<unsigned long long>(holding.pages), static_cast<unsigned long long>(holding.key));
        } else {
            std::snprintf(text, sizeof text, " left %llu bytes mapped at 0x%llx (MmUnmapLockedPages was not called)",
                          static_cast<unsigned long long>(holding.pages << page_shift),
                          static_cast<unsigned long long>(holding.key));
        }
        lines.push_back((driver.empty() ? std::string("a driver") : "driver " + driver) + text);
        const char* who = locked ? "locked by " : "mapped by ";
        for (const void* caller : holding.callers) {
            if (caller == nullptr) break;
            lines.push_back(std::string("  ") + who + place_text(symbolizer.find(caller, true)));
            who = "called by ";
        }
    }
    return lines;
}

}  // namespace pw::nt
