// SPDX-License-Identifier: Apache-2.0
// Processes of a running kernel and their handles.
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "host/admin/snapshots.h"
#include "kernel/memory/section_object.h"
#include "kernel/memory/segment.h"
#include "platform/memory_usage.h"

namespace pw::host {
namespace {

using nlohmann::json;

const char* state_name(ps::ProcessState state) {
    switch (state) {
        case ps::ProcessState::alive: return "running";
        case ps::ProcessState::terminating: return "terminating";
        case ps::ProcessState::gone: return "gone";
    }
    return "?";
}

// What a handle leads to, beyond its type: a name, a device and a path in it, a process.
std::string describe(const ob::Object& object) {
    auto& known = const_cast<ob::Object&>(object);
    if (const auto* file = ob::object_cast<io::FileObject>(&known)) {
        std::string text = narrow(file->device().full_name());
        if (text.empty()) text = "(unnamed device of " + file->device().driver().display_name() + ")";
        return text + narrow(file->name());
    }
    if (const auto* process = ob::object_cast<ps::Process>(&known)) {
        return process->image_name() + " (" + std::to_string(process->id()) + ")";
    }
    if (const auto* thread = ob::object_cast<ps::Thread>(&known)) {
        return "thread " + std::to_string(thread->id()) + " of " + thread->owner().image_name() + " (" +
               std::to_string(thread->owner().id()) + ")";
    }
    if (const auto* service = ob::object_cast<io::ServiceObject>(&known)) {
        return service->name.empty() ? "(service control manager)" : narrow(service->name);
    }
    std::string name = narrow(object.full_name());
    if (const auto* section = ob::object_cast<mm::SectionObject>(&known)) {
        const auto segments = section->core().segments();
        if (name.empty() && segments.empty()) name = "(unnamed)";
        if (name.empty()) name = "(unnamed, segment " + std::to_string(segments.front()->id()) + ")";
    }
    return name;
}

struct Memory {
    std::uint64_t private_bytes = 0;  // touched memory of the process's own: heap, stacks, VirtualAlloc
    std::uint64_t shared_bytes = 0;   // views of sections and mappings of drivers' memory
    std::int64_t locked_pages = 0;
};

Memory memory_of(nt::Kernel& kernel, ps::Process& process) {
    Memory memory;
    if (process.is_system()) return memory;
    // Through the memory manager: the process itself may be on its way out.
    const Ref<mm::AddressSpace> space = kernel.memory().address_space_of(process.nt());
    if (!space) return memory;
    memory.locked_pages = space->locked_pages();
    std::map<std::uint64_t, Ref<mm::Segment>> own;
    space->for_each([&](const mm::Vad& vad) {
        if (vad.kind == mm::VadKind::section_view || vad.kind == mm::VadKind::mdl_mapping) {
            memory.shared_bytes += vad.runs.committed_pages(0, vad.pages) << page_shift;
        } else {
            for (const mm::SegmentPiece& piece : vad.pieces) own.emplace(piece.segment->id(), piece.segment);
        }
    });
    for (const auto& [id, segment] : own) memory.private_bytes += platform::allocated_bytes(segment->descriptor());
    return memory;
}

}  // namespace

json processes_snapshot(nt::Kernel& kernel) {
    json processes = json::array();
    kernel.processes().for_each_process([&](ps::Process& process) {
        const Memory memory = memory_of(kernel, process);
        json entry = {{"pid", process.id()},
                      {"image", process.image_name()},
                      {"uid", process.identity().user_id},
                      {"gid", process.identity().group_id},
                      {"state", state_name(process.state())},
                      {"threads", process.thread_count()},
                      {"handles", process.handles().count()},
                      {"pending_requests", process.pending_request_count.load(std::memory_order_relaxed)},
                      {"locked_pages", memory.locked_pages},
                      {"private_bytes", memory.private_bytes},
                      {"shared_bytes", memory.shared_bytes}};
        entry.update(activity_json(process.activity()));
        processes.push_back(std::move(entry));
    });
    return {{"processes", std::move(processes)}};
}

json handles_snapshot(nt::Kernel& kernel, std::optional<std::uint32_t> process_id) {
    json handles = json::array();
    kernel.processes().for_each_process([&](ps::Process& process) {
        if (process_id && process.id() != *process_id) return;
        process.handles().for_each([&](std::uint64_t handle, ob::Object& object, ob::HandleGrant grant) {
            handles.push_back({{"pid", process.id()},
                               {"image", process.image_name()},
                               {"handle", hex(handle)},
                               {"type", narrow(object.type().name)},
                               {"object", describe(object)},
                               {"access", hex(grant.access)},
                               {"inherit", (grant.attributes & OBJ_INHERIT) != 0},
                               {"protect_from_close", (grant.attributes & ob::handle_protect_close) != 0},
                               {"handles", object.handle_count()},
                               // The snapshot holds one reference of its own.
                               {"pointers", object.pointer_count() - 1}});
        });
    });
    return {{"handles", std::move(handles)}};
}

}  // namespace pw::host
