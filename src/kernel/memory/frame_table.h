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
    // Kernel memory: how many MDLs have the page locked. Other memory: by how many more than the page before it in its segment
    // (modulo 65,536), which costs two additions for a run of any length; see SystemWindow::locked_runs().
    std::atomic<std::uint16_t> locks;
    std::atomic<std::uint8_t> caching;     // 0: cached; else MEMORY_CACHING_TYPE + 1 that the page was allocated with
};
static_assert(sizeof(FrameInfo) == 20);

class Diagnostics;
class SystemWindow;
// To be asked before pages that a driver allocated are freed. False after a bug check: an MDL still has pages of them locked
// (PFN_LIST_CORRUPT 0x9A), and they must not be freed. A process that still has them mapped is reported: it keeps the memory.
[[nodiscard]] bool may_free_pages(SystemWindow& window, Diagnostics& diagnostics, FrameRange frames, const char* routine);

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
