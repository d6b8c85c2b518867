// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/section.h"

#include <ntstatus.h>
#include <pw_memory.h>

#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/system_mappings.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

using platform::PageAccess;

namespace {

constexpr std::uint32_t accepted_attributes = SEC_COMMIT | SEC_RESERVE | SEC_NOCACHE | SEC_WRITECOMBINE | SEC_BASED;

Status check_attributes(std::uint32_t attributes) {
    if ((attributes & (SEC_IMAGE | SEC_LARGE_PAGES | SEC_BASED)) != 0) return STATUS_NOT_SUPPORTED;
    if ((attributes & ~accepted_attributes) != 0) return STATUS_INVALID_PARAMETER_6;
    const std::uint32_t commit = attributes & (SEC_COMMIT | SEC_RESERVE);
    if (commit == 0 || commit == (SEC_COMMIT | SEC_RESERVE)) return STATUS_INVALID_PARAMETER_6;
    // Commit that all views share is not there yet.
    return commit == SEC_RESERVE ? Status(STATUS_NOT_SUPPORTED) : Status();
}

Status check_section_protection(std::uint32_t protection) {
    PW_TRY(check_protection(protection));
    return access_of(protection) == PageAccess::none ? Status(STATUS_INVALID_PAGE_PROTECTION) : Status();
}

// A copy-on-write view needs only the right to read the section.
PageAccess needed_access(std::uint32_t view_protection) {
    switch (view_protection & 0xff) {
        case PAGE_WRITECOPY: return PageAccess::read;
        case PAGE_EXECUTE_WRITECOPY: return PageAccess::read | PageAccess::execute;
        default: return access_of(view_protection);
    }
}

}  // namespace

SectionCore::SectionCore(MemoryManager& manager, Ref<Segment> segment, std::uint64_t size_bytes,
                         std::uint32_t protection, std::uint32_t attributes)
    : manager_(manager),
      segment_(std::move(segment)),
      size_bytes_(size_bytes),
      protection_(protection),
      attributes_(attributes) {}

Result<Ref<SectionCore>> SectionCore::create(MemoryManager& manager, const SectionOptions& options) {
    PW_TRY(check_section_protection(options.protection));
    PW_TRY(check_attributes(options.attributes));
    if (options.size_bytes == 0) return STATUS_INVALID_PARAMETER_4;
    if (options.size_bytes > manager.window().length_bytes()) return STATUS_SECTION_TOO_BIG;
    const std::uint64_t pages = pages_spanned(0, options.size_bytes);
    PW_TRY_ASSIGN(Ref<Segment> segment, Segment::create(manager.window(), SegmentKind::section, pages, pages));
    auto core = Ref<SectionCore>::adopt(new (std::nothrow) SectionCore(manager, std::move(segment), options.size_bytes,
                                                                       options.protection, options.attributes));
    if (!core) return STATUS_INSUFFICIENT_RESOURCES;
    return core;
}

Result<Ref<SectionCore>> SectionCore::create_file_backed(MemoryManager& manager, const SectionOptions& options,
                                                         int descriptor, bool writable) {
    PW_TRY(check_section_protection(options.protection));
    PW_TRY(check_attributes(options.attributes));
    const bool wants_write = platform::allows(access_of(options.protection), PageAccess::write);
    if (wants_write && !is_write_copy(options.protection) && !writable) return STATUS_ACCESS_DENIED;
    PW_TRY_ASSIGN(platform::SharedMemory file, platform::SharedMemory::adopt_file(descriptor));
    const std::uint64_t size_bytes = options.size_bytes != 0 ? options.size_bytes : file.length_bytes();
    if (size_bytes == 0) return STATUS_MAPPED_FILE_SIZE_ZERO;
    if (size_bytes > manager.window().length_bytes()) return STATUS_SECTION_TOO_BIG;
    if (size_bytes > file.length_bytes()) {
        if (!writable || !wants_write) return STATUS_SECTION_TOO_BIG;
        PW_TRY(file.resize(size_bytes));
    }
    PW_TRY_ASSIGN(Ref<Segment> segment, Segment::adopt(manager.window(), SegmentKind::file, std::move(file), 0));
    return Ref<SectionCore>::adopt(
        new SectionCore(manager, std::move(segment), size_bytes, options.protection, options.attributes));
}

Result<View> SectionCore::map_view(AddressSpace* space, const ViewRequest& request) {
    PW_TRY(check_protection(request.protection));
    if (!is_aligned(request.offset_bytes, allocation_granularity_bytes) ||
        !is_aligned(request.requested_base, allocation_granularity_bytes)) {
        return STATUS_MAPPED_ALIGNMENT;
    }
    const std::uint64_t section_bytes = pages_spanned(0, size_bytes_) << page_shift;
    if (request.offset_bytes >= section_bytes) return STATUS_INVALID_VIEW_SIZE;
    const std::uint64_t rest = section_bytes - request.offset_bytes;
    if (request.view_bytes > rest) return STATUS_INVALID_VIEW_SIZE;
    const std::uint64_t pages = pages_spanned(0, request.view_bytes == 0 ? rest : request.view_bytes);
    if (!platform::allows(access_of(protection_), needed_access(request.protection))) return STATUS_SECTION_PROTECTION;

    View view{0, pages << page_shift, request.offset_bytes};
    const std::uint64_t first_page = request.offset_bytes >> page_shift;
    if (space == nullptr) {
        if (is_write_copy(request.protection)) return STATUS_NOT_SUPPORTED;  // the System process has no private pages
        if (request.requested_base != 0) return STATUS_CONFLICTING_ADDRESSES;
        PW_TRY_ASSIGN(const FrameNumber first, segment_->ensure_window());
        const FrameRange frames{first + first_page, pages};
        PW_TRY_ASSIGN(view.base, manager_.system_mappings().map(SystemMappingKind::section_view, {&frames, 1},
                                                                access_of(request.protection)));
        return view;
    }
    PW_TRY(segment_->note_export(space->trust_domain(), true, request.read_only_for_good));
    const SegmentPiece piece{segment_, first_page, pages};
    MapRequest map;
    map.kind = VadKind::section_view;
    map.requested_base = request.requested_base;
    map.pages = pages;
    map.protection = request.protection;
    // "Must be compatible with the access protection specified when the view was mapped" (VirtualProtect).
    map.maximum_protection = request.protection;
    map.copy_on_write = is_write_copy(request.protection);
    map.top_down = request.top_down;
    map.pieces = {&piece, 1};
    PW_TRY_ASSIGN(view.base, space->map(map));
    return view;
}

Status SectionCore::unmap_view(MemoryManager& manager, AddressSpace* space, std::uint64_t address) {
    if (space != nullptr) return space->unmap(address, VadKind::section_view);
    return manager.system_mappings().unmap(SystemMappingKind::section_view, address) ? Status()
                                                                                     : Status(STATUS_NOT_MAPPED_VIEW);
}

}  // namespace pw::mm
