// SPDX-License-Identifier: Apache-2.0
// Segment: one piece of shareable memory (a memfd) with its frames in the system window.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/commit_charge.h"
#include "kernel/memory/frame_number.h"
#include "platform/shared_memory.h"

namespace pw::mm {

class FileSegments;
class SystemWindow;

enum class SegmentKind : std::uint8_t {
    slab,           // carved by page for pool and contiguous memory
    pool,           // one large pool block, or pages moved out of a slab
    contiguous,
    device,         // simulated device memory, at the frames that its maker asked for
    image_data,     // a driver's writable data
    arena,          // general heap of one process: never given to another process
    virtual_alloc,  // private memory of one process: never given to another process
    section,
    file,           // a file under a section; its length can change behind our back
    bounce,         // stand-in for memory of a process that cannot be shared
};
[[nodiscard]] const char* to_string(SegmentKind kind);
[[nodiscard]] constexpr bool is_private_to_process(SegmentKind kind) {
    return kind == SegmentKind::arena || kind == SegmentKind::virtual_alloc || kind == SegmentKind::bounce;
}
// Kernel memory, whose pages move into a memfd of their own before a process sees them.
[[nodiscard]] constexpr bool is_kernel_memory(SegmentKind kind) { return kind <= SegmentKind::image_data; }

class Segment final {
public:
    // Creates zeroed memory. `charged_pages` are charged against the window's commit limit (a reserved region starts
    // with none and grows: charge()). STATUS_COMMITMENT_LIMIT, STATUS_NO_MEMORY, STATUS_INSUFFICIENT_RESOURCES.
    [[nodiscard]] static Result<Ref<Segment>> create(SystemWindow& window, SegmentKind kind, std::uint64_t pages,
                                                     std::uint64_t charged_pages);
    // Around an existing descriptor: a file, or memory that a process made and handed over.
    [[nodiscard]] static Result<Ref<Segment>> adopt(SystemWindow& window, SegmentKind kind,
                                                    platform::SharedMemory memory, std::uint64_t charged_pages);

    void add_ref() const { add_refs(1); }
    void release() const { release_refs(1); }  // the last one unmaps it from the window; takes LockRank::window
    [[nodiscard]] bool try_add_ref() const;  // false when the segment is on its way out

    [[nodiscard]] SegmentKind kind() const { return kind_; }
    [[nodiscard]] std::uint64_t pages() const { return pages_; }
    [[nodiscard]] std::uint64_t length_bytes() const { return pages_ << page_shift; }
    [[nodiscard]] int descriptor() const { return memory_.descriptor(); }
    [[nodiscard]] platform::SharedMemory& memory() { return memory_; }
    // Unique within the kernel, never reused: names the segment in messages and reports.
    [[nodiscard]] std::uint64_t id() const { return id_; }

    // First frame of the segment; maps it into the window when it is not there yet. After the first call: one load.
    // STATUS_INSUFFICIENT_RESOURCES when the window is full. LockRank::segment.
    [[nodiscard]] Result<FrameNumber> ensure_window();
    // The same, without mapping it; 0 when it is not in the window.
    [[nodiscard]] FrameNumber first_frame() const { return first_frame_.load(std::memory_order_acquire); }
    [[nodiscard]] bool is_in_window() const { return first_frame() != 0; }
    [[nodiscard]] std::uint64_t window_address() const;  // 0 when not in the window

    // The process (EPROCESS) whose private memory this is; nullptr for memory that may be shared.
    [[nodiscard]] const void* owner() const { return owner_.load(std::memory_order_relaxed); }
    void set_owner(const void* process) { owner_.store(process, std::memory_order_relaxed); }

    // Set when a process got the descriptor; such a segment is never recycled.
    [[nodiscard]] bool is_exported() const { return exported_.load(std::memory_order_acquire); }
    // Records an export to the trust domain (uid) `domain`. A process of another domain may get the descriptor only when
    // it is entitled to all of the segment: STATUS_ACCESS_DENIED otherwise.
    //
    // The first export decides for good (decision 0017): with `read_only` no process will ever write, and the memory is
    // sealed against further writable mappings by anybody; a later export that may write is STATUS_ACCESS_DENIED.
    [[nodiscard]] Status note_export(std::uint32_t domain, bool whole, bool read_only = false);
    // Nobody can make another writable mapping of the descriptor; the window's, made before, stays (duplicate_fixed).
    [[nodiscard]] bool is_sealed() const { return sealed_.load(std::memory_order_acquire); }

    // Pages locked by MDLs; each pinned page holds a reference.
    void pin(std::uint64_t pages);
    [[nodiscard]] bool try_unpin(std::uint64_t pages);  // false, and nothing done, when fewer pages are pinned
    [[nodiscard]] std::uint64_t pinned_pages() const { return pinned_pages_.load(std::memory_order_relaxed); }

    // How many regions of processes show pages of it.
    void add_view();
    void remove_view();
    [[nodiscard]] std::uint64_t views() const { return views_.load(std::memory_order_relaxed); }
    // Who is told when a file's segment goes; set once, before anybody else knows the segment.
    void set_file_segments(FileSegments* files) { files_ = files; }

    // Commit of parts of a reserved segment. STATUS_COMMITMENT_LIMIT.
    [[nodiscard]] Status charge(std::uint64_t pages);
    void uncharge(std::uint64_t pages);
    [[nodiscard]] std::uint64_t charged_pages() const;

private:
    friend class SystemWindow;
    Segment(SystemWindow& window, SegmentKind kind, std::uint64_t pages, platform::SharedMemory memory,
            CommitCharge charge);
    ~Segment();
    void add_refs(std::int64_t count) const { references_.fetch_add(count, std::memory_order_relaxed); }
    void release_refs(std::int64_t count) const;

    SystemWindow& window_;
    const SegmentKind kind_;
    const std::uint64_t pages_;
    const std::uint64_t id_;
    platform::SharedMemory memory_;
    mutable std::atomic<std::int64_t> references_{1};
    std::atomic<FrameNumber> first_frame_{0};
    FileSegments* files_ = nullptr;
    bool owns_window_range_ = false;  // window's lock; false while its frames are those of another segment's pages
    std::atomic<const void*> owner_{nullptr};
    std::atomic<bool> exported_{false};
    std::atomic<bool> sealed_{false};
    std::atomic<std::uint64_t> pinned_pages_{0};
    std::atomic<std::uint64_t> views_{0};
    mutable Mutex lock_{LockRank::segment};
    CommitCharge charge_ PW_GUARDED_BY(lock_);
    std::uint32_t export_domain_ PW_GUARDED_BY(lock_) = 0;
    bool partly_exported_ PW_GUARDED_BY(lock_) = false;
};

}  // namespace pw::mm
