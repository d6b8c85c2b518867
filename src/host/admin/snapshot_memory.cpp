// SPDX-License-Identifier: Apache-2.0
// Sections of a running kernel, and which process maps which frames of what.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "host/admin/snapshots.h"
#include "kernel/memory/section_object.h"
#include "kernel/memory/segment.h"
#include "kernel/memory/system_window.h"

namespace pw::host {
namespace {

using nlohmann::json;

// One run of pages of a region with one protection, out of one segment; plain values.
struct MappedRun {
    std::uint64_t address = 0;
    std::uint64_t pages = 0;
    mm::VadKind kind = mm::VadKind::private_memory;
    bool copy_on_write = false;
    std::uint32_t protection = 0;
    std::uint64_t segment = 0;  // 0: reserved addresses without memory
    mm::SegmentKind segment_kind = mm::SegmentKind::section;
    std::uint64_t segment_page = 0;
    std::uint64_t first_frame = 0;
    std::uint64_t pinned_pages = 0;
    std::vector<mm::LockedRun> locked;
};

struct ProcessMaps {
    std::uint32_t pid = 0;
    std::string image;
    std::vector<MappedRun> runs;
};

void add_runs(const mm::SystemWindow& window, const mm::Vad& vad, std::vector<MappedRun>* runs) {
    vad.runs.for_each(0, vad.pages, [&](const mm::PageRun& run) {
        MappedRun base;
        base.kind = vad.kind;
        base.copy_on_write = vad.copy_on_write;
        base.protection = run.protection;
        std::uint64_t covered = run.first_page;
        vad.for_each_piece(run.first_page, run.pages,
                           [&](const mm::Segment& segment, std::uint64_t first, std::uint64_t page, std::uint64_t pages) {
                               MappedRun mapped = base;
                               mapped.address = vad.base + (page << page_shift);
                               mapped.pages = pages;
                               mapped.segment = segment.id();
                               mapped.segment_kind = segment.kind();
                               mapped.segment_page = first;
                               mapped.pinned_pages = segment.pinned_pages();
                               if (const std::uint64_t frame = segment.first_frame()) {
                                   mapped.first_frame = frame + first;
                                   mapped.locked = window.locked_runs({mapped.first_frame, pages}, segment);
                               }
                               runs->push_back(mapped);
                               covered = page + pages;
                           });
        if (covered == run.first_page) {
            base.address = vad.base + (run.first_page << page_shift);
            base.pages = run.pages;
            runs->push_back(base);
        }
        return true;
    });
}

std::vector<ProcessMaps> read_maps(nt::Kernel& kernel) {
    std::vector<ProcessMaps> all;
    kernel.processes().for_each_process([&](ps::Process& process) {
        if (process.is_system()) return;
        // Through the memory manager: the process itself may be on its way out.
        const Ref<mm::AddressSpace> space = kernel.memory().address_space_of(process.nt());
        if (!space) return;
        ProcessMaps maps{.pid = process.id(), .image = process.image_name(), .runs = {}};
        const mm::SystemWindow& window = kernel.memory().window();
        space->for_each([&](const mm::Vad& vad) { add_runs(window, vad, &maps.runs); });
        all.push_back(std::move(maps));
    });
    return all;
}

// Every section that has a name or a handle.
std::vector<Ref<mm::SectionObject>> all_sections(nt::Kernel& kernel) {
    std::vector<Ref<mm::SectionObject>> sections;
    std::set<const ob::Object*> seen;
    const auto add = [&](ob::Object& object) {
        auto* section = ob::object_cast<mm::SectionObject>(&object);
        if (section && seen.insert(section).second) sections.emplace_back(section);
    };
    for_each_named_object(kernel, add);
    kernel.processes().for_each_process([&](ps::Process& process) {
        process.handles().for_each([&](std::uint64_t, ob::Object& object, ob::HandleGrant) { add(object); });
    });
    return sections;
}

// Which processes map a segment, and how often.
using Mappers = std::map<std::uint64_t, std::map<std::uint32_t, std::uint64_t>>;

Mappers mappers_of(const std::vector<ProcessMaps>& all) {
    Mappers mappers;
    for (const ProcessMaps& process : all) {
        for (const MappedRun& run : process.runs) {
            if (run.segment != 0) ++mappers[run.segment][process.pid];
        }
    }
    return mappers;
}

std::string origin_of(const MappedRun& run, const std::map<std::uint64_t, std::string>& section_names) {
    if (run.segment == 0) return "reserved";
    const auto section = section_names.find(run.segment);
    if (section != section_names.end()) return section->second.empty() ? "unnamed section" : section->second;
    if (mm::is_kernel_memory(run.segment_kind)) return std::string("driver's memory (") + mm::to_string(run.segment_kind) + ")";
    if (run.segment_kind == mm::SegmentKind::section) return "section without a handle";
    return mm::to_string(run.segment_kind);
}

// Which pages of a run MDLs have locked, by offset into the run.
json locked_json(const MappedRun& run) {
    json locked = json::array();
    for (const mm::LockedRun& part : run.locked) {
        locked.push_back({{"offset_bytes", (part.frames.first - run.first_frame) << page_shift},
                          {"pages", part.frames.pages},
                          {"locks", part.locks}});
    }
    return locked;
}

std::uint64_t locked_pages_of(const MappedRun& run) {
    std::uint64_t pages = 0;
    for (const mm::LockedRun& part : run.locked) pages += part.frames.pages;
    return pages;
}

}  // namespace

json sections_snapshot(nt::Kernel& kernel) {
    const std::vector<ProcessMaps> maps = read_maps(kernel);
    const Mappers mappers = mappers_of(maps);
    json sections = json::array();
    for (const Ref<mm::SectionObject>& section : all_sections(kernel)) {
        const mm::SectionCore& core = section->core();
        const std::vector<Ref<mm::Segment>> segments = core.segments();
        std::uint64_t locked_pages = 0;
        for (const Ref<mm::Segment>& segment : segments) locked_pages += segment->pinned_pages();
        const std::string name = narrow(section->full_name());
        json entry = {{"name", name.empty() ? json(nullptr) : json(name)},
                      {"size_bytes", core.size_bytes()},
                      {"protection", protection_name(core.protection())},
                      {"backing", core.is_file() ? "file" : "page file"},
                      {"committed_bytes", core.committed_pages() << page_shift},
                      {"segment", segments.empty() ? 0 : segments.front()->id()},
                      {"locked_pages", locked_pages},
                      {"permanent", section->is_permanent()},
                      {"handles", section->handle_count()},
                      {"views", json::array()}};
        for (const Ref<mm::Segment>& segment : segments) {
            const auto found = mappers.find(segment->id());
            if (found == mappers.end()) continue;
            for (const auto& [pid, count] : found->second) entry["views"].push_back({{"pid", pid}, {"runs", count}});
        }
        sections.push_back(std::move(entry));
    }
    return {{"sections", std::move(sections)}};
}

json maps_snapshot(nt::Kernel& kernel, std::optional<std::uint32_t> process_id) {
    const std::vector<ProcessMaps> all = read_maps(kernel);
    const Mappers mappers = mappers_of(all);
    std::map<std::uint64_t, std::string> section_names;
    for (const Ref<mm::SectionObject>& section : all_sections(kernel)) {
        for (const Ref<mm::Segment>& segment : section->core().segments()) {
            section_names[segment->id()] = narrow(section->full_name());
        }
    }
    json maps = json::array();
    for (const ProcessMaps& process : all) {
        if (process_id && process.pid != *process_id) continue;
        for (const MappedRun& run : process.runs) {
            json others = json::array();
            if (const auto found = mappers.find(run.segment); found != mappers.end()) {
                for (const auto& [pid, count] : found->second) {
                    if (pid != process.pid) others.push_back(pid);
                }
            }
            maps.push_back({{"pid", process.pid},
                            {"image", process.image},
                            {"address", hex(run.address)},
                            {"length_bytes", run.pages << page_shift},
                            {"kind", mm::to_string(run.kind)},
                            {"of", origin_of(run, section_names)},
                            {"protection", protection_name(run.protection)},
                            {"copy_on_write", run.copy_on_write},
                            {"segment", run.segment},
                            {"segment_offset_bytes", run.segment_page << page_shift},
                            {"first_frame", run.first_frame == 0 ? json(nullptr) : json(hex(run.first_frame))},
                            {"locked_pages", locked_pages_of(run)},
                            {"locked", locked_json(run)},
                            {"locked_pages_of_segment", run.pinned_pages},
                            {"shared_with", std::move(others)}});
        }
    }
    return {{"maps", std::move(maps)}};
}

}  // namespace pw::host
