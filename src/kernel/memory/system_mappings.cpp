// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/system_mappings.h"

#include <ntstatus.h>

#include <algorithm>

#include "base/check.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

SystemMappings::~SystemMappings() = default;

Result<std::uint64_t> SystemMappings::map(SystemMappingKind kind, std::span<const FrameRange> frames,
                                          platform::PageAccess access) {
    Mapping mapping{kind, access, 0, {}};
    for (const FrameRange& range : frames) mapping.pages += range.pages;
    PW_TRY_ASSIGN(const FrameNumber first, window_.reserve(mapping.pages));
    const std::uint64_t base = window_.address_of(first);
    std::uint64_t address = base;
    MutexLock no_moves(rehoming_.lock());
    for (const FrameRange& range : frames) {
        for (FramePiece& piece : window_.pieces(range)) {
            const std::uint64_t bytes = piece.frames.pages << page_shift;
            Status status = STATUS_INVALID_ADDRESS;
            if (piece.segment) {
                status = platform::map_fixed(address, bytes, access, piece.segment->descriptor(),
                                             piece.first_page << page_shift);
            }
            if (status.is_failure()) {
                remove_range(base, mapping.pages);
                return status;
            }
            address += bytes;
            mapping.pieces.push_back({piece.frames, std::move(piece.segment)});
        }
    }
    MutexLock guard(lock_);
    mappings_.emplace(base, std::move(mapping));
    return base;
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
