// SPDX-License-Identifier: Apache-2.0
// MemoryManager: the memory room of one kernel; owns the window, the pool, the slots, and knows the address spaces.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/address_plan.h"
#include "kernel/memory/address_space.h"
#include "kernel/memory/bounce_statistics.h"
#include "kernel/memory/commit_charge.h"
#include "kernel/memory/diagnostics.h"
#include "kernel/memory/driver_images.h"
#include "kernel/memory/frame_number.h"
#include "kernel/memory/mdl.h"
#include "kernel/memory/pool.h"
#include "kernel/memory/slot_allocator.h"
#include "kernel/memory/system_ranges.h"
#include "kernel/memory/user_memory.h"
#include "kernel/memory/user_snapshots.h"

namespace pw::mm {

class ContiguousMemory;
class IoSpace;
class FileSegments;
class PageAllocator;
class SystemMappings;
class SystemWindow;

struct MemoryOptions {
    std::span<const AddressPlan> plans = address_plans();       // tried in order
    std::uint64_t commit_limit_pages = std::uint64_t{1} << 26;  // 256 GiB
};

enum class FaultAccess : std::uint8_t { read, write, execute };

class MemoryManager final {
public:
    // STATUS_CONFLICTING_ADDRESSES when no plan's addresses are free. `diagnostics` outlives the manager.
    [[nodiscard]] static Result<std::unique_ptr<MemoryManager>> create(const MemoryOptions& options,
                                                                       Diagnostics& diagnostics);
    ~MemoryManager();  // every address space is cleared and released by then
    MemoryManager(const MemoryManager&) = delete;
    MemoryManager& operator=(const MemoryManager&) = delete;

    // --- processes
    [[nodiscard]] Result<Ref<AddressSpace>> create_address_space(const AddressSpaceOptions& options);
    // By EPROCESS, as MDL.Process names it; empty when that process is gone.
    [[nodiscard]] Ref<AddressSpace> address_space_of(const void* process);
    // The process is gone: clears the address space when that has not been done and drops the manager's reference.
    void forget_process(const void* process, const std::function<void(const std::string&)>& leftover);

    // From now on the host shows a process's slot only while a thread of it runs kernel code (the verifier): for processes that
    // are created later. Costs a lock and some system calls at the end of calls.
    void set_hides_absent_processes() { hides_absent_processes_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool hides_absent_processes() const { return hides_absent_processes_.load(std::memory_order_relaxed); }

    // --- driver images
    // Moves the writable ranges (.data, .bss; page-aligned) into segments at their addresses and makes the whole image
    // [base, base + image_bytes) system memory. Before DriverEntry, on one thread.
    [[nodiscard]] Status register_driver_image(std::uint64_t base, std::uint64_t image_bytes,
                                               std::span<const WritableRange> writable);
    void unregister_driver_image(std::uint64_t base);

    // --- faults: true when the access is fine now (a page was being moved): try the instruction again. For an address
    // of a process's slot ask AddressSpace::resolve_fault() first. Runs in the fault handler; takes no lock.
    [[nodiscard]] bool on_fault(std::uint64_t address, FaultAccess access);

    // The same for SIGBUS: the page of a file is gone (truncated, or the disk failed). Where the access cannot fail, because
    // the page is locked by an MDL or because of the IRQL, a zero page takes its place for the system; reported.
    [[nodiscard]] bool on_lost_page(std::uint64_t address, bool at_raised_irql);

    // --- addresses
    [[nodiscard]] bool is_system_address(std::uint64_t address) const { return system_ranges_.overlaps(address, 0); }
    // MmGetPhysicalAddress: window, system mappings, driver data, else the foreign frame. Not for user addresses.
    [[nodiscard]] FrameNumber frame_of_system_address(std::uint64_t address) {
        return frames_of_system_address(address).first;
    }
    // The same, with the number of pages for which frames and addresses go on together.
    [[nodiscard]] FrameRange frames_of_system_address(std::uint64_t address);
    [[nodiscard]] std::uint64_t address_of_frame(FrameNumber frame) const;

    [[nodiscard]] Pool& pool() { return *pool_; }
    [[nodiscard]] Mdls& mdls() { return mdls_; }
    [[nodiscard]] ContiguousMemory& contiguous() { return *contiguous_; }
    [[nodiscard]] DriverImages& images() { return *images_; }
    [[nodiscard]] IoSpace& io_space() { return *io_space_; }
    [[nodiscard]] UserMemory& user_memory() { return user_memory_; }
    [[nodiscard]] UserSnapshots& snapshots() { return *snapshots_; }
    [[nodiscard]] SystemRanges& system_ranges() { return system_ranges_; }
    [[nodiscard]] BounceStatistics& bounces() { return bounces_; }
    [[nodiscard]] CommitLimit& commit_limit() { return *commit_limit_; }
    [[nodiscard]] SystemWindow& window() { return *window_; }
    [[nodiscard]] PageAllocator& pages() { return *pages_; }
    [[nodiscard]] Rehoming& rehoming() { return *rehoming_; }
    [[nodiscard]] SystemMappings& system_mappings() { return *system_mappings_; }
    [[nodiscard]] FileSegments& file_segments() { return *file_segments_; }
    [[nodiscard]] SlotAllocator& slots() { return slots_; }
    [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }
    [[nodiscard]] const AddressPlan& plan() const { return plan_; }

private:
    MemoryManager(const AddressPlan& plan, std::unique_ptr<CommitLimit> limit, std::unique_ptr<SystemWindow> window,
                  Diagnostics& diagnostics);

    const AddressPlan plan_;
    Diagnostics& diagnostics_;
    BounceStatistics bounces_;
    SystemRanges system_ranges_;
    std::unique_ptr<CommitLimit> commit_limit_;
    std::unique_ptr<SystemWindow> window_;
    std::unique_ptr<FileSegments> file_segments_;
    std::unique_ptr<Rehoming> rehoming_;
    std::unique_ptr<SystemMappings> system_mappings_;
    std::unique_ptr<PageAllocator> pages_;
    std::unique_ptr<DriverImages> images_;
    std::unique_ptr<Pool> pool_;
    std::unique_ptr<ContiguousMemory> contiguous_;
    std::unique_ptr<IoSpace> io_space_;
    SlotAllocator slots_;
    std::unique_ptr<UserSnapshots> snapshots_;
    UserMemory user_memory_;
    Mdls mdls_;
    std::atomic<bool> hides_absent_processes_{false};
    Mutex processes_lock_{LockRank::leaf};
    // Each is kept until forget_process().
    std::unordered_map<const void*, Ref<AddressSpace>> processes_ PW_GUARDED_BY(processes_lock_);
};

}  // namespace pw::mm
