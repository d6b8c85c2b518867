// SPDX-License-Identifier: Apache-2.0
// FrameTable: what each frame of the window is used for, in an array that any thread may read without a lock.
#pragma once

#include <atomic>
#include <cstdint>

#include "kernel/memory/frame_number.h"
#include "platform/mapping.h"

namespace pw::mm {

enum class FrameUse : std::uint8_t { none, small_pool, pool_block, contiguous, mdl_pages };

// Trusted bookkeeping beside the pages: pages that a process sees hold nothing that the kernel believes.
struct FrameInfo {
    std::atomic<FrameUse> use;             // blocks: set for their first frame only
    std::uint8_t size_class;               // small_pool
    std::atomic<std::uint8_t> is_retired;  // small_pool: a process sees the page; no new blocks in it
    std::uint8_t type;                     // pool_block: POOL_TYPE
    std::uint32_t tag;                     // pool_block
    std::uint32_t pages;                   // blocks
    std::uint16_t slack_bytes;             // pool_block: pages * 4096 - what was asked for
    std::uint16_t live_blocks;             // small_pool: blocks that are not on the page's own free list
};
static_assert(sizeof(FrameInfo) == 16);

class FrameTable {
public:
    FrameTable() = default;
    explicit FrameTable(platform::Reservation memory) : memory_(std::move(memory)) {}
    [[nodiscard]] FrameInfo& operator[](FrameNumber frame) const {
        return reinterpret_cast<FrameInfo*>(memory_.base())[frame];
    }

private:
    platform::Reservation memory_;  // zero pages on first touch
};

}  // namespace pw::mm
