// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/system_mappings.h"

#include <ntstatus.h>

#include <algorithm>

#include "base/check.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

SystemMappings::~SystemMappings() = default;

Status SystemMappings::map_piece(const FramePiece& piece, std::uint64_t address, std::uint64_t bytes,
                                 platform::PageAccess access) {
    // What is sealed for its readers' sake is mapped writable nowhere any more but from the window's own mapping.
    if (piece.segment->is_sealed() && platform::allows(access, platform::PageAccess::write)) {
        return platform::duplicate_fixed(window_.address_of(piece.frames.first), address, bytes);
    }
    return platform::map_fixed(address, bytes, access, piece.segment->descriptor(), piece.first_page << page_shift);
}

Status SystemMappings::map_pages(std::uint64_t base, std::span<const FrameRange> frames, Mapping& mapping) {
    std::uint64_t address = base;
    for (const FrameRange& range : frames) {
        for (FramePiece& piece : window_.pieces(range)) {
            const std::uint64_t bytes = piece.frames.pages << page_shift;
            if (!piece.segment) return STATUS_INVALID_ADDRESS;
            PW_TRY(map_piece(piece, address, bytes, mapping.access));
            address += bytes;
            mapping.pieces.push_back({piece.frames, std::move(piece.segment)});
        }
    }
    return {};
}

Result<std::uint64_t> SystemMappings::map(SystemMappingKind kind, std::span<const FrameRange> frames,
                                          platform::PageAccess access) {
    Mapping mapping{kind, access, 0, {}};
    for (const FrameRange& range : frames) mapping.pages += range.pages;
    PW_TRY_ASSIGN(const FrameNumber first, window_.reserve(mapping.pages));
    const std::uint64_t base = window_.address_of(first);
    MutexLock no_moves(rehoming_.lock());
    if (const Status status = map_pages(base, frames, mapping); status.is_failure()) {
        remove_range(base, mapping.pages);
        return status;
    }
    MutexLock guard(lock_);
    mappings_.emplace(base, std::move(mapping));
    return base;
}

Result<std::uint64_t> SystemMappings::reserve(std::uint64_t pages, std::uint32_t tag) {
    PW_TRY_ASSIGN(const FrameNumber first, window_.reserve(pages));
    const std::uint64_t base = window_.address_of(first);
    MutexLock guard(lock_);
    reserved_.emplace(base, Reserved{pages, tag, false});
    return base;
}

ReservationState SystemMappings::release(std::uint64_t base, std::uint32_t tag) {
    std::uint64_t pages;
    {
        MutexLock guard(lock_);
        const auto it = reserved_.find(base);
        if (it == reserved_.end() || it->second.tag != tag) return ReservationState::none;
        if (it->second.is_mapped) return ReservationState::mapped;
        pages = it->second.pages;
        reserved_.erase(it);
    }
    window_.unreserve(window_.frame_at(base), pages);
    return ReservationState::empty;
}

Status SystemMappings::map_reserved(std::uint64_t base, std::uint32_t tag, std::span<const FrameRange> frames,
                                    platform::PageAccess access) {
    Mapping mapping{SystemMappingKind::reserved, access, 0, {}};
    for (const FrameRange& range : frames) mapping.pages += range.pages;
    MutexLock no_moves(rehoming_.lock());
    {
        MutexLock guard(lock_);
        const auto it = reserved_.find(base);
        if (it == reserved_.end() || it->second.tag != tag || it->second.is_mapped) return STATUS_INVALID_PARAMETER;
        if (mapping.pages > it->second.pages) return STATUS_BUFFER_TOO_SMALL;
        it->second.is_mapped = true;  // ours from here on
    }
    const Status status = map_pages(base, frames, mapping);
    if (status.is_failure()) PW_CHECK(platform::unmap_to_reserved(base, mapping.pages << page_shift).is_success());
    MutexLock guard(lock_);
    if (status.is_success()) mappings_.emplace(base, std::move(mapping));
    else reserved_[base].is_mapped = false;
    return status;
}

bool SystemMappings::unmap_reserved(std::uint64_t base, std::uint32_t tag) {
    Mapping mapping;
    MutexLock no_moves(rehoming_.lock());
    MutexLock guard(lock_);
    const auto range = reserved_.find(base);
    if (range == reserved_.end() || !range->second.is_mapped || (tag != 0 && range->second.tag != tag)) return false;
    const auto it = mappings_.find(base);
    PW_CHECK(it != mappings_.end());
    mapping = std::move(it->second);
    mappings_.erase(it);
    PW_CHECK(platform::unmap_to_reserved(base, mapping.pages << page_shift).is_success());
    range->second.is_mapped = false;
    return true;
}

void SystemMappings::remove_range(std::uint64_t base, std::uint64_t pages) {
    PW_CHECK(platform::unmap_to_reserved(base, pages << page_shift).is_success());
    window_.unreserve(window_.frame_at(base), pages);
}

bool SystemMappings::unmap(SystemMappingKind kind, std::uint64_t base) {
    Mapping mapping;
    MutexLock no_moves(rehoming_.lock());
    {
        MutexLock guard(lock_);
        const auto it = mappings_.find(base);
        if (it == mappings_.end() || it->second.kind != kind) return false;
        mapping = std::move(it->second);
        mappings_.erase(it);
    }
    remove_range(base, mapping.pages);
    return true;
}

Status SystemMappings::protect(std::uint64_t base, platform::PageAccess access) {
    MutexLock no_moves(rehoming_.lock());
    MutexLock guard(lock_);
    const auto it = mappings_.find(base);
    if (it == mappings_.end()) return STATUS_NOT_MAPPED_VIEW;
    PW_TRY(platform::protect_fixed(base, it->second.pages << page_shift, access));
    it->second.access = access;
    return {};
}

FrameRange SystemMappings::translate(std::uint64_t address) {
    MutexLock guard(lock_);
    auto it = mappings_.upper_bound(address);
    if (it == mappings_.begin()) return {};
    --it;
    std::uint64_t page = (address - it->first) >> page_shift;
    for (const Piece& piece : it->second.pieces) {
        if (page < piece.frames.pages) return {piece.frames.first + page, piece.frames.pages - page};
        page -= piece.frames.pages;
    }
    return {};
}

std::optional<SystemMappingKind> SystemMappings::kind_at(std::uint64_t address) {
    MutexLock guard(lock_);
    auto it = mappings_.upper_bound(address);
    if (it == mappings_.begin()) return std::nullopt;
    --it;
    if ((address - it->first) >> page_shift >= it->second.pages) return std::nullopt;
    return it->second.kind;
}

bool SystemMappings::is_base(SystemMappingKind kind, std::uint64_t base) {
    MutexLock guard(lock_);
    const auto it = mappings_.find(base);
    return it != mappings_.end() && it->second.kind == kind;
}

void SystemMappings::collect(FrameRange frames, std::vector<FrameAlias>& aliases) {
    MutexLock guard(lock_);
    for (auto& [base, mapping] : mappings_) {
        std::uint64_t address = base;
        for (const Piece& piece : mapping.pieces) {
            const FrameNumber first = std::max(frames.first, piece.frames.first);
            const FrameNumber end = std::min(frames.first + frames.pages, piece.frames.first + piece.frames.pages);
            if (first < end) {
                aliases.push_back({address + ((first - piece.frames.first) << page_shift), {first, end - first},
                                   mapping.access});
            }
            address += piece.frames.pages << page_shift;
        }
    }
}

}  // namespace pw::mm
