// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/section.h"

#include <ntstatus.h>
#include <pw_memory.h>

#include <algorithm>

#include "kernel/memory/file_segments.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/section_attributes.h"
#include "kernel/memory/system_mappings.h"
#include "kernel/memory/system_window.h"
#include "platform/section_file.h"

namespace pw::mm {

using platform::PageAccess;

namespace {

// "Sizes to 1 TiB reserved": what one section may have, whatever the window's size is.
constexpr std::uint64_t max_section_bytes = std::uint64_t{1} << 40;
constexpr std::uint64_t chunk_bytes = std::uint64_t{1} << 34;

Status check_section_protection(std::uint32_t protection) {
    PW_TRY(check_protection(protection));
    // PAGE_NOACCESS, and PAGE_GUARD, which "is not supported by the CreateFileMapping function".
    return access_of(protection) == PageAccess::none ? Status(STATUS_INVALID_PAGE_PROTECTION) : Status();
}

// A section or view that is copied on write needs only the right to read what is under it.
PageAccess access_to_original(std::uint32_t protection) {
    switch (protection & 0xff) {
        case PAGE_WRITECOPY: return PageAccess::read;
        case PAGE_EXECUTE_WRITECOPY: return PageAccess::read | PageAccess::execute;
        default: return access_of(protection);
    }
}

}  // namespace

SectionCore::SectionCore(MemoryManager& manager, const SectionOptions& options, std::uint64_t chunk_pages, bool is_file)
    : manager_(manager),
      protection_(options.protection),
      attributes_(options.attributes | (is_file ? static_cast<std::uint32_t>(SEC_FILE) : 0u)),
      is_file_(is_file),
      chunk_pages_(chunk_pages),
      size_bytes_(options.size_bytes),
      chunks_((pages_spanned(0, options.size_bytes) + chunk_pages - 1) / chunk_pages) {}

Result<Ref<SectionCore>> SectionCore::create(MemoryManager& manager, const SectionOptions& options) {
    PW_TRY(check_section_protection(options.protection));
    PW_TRY(check_section_attributes(options.attributes, false));
    if (options.size_bytes == 0) return STATUS_INVALID_PARAMETER_4;
    if (options.size_bytes > max_section_bytes) return STATUS_SECTION_TOO_BIG;
    const std::uint64_t window_part = manager.window().length_bytes() / 4;
    const std::uint64_t chunk_pages = std::min(chunk_bytes, window_part) >> page_shift;
    auto section = Ref<SectionCore>::adopt(new (std::nothrow) SectionCore(manager, options, chunk_pages, false));
    if (!section) return STATUS_INSUFFICIENT_RESOURCES;
    const std::uint64_t pages = pages_spanned(0, options.size_bytes);
    if ((options.attributes & SEC_RESERVE) != 0) {
        section->commit_ = Ref<SectionCommit>::adopt(new (std::nothrow) SectionCommit(manager.commit_limit(), pages));
        if (!section->commit_) return STATUS_INSUFFICIENT_RESOURCES;
        return section;
    }
    // What is committed is promised now.
    PW_TRY(section->make_all_chunks());
    return section;
}

Status SectionCore::make_all_chunks() {
    MutexLock guard(lock_);
    for (std::size_t index = 0; index < chunks_.size(); ++index) PW_TRY(ensure_chunk_locked(index, true));
    return {};
}

void SectionCore::set_file(Ref<Segment> segment) {
    MutexLock guard(lock_);
    chunks_[0] = std::move(segment);
}

Result<Ref<SectionCore>> SectionCore::create_file_backed(MemoryManager& manager, const SectionOptions& options,
                                                         int descriptor) {
    PW_TRY(check_section_protection(options.protection));
    PW_TRY(check_section_attributes(options.attributes, true));
    PW_TRY_ASSIGN(const platform::SectionFile file, platform::inspect_section_file(descriptor));
    if (!file.is_regular) return STATUS_INVALID_FILE_FOR_SECTION;
    const bool may_write = platform::allows(access_to_original(options.protection), PageAccess::write);
    if (!file.may_read || (may_write && !file.may_write)) return STATUS_ACCESS_DENIED;
    SectionOptions actual = options;
    if (actual.size_bytes == 0) actual.size_bytes = file.size_bytes;
    if (actual.size_bytes == 0) return STATUS_MAPPED_FILE_SIZE_ZERO;
    if (actual.size_bytes > max_section_bytes || actual.size_bytes > manager.window().length_bytes()) {
        return STATUS_SECTION_TOO_BIG;
    }
    if (actual.size_bytes > file.size_bytes) {
        if (!may_write) return STATUS_SECTION_TOO_BIG;
        PW_TRY(platform::extend_file(descriptor, actual.size_bytes));
    }
    PW_TRY_ASSIGN(Ref<Segment> segment, manager.file_segments().open(descriptor, file, actual.size_bytes));
    const std::uint64_t whole = max_section_bytes >> page_shift;  // one segment, however long the file becomes
    auto section = Ref<SectionCore>::adopt(new (std::nothrow) SectionCore(manager, actual, whole, true));
    if (!section) return STATUS_INSUFFICIENT_RESOURCES;
    section->set_file(std::move(segment));
    return section;
}

std::uint64_t SectionCore::size_bytes() const {
    MutexLock guard(lock_);
    return size_bytes_;
}

std::vector<Ref<Segment>> SectionCore::segments() const {
    std::vector<Ref<Segment>> found;
    MutexLock guard(lock_);
    for (const Ref<Segment>& chunk : chunks_) {
        if (chunk) found.push_back(chunk);
    }
    return found;
}

std::uint64_t SectionCore::committed_pages() const {
    if (commit_) return commit_->charged_pages();
    std::uint64_t pages = 0;
    for (const Ref<Segment>& segment : segments()) pages += segment->charged_pages();
    return pages;
}

Status SectionCore::ensure_chunk_locked(std::size_t index, bool charged) {
    if (chunks_[index]) return {};
    const std::uint64_t left = pages_spanned(0, size_bytes_) - index * chunk_pages_;
    const std::uint64_t pages = std::min(left, chunk_pages_);
    PW_TRY_ASSIGN(chunks_[index],
                  Segment::create(manager_.window(), SegmentKind::section, pages, charged ? pages : 0));
    return {};
}

Result<std::vector<SegmentPiece>> SectionCore::pieces(std::uint64_t first_page, std::uint64_t pages) {
    std::vector<SegmentPiece> found;
    MutexLock guard(lock_);
    while (pages != 0) {
        const std::size_t index = first_page / chunk_pages_;
        const std::uint64_t page = first_page % chunk_pages_;
        PW_TRY(ensure_chunk_locked(index, false));
        const std::uint64_t part = std::min(pages, chunks_[index]->pages() - page);
        found.push_back({chunks_[index], page, part});
        first_page += part;
        pages -= part;
    }
    return found;
}

Result<View> SectionCore::map_view(AddressSpace* space, const ViewRequest& request) {
    PW_TRY(check_protection(request.protection));
    if (is_guarded(request.protection)) return STATUS_INVALID_PAGE_PROTECTION;
    if (is_physical_) return map_physical_view(space, request);
    const std::uint64_t base_alignment = request.replaces_placeholder ? page_size_bytes : allocation_granularity_bytes;
    if (!is_aligned(request.offset_bytes, allocation_granularity_bytes) || !is_aligned(request.requested_base, base_alignment)) {
        return STATUS_MAPPED_ALIGNMENT;
    }
    if (request.replaces_placeholder && (space == nullptr || request.requested_base == 0)) return STATUS_INVALID_PARAMETER;
    if (!request.where.is_any() && request.requested_base != 0) return STATUS_INVALID_PARAMETER;
    const std::uint64_t section_bytes = pages_spanned(0, size_bytes()) << page_shift;
    if (request.offset_bytes >= section_bytes) return STATUS_INVALID_VIEW_SIZE;
    const std::uint64_t rest = section_bytes - request.offset_bytes;
    if (request.view_bytes > rest) return STATUS_INVALID_VIEW_SIZE;
    const std::uint64_t pages = pages_spanned(0, request.view_bytes == 0 ? rest : request.view_bytes);
    if (!platform::allows(access_to_original(protection_), access_to_original(request.protection))) {
        return STATUS_SECTION_PROTECTION;
    }
    if (commit_ && pages_spanned(0, request.commit_bytes) > pages) return STATUS_INVALID_PARAMETER_5;
    // More than any process has addresses for; said before memory is made for it.
    if (space != nullptr && pages > space->room_bytes() >> page_shift) return STATUS_NO_MEMORY;

    View view{0, pages << page_shift, request.offset_bytes};
    const std::uint64_t first_page = request.offset_bytes >> page_shift;
    PW_TRY_ASSIGN(const std::vector<SegmentPiece> parts, pieces(first_page, pages));
    if (commit_ && request.commit_bytes != 0) PW_TRY(commit_->commit(first_page, pages_spanned(0, request.commit_bytes)));
    if (space == nullptr) {
        if (is_write_copy(request.protection)) return STATUS_NOT_SUPPORTED;  // the System process has no private pages
        if (request.requested_base != 0) return STATUS_CONFLICTING_ADDRESSES;
        PW_TRY_ASSIGN(view.base, map_into_system(parts, request.protection));
        return view;
    }
    for (const SegmentPiece& part : parts) {
        PW_TRY(part.segment->note_export(space->trust_domain(), true, request.read_only_for_good && !space->is_embedded()));
    }
    MapRequest map;
    map.kind = VadKind::section_view;
    map.requested_base = request.requested_base;
    map.pages = pages;
    // The documented limit of a later VirtualProtect: what the view was mapped with, not what the section allows.
    map.protection = request.protection;
    map.copy_on_write = is_write_copy(request.protection);
    map.top_down = request.top_down;
    map.replaces_placeholder = request.replaces_placeholder;
    map.where = request.where;
    map.pieces = parts;
    map.commit = commit_.get();
    map.section_page = first_page;
    PW_TRY_ASSIGN(view.base, space->map(map));
    return view;
}

Result<std::uint64_t> SectionCore::map_into_system(std::span<const SegmentPiece> parts, std::uint32_t protection) {
    std::vector<FrameRange> frames;
    for (const SegmentPiece& part : parts) {
        PW_TRY_ASSIGN(const FrameNumber first, part.segment->ensure_window());
        frames.push_back({first + part.first_page, part.pages});
    }
    return manager_.system_mappings().map(SystemMappingKind::section_view, frames, access_of(protection));
}

Status SectionCore::unmap_view(MemoryManager& manager, AddressSpace* space, std::uint64_t address, bool to_placeholder) {
    if (space != nullptr) return space->unmap(address, VadKind::section_view, to_placeholder);
    if (to_placeholder) return STATUS_INVALID_PARAMETER;
    return manager.system_mappings().unmap(SystemMappingKind::section_view, address) ? Status()
                                                                                     : Status(STATUS_NOT_MAPPED_VIEW);
}

Result<std::uint64_t> SectionCore::extend(std::uint64_t new_size_bytes) {
    if (!is_file_) return STATUS_SECTION_NOT_EXTENDED;
    Ref<Segment> before;  // goes after the lock
    MutexLock guard(lock_);
    if (new_size_bytes <= size_bytes_) return size_bytes_;
    const bool may_write = platform::allows(access_to_original(protection_), PageAccess::write);
    if (!may_write || new_size_bytes > manager_.window().length_bytes()) return STATUS_SECTION_NOT_EXTENDED;
    const int descriptor = chunks_[0]->descriptor();
    PW_TRY_ASSIGN(const platform::SectionFile file, platform::inspect_section_file(descriptor));
    if (platform::extend_file(descriptor, new_size_bytes).is_failure()) return STATUS_SECTION_NOT_EXTENDED;
    if (new_size_bytes > chunks_[0]->length_bytes()) {
        PW_TRY_ASSIGN(Ref<Segment> longer, manager_.file_segments().open(descriptor, file, new_size_bytes));
        before = std::move(chunks_[0]);
        chunks_[0] = std::move(longer);
    }
    size_bytes_ = new_size_bytes;
    return size_bytes_;
}

}  // namespace pw::mm
