// SPDX-License-Identifier: Apache-2.0
// SectionCore: memory with a maximum protection of which processes and the system map views (a section, without its
// name, its security and its handles).
#pragma once

#include <cstdint>

#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/segment.h"

namespace pw::mm {

class AddressSpace;
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
    // STATUS_COMMITMENT_LIMIT, STATUS_INVALID_PARAMETER_6 (attributes).
    [[nodiscard]] static Result<Ref<SectionCore>> create(MemoryManager& manager, const SectionOptions& options);
    // Over an open file, whose descriptor is duplicated. STATUS_MAPPED_FILE_SIZE_ZERO; a size beyond the end extends a
    // file that is open for writing, else STATUS_SECTION_TOO_BIG.
    [[nodiscard]] static Result<Ref<SectionCore>> create_file_backed(MemoryManager& manager,
                                                                     const SectionOptions& options, int descriptor,
                                                                     bool writable);

    // Maps a view into a process, or, with no address space, into the system window. Each call gives another address;
    // a view keeps the memory alive after the section is gone. STATUS_MAPPED_ALIGNMENT (offset or base not on 64 KiB),
    // STATUS_INVALID_VIEW_SIZE, STATUS_SECTION_PROTECTION, STATUS_CONFLICTING_ADDRESSES, STATUS_NO_MEMORY.
    [[nodiscard]] Result<View> map_view(AddressSpace* space, const ViewRequest& request);
    // STATUS_NOT_MAPPED_VIEW. `address` may be anywhere in a process's view; the exact base in the system window.
    [[nodiscard]] static Status unmap_view(MemoryManager& manager, AddressSpace* space, std::uint64_t address);

    [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }
    [[nodiscard]] std::uint32_t protection() const { return protection_; }
    [[nodiscard]] std::uint32_t attributes() const { return attributes_; }
    [[nodiscard]] Segment& segment() const { return *segment_; }

private:
    friend class RefCounted<SectionCore>;
    SectionCore(MemoryManager& manager, Ref<Segment> segment, std::uint64_t size_bytes, std::uint32_t protection,
                std::uint32_t attributes);
    ~SectionCore() = default;

    MemoryManager& manager_;
    const Ref<Segment> segment_;
    const std::uint64_t size_bytes_;
    const std::uint32_t protection_;
    const std::uint32_t attributes_;
};

}  // namespace pw::mm
