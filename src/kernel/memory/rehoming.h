// SPDX-License-Identifier: Apache-2.0
// Rehoming: moves pages of kernel memory, at their addresses, into a memfd of their own before a process may see them.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/memory/frame_number.h"
#include "kernel/memory/segment_piece.h"
#include "platform/mapping.h"

namespace pw::mm {

class SystemWindow;

// Another address of this process at which frames are mapped (a driver's .data, a mapping in the window).
struct FrameAlias {
    std::uint64_t address = 0;
    FrameRange frames;
    platform::PageAccess access = platform::PageAccess::none;
};

// Who knows such addresses.
class FrameAliases {
public:
    virtual ~FrameAliases() = default;
    // Adds those of the range's frames, clipped to it. Called with rehoming's lock held.
    virtual void collect(FrameRange frames, std::vector<FrameAlias>& aliases) = 0;
};

// Taken inside an address space's lock and outside of the window's.
inline constexpr LockRank rehoming_rank = static_cast<LockRank>(55);
static_assert(rehoming_rank > LockRank::address_space && rehoming_rank < LockRank::window);

class Rehoming {
public:
    explicit Rehoming(SystemWindow& window) : window_(window) {}

    void add_aliases(FrameAliases& aliases) { aliases_.push_back(&aliases); }  // before any move

    // The pages behind the frames as pieces whose segments hold nothing else (or were exported before). Frame numbers
    // and addresses stay; threads that write meanwhile fault and wait. Memory that is not the kernel's is left as it is.
    // STATUS_INVALID_ADDRESS when a frame has no page; STATUS_NO_MEMORY, STATUS_INSUFFICIENT_RESOURCES.
    [[nodiscard]] Result<std::vector<SegmentPiece>> isolate(FrameRange frames);

    // The frames are freed: moved pages are dropped and zeroed original ones come back underneath.
    void restore(FrameRange frames);
    void restore_at_exit(FrameRange frames);  // without lock: no other thread is there any more

    // In the fault handler: waits while pages are being moved, then says whether the access is fine now.
    [[nodiscard]] bool on_fault(std::uint64_t address, bool write);

    // Held by whoever makes another mapping of frames, so that no page moves between looking up and mapping.
    [[nodiscard]] Mutex& lock() PW_RETURN_CAPABILITY(lock_) { return lock_; }
    [[nodiscard]] std::uint64_t moves() const { return moves_.load(std::memory_order_relaxed); }

private:
    [[nodiscard]] Result<Ref<Segment>> move_locked(FrameRange frames, SegmentKind kind) PW_REQUIRES(lock_);

    SystemWindow& window_;
    std::vector<FrameAliases*> aliases_;
    std::atomic<std::uint32_t> sequence_{0};  // odd while pages are protected
    std::atomic<std::uint64_t> moves_{0};
    Mutex lock_{rehoming_rank};
};

}  // namespace pw::mm
