// SPDX-License-Identifier: Apache-2.0
// SectionCore: memory with a maximum protection of which processes and the system map views (a section, without its
// name, its security and its handles).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/address_space.h"
#include "kernel/memory/section_commit.h"
#include "kernel/memory/segment.h"
#include "kernel/memory/segment_piece.h"

namespace pw::mm {

class MemoryManager;

struct SectionOptions {
    std::uint64_t size_bytes = 0;   // rounded up to pages; 0 for a file: the file's size
    std::uint32_t protection = 0;   // NT's PAGE_*: the most that a view may have
    std::uint32_t attributes = 0;   // SEC_COMMIT or SEC_RESERVE
};

struct ViewRequest {
    std::uint64_t requested_base = 0;    // 0: anywhere
    std::uint64_t offset_bytes = 0;      // multiple of 64 KiB
    std::uint64_t view_bytes = 0;        // 0: from the offset to the end of the section
    std::uint64_t commit_bytes = 0;      // SEC_RESERVE: how much of the view to commit at once
    std::uint32_t protection = 0;        // NT's PAGE_*
    bool top_down = false;
    bool replaces_placeholder = false;   // MEM_REPLACE_PLACEHOLDER: the one at requested_base, of exactly the view's size
    AddressRequirements where{};
    bool read_only_for_good = false;     // no process will ever write: see Segment::note_export
};

struct View {
    std::uint64_t base = 0;
    std::uint64_t length_bytes = 0;
    std::uint64_t offset_bytes = 0;
};

class SectionCore final : public RefCounted<SectionCore> {
public:
    // Page-file backed. STATUS_INVALID_PARAMETER_4 (size 0), STATUS_INVALID_PAGE_PROTECTION, STATUS_SECTION_TOO_BIG,
    // STATUS_COMMITMENT_LIMIT, STATUS_INVALID_PARAMETER_6 (attributes), STATUS_PRIVILEGE_NOT_HELD (large pages),
    // STATUS_INVALID_FILE_FOR_SECTION (SEC_IMAGE without a file).
    [[nodiscard]] static Result<Ref<SectionCore>> create(MemoryManager& manager, const SectionOptions& options);
    // Over an open file, whose descriptor is duplicated. STATUS_INVALID_FILE_FOR_SECTION (no regular file),
    // STATUS_ACCESS_DENIED (not opened for what the protection needs), STATUS_MAPPED_FILE_SIZE_ZERO; a size beyond the end
    // extends the file when the section may be written, else STATUS_SECTION_TOO_BIG. SEC_IMAGE: STATUS_INVALID_IMAGE_FORMAT.
    [[nodiscard]] static Result<Ref<SectionCore>> create_file_backed(MemoryManager& manager, const SectionOptions& options,
                                                                     int descriptor);

    // \Device\PhysicalMemory: an offset is a physical address.
    [[nodiscard]] static Result<Ref<SectionCore>> create_physical(MemoryManager& manager);

    // Maps a view into a process, or, with no address space, into the system window. Each call gives another address;
    // a view keeps the memory alive after the section is gone. STATUS_MAPPED_ALIGNMENT (offset or base not on 64 KiB),
    // STATUS_INVALID_VIEW_SIZE, STATUS_SECTION_PROTECTION, STATUS_CONFLICTING_ADDRESSES, STATUS_NO_MEMORY.
    [[nodiscard]] Result<View> map_view(AddressSpace* space, const ViewRequest& request);
    // STATUS_NOT_MAPPED_VIEW. `address` may be anywhere in a process's view; the exact base in the system window.
    [[nodiscard]] static Status unmap_view(MemoryManager& manager, AddressSpace* space, std::uint64_t address,
                                           bool to_placeholder = false);

    // NtExtendSection: makes a file's section at least that long, and the file, too. The size that it has then.
    // STATUS_SECTION_NOT_EXTENDED (not file-backed, not writable, or the disk is full).
    [[nodiscard]] Result<std::uint64_t> extend(std::uint64_t size_bytes);

    [[nodiscard]] std::uint64_t size_bytes() const;
    [[nodiscard]] std::uint32_t protection() const { return protection_; }
    [[nodiscard]] std::uint32_t attributes() const { return attributes_; }
    [[nodiscard]] bool is_file() const { return is_file_; }
    [[nodiscard]] bool is_physical() const { return is_physical_; }
    // The segments that are there now, in order; a reserved section has none before its first view.
    [[nodiscard]] std::vector<Ref<Segment>> segments() const;
    [[nodiscard]] std::uint64_t committed_pages() const;  // charged; 0 for a file

private:
    friend class RefCounted<SectionCore>;
    SectionCore(MemoryManager& manager, const SectionOptions& options, std::uint64_t chunk_pages, bool is_file);
    ~SectionCore() = default;

    // An offset may be any; the view begins at its page. STATUS_INVALID_ADDRESS: memory that nobody holds, or nothing there.
    [[nodiscard]] Result<View> map_physical_view(AddressSpace* space, const ViewRequest& request);

    // All segments, charged: SEC_COMMIT.
    [[nodiscard]] Status make_all_chunks();
    void set_file(Ref<Segment> segment);
    // The segments behind a range of pages, made where they are not there yet.
    [[nodiscard]] Result<std::vector<SegmentPiece>> pieces(std::uint64_t first_page, std::uint64_t pages);
    [[nodiscard]] Status ensure_chunk_locked(std::size_t index, bool charged) PW_REQUIRES(lock_);
    [[nodiscard]] Result<std::uint64_t> map_into_system(std::span<const SegmentPiece> pieces, std::uint32_t protection);

    MemoryManager& manager_;
    const std::uint32_t protection_;
    const std::uint32_t attributes_;
    const bool is_file_;
    bool is_physical_ = false;
    // A large section is made of several segments: each finds a place in the window when it is needed there, and pages that
    // nobody shows cost nothing.
    const std::uint64_t chunk_pages_;
    Ref<SectionCommit> commit_;  // SEC_RESERVE of the page file only
    mutable Mutex lock_{static_cast<LockRank>(48)};  // inside the handle table's, outside of an address space's
    std::uint64_t size_bytes_ PW_GUARDED_BY(lock_);
    std::vector<Ref<Segment>> chunks_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::mm
