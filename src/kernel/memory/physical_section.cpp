// SPDX-License-Identifier: Apache-2.0
// \Device\PhysicalMemory: the way in which drivers of before MmMapLockedPages gave device memory and contiguous buffers to an
// application.
#include <ntstatus.h>
#include <pw_memory.h>

#include <utility>

#include "base/checked_math.h"
#include "kernel/memory/address_space.h"
#include "kernel/memory/frame_export.h"
#include "kernel/memory/io_space.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/section.h"
#include "kernel/memory/system_mappings.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

Result<Ref<SectionCore>> SectionCore::create_physical(MemoryManager& manager) {
    const SectionOptions options{.size_bytes = manager.window().length_bytes(), .protection = PAGE_EXECUTE_READWRITE};
    const std::uint64_t whole = pages_spanned(0, options.size_bytes);
    auto section = Ref<SectionCore>::adopt(new (std::nothrow) SectionCore(manager, options, whole, false));
    if (!section) return STATUS_INSUFFICIENT_RESOURCES;
    section->is_physical_ = true;
    return section;
}

Result<View> SectionCore::map_physical_view(AddressSpace* space, const ViewRequest& request) {
    const std::uint64_t end = size_bytes();
    if (request.view_bytes == 0 || request.offset_bytes >= end || request.view_bytes > end - request.offset_bytes) {
        return STATUS_INVALID_VIEW_SIZE;
    }
    if (!is_aligned(request.requested_base, allocation_granularity_bytes)) return STATUS_MAPPED_ALIGNMENT;
    if (is_write_copy(request.protection)) return STATUS_SECTION_PROTECTION;
    const FrameRange frames{request.offset_bytes >> page_shift, pages_spanned(request.offset_bytes, request.view_bytes)};
    PW_TRY(manager_.io_space().check(frames));
    View view{0, frames.pages << page_shift, frames.first << page_shift};
    if (space == nullptr) {
        if (request.requested_base != 0) return STATUS_CONFLICTING_ADDRESSES;
        PW_TRY_ASSIGN(view.base, manager_.system_mappings().map(SystemMappingKind::section_view, {&frames, 1},
                                                                access_of(request.protection)));
        return view;
    }
    ExportRefusal refusal;
    const bool read_only = !platform::allows(access_of(request.protection), platform::PageAccess::write);
    auto pieces = export_frames(manager_, frames, *space, read_only, refusal);
    if (refusal.text != nullptr) manager_.diagnostics().report(refusal.text);
    if (!pieces) return pieces.status();
    MapRequest map;
    map.kind = VadKind::section_view;
    map.requested_base = request.requested_base;
    map.pages = frames.pages;
    map.protection = request.protection;
    map.top_down = request.top_down;
    map.pieces = *pieces;
    PW_TRY_ASSIGN(view.base, space->map(map));
    return view;
}

}  // namespace pw::mm
