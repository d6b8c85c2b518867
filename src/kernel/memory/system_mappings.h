// SPDX-License-Identifier: Apache-2.0
// SystemMappings: mappings in the system window of pages that have their frames elsewhere: views of sections for the
// System process, and MDLs whose frames do not lie consecutively.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/memory/frame_number.h"
#include "kernel/memory/rehoming.h"
#include "platform/mapping.h"

namespace pw::mm {

class SystemWindow;
struct FramePiece;

enum class SystemMappingKind : std::uint8_t { mdl, section_view, io_space, reserved };
// What stands at a reserved range, for those who give it back.
enum class ReservationState : std::uint8_t { none, empty, mapped };

class SystemMappings final : public FrameAliases {
public:
    SystemMappings(SystemWindow& window, Rehoming& rehoming) : window_(window), rehoming_(rehoming) {}
    ~SystemMappings() override;

    // Maps the frames one after the other at a new address. STATUS_INVALID_ADDRESS when a frame has no page,
    // STATUS_INSUFFICIENT_RESOURCES.
    [[nodiscard]] Result<std::uint64_t> map(SystemMappingKind kind, std::span<const FrameRange> frames,
                                            platform::PageAccess access);
    // False when no mapping of that kind begins there.
    [[nodiscard]] bool unmap(SystemMappingKind kind, std::uint64_t base);

    // --- addresses without pages, kept under a tag. The range stays its owner's over any number of mappings.
    // STATUS_INSUFFICIENT_RESOURCES.
    [[nodiscard]] Result<std::uint64_t> reserve(std::uint64_t pages, std::uint32_t tag);
    // Gives an empty range back; says what it found. `none`: no such range, or another tag.
    [[nodiscard]] ReservationState release(std::uint64_t base, std::uint32_t tag);
    // STATUS_INVALID_PARAMETER: no such range, another tag, or mapped now; STATUS_BUFFER_TOO_SMALL: more frames than the
    // range has pages; STATUS_INVALID_ADDRESS.
    [[nodiscard]] Status map_reserved(std::uint64_t base, std::uint32_t tag, std::span<const FrameRange> frames,
                                      platform::PageAccess access);
    // False: nothing is mapped there under this tag. `tag` 0: any.
    [[nodiscard]] bool unmap_reserved(std::uint64_t base, std::uint32_t tag);

    // STATUS_NOT_MAPPED_VIEW.
    [[nodiscard]] Status protect(std::uint64_t base, platform::PageAccess access);
    // The frames that show at an address, as far as they are consecutive; no pages when nothing is mapped there.
    [[nodiscard]] FrameRange translate(std::uint64_t address);
    // The kind of the mapping that an address lies in; nothing when it lies in none.
    [[nodiscard]] std::optional<SystemMappingKind> kind_at(std::uint64_t address);
    [[nodiscard]] bool is_base(SystemMappingKind kind, std::uint64_t base);

    void collect(FrameRange frames, std::vector<FrameAlias>& aliases) override;

private:
    [[nodiscard]] Status map_piece(const FramePiece& piece, std::uint64_t address, std::uint64_t bytes,
                                   platform::PageAccess access);
    struct Piece {
        FrameRange frames;
        Ref<Segment> segment;  // keeps the pages while they are mapped
    };
    struct Mapping {
        SystemMappingKind kind;
        platform::PageAccess access;
        std::uint64_t pages;
        std::vector<Piece> pieces;
    };
    struct Reserved {
        std::uint64_t pages = 0;
        std::uint32_t tag = 0;
        bool is_mapped = false;
    };
    void remove_range(std::uint64_t base, std::uint64_t pages);
    // Maps the frames in a range that is the caller's; what was mapped stays when it fails.
    [[nodiscard]] Status map_pages(std::uint64_t base, std::span<const FrameRange> frames, Mapping& mapping);

    SystemWindow& window_;
    Rehoming& rehoming_;
    Mutex lock_{LockRank::leaf};
    std::map<std::uint64_t, Mapping> mappings_ PW_GUARDED_BY(lock_);  // by base address
    std::map<std::uint64_t, Reserved> reserved_ PW_GUARDED_BY(lock_);  // by base address
};

}  // namespace pw::mm
