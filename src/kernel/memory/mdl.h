// SPDX-License-Identifier: Apache-2.0
// Mdls: everything done with memory descriptor lists; their whole state is in the MDL's documented bytes and PFN array.
#pragma once

#include <nt/mm_types.h>

#include <cstdint>
#include <map>
#include <span>

#include "base/lock.h"
#include "base/result.h"
#include "platform/caller_chain.h"
#include "kernel/memory/frame_number.h"

namespace pw::mm {

class AddressSpace;
class MemoryManager;

class Mdls {
public:
    explicit Mdls(MemoryManager& manager) : manager_(manager) {}

    // --- making one. Pool memory; free with free(). nullptr: no memory, or more pages than an MDL can describe.
    [[nodiscard]] static SIZE_T size_of(std::uint64_t address, SIZE_T length_bytes);  // MmSizeOfMdl
    static void initialize(MDL* mdl, std::uint64_t address, SIZE_T length_bytes);     // MmInitializeMdl
    [[nodiscard]] MDL* allocate(std::uint64_t address, SIZE_T length_bytes);
    // IoFreeMdl: unmaps a partial MDL's own system mapping; reports an MDL whose pages are still locked.
    void free(MDL* mdl);
    // Puts an MDL at the end of a chain (IoAllocateMdl with SecondaryBuffer).
    static void append(MDL** chain, MDL* mdl);
    [[nodiscard]] static std::uint64_t page_count(const MDL* mdl);
    [[nodiscard]] static PFN_NUMBER* frames(MDL* mdl) { return reinterpret_cast<PFN_NUMBER*>(mdl + 1); }

    // MmAllocateMdlForIoSpace. STATUS_INVALID_PARAMETER_1: no device lies there.
    [[nodiscard]] Result<MDL*> allocate_for_io_space(std::span<const FrameRange> ranges);

    // --- filling it
    // Pool, contiguous memory, window, driver data; the host's own memory gets foreign frames.
    void build_for_nonpaged_pool(MDL* mdl);
    // STATUS_ACCESS_VIOLATION, STATUS_COMMITMENT_LIMIT (bounce); the façade raises what fails. `space`: the process
    // whose addresses these are; ignored for system addresses in KernelMode. Below DISPATCH_LEVEL for user addresses.
    // `callers`: the driver that locks, for reports of what it leaves; none for a request's own buffers.
    [[nodiscard]] Status probe_and_lock(MDL* mdl, KPROCESSOR_MODE mode, LOCK_OPERATION operation, AddressSpace* space,
                                        const platform::CallerChain& callers = {});
    // MmProbeAndLockSelectedPages: page n of the MDL is the one that holds address pages[n]. STATUS_ACCESS_VIOLATION also for
    // memory of a process that could only be copied.
    [[nodiscard]] Status probe_and_lock_selected(MDL* mdl, const LARGE_INTEGER* pages, KPROCESSOR_MODE mode,
                                                 LOCK_OPERATION operation, AddressSpace* space);
    // Any IRQL ≤ DISPATCH_LEVEL. Unmaps the system mapping first. A bounced MDL that was locked for writing is copied
    // out first when the caller `may_touch_client` (its own thread, passive) and finish_bounce() was not called.
    void unlock(MDL* mdl, bool may_touch_client);
    // IoBuildPartialMdl. Length 0: from `address` to the end of the source.
    void build_partial(MDL* source, MDL* target, std::uint64_t address, ULONG length_bytes);
    // MmAdvanceMdl: moves the start forward. STATUS_INVALID_PARAMETER_2 beyond the end.
    [[nodiscard]] Status advance(MDL* mdl, ULONG bytes);

    // --- bounced MDLs: memory of a remote process that could not be shared; counted.
    [[nodiscard]] bool is_bounced(MDL* mdl) const;
    // Copies what was written back to the process. Only the process's own service or completion thread, passive.
    [[nodiscard]] Status finish_bounce(MDL* mdl);

    // --- mapping
    // MmGetSystemAddressForMdlSafe: nullptr when the window is full. Consecutive frames: arithmetic, no Linux call.
    [[nodiscard]] void* system_address(MDL* mdl, std::uint32_t priority);
    // Of two mode cases. KernelMode: as system_address(); UserMode: an address in `space`, with `requested_base` or
    // anywhere. STATUS_CONFLICTING_ADDRESSES, STATUS_NO_MEMORY, STATUS_ACCESS_DENIED (private memory of a process into
    // another one; foreign frames), STATUS_INVALID_PARAMETER.
    [[nodiscard]] Result<void*> map_locked_pages(MDL* mdl, KPROCESSOR_MODE mode, MEMORY_CACHING_TYPE caching,
                                                 void* requested_base, std::uint32_t priority, AddressSpace* space,
                                                 const platform::CallerChain& callers = {});
    // The caching type that the MDL's pages were allocated with; MmCached for most.
    [[nodiscard]] MEMORY_CACHING_TYPE caching_of(MDL* mdl) const;
    // `space`: the current process for a user address. Wrong process, double unmap: reported or bug-checked.
    void unmap_locked_pages(void* base, MDL* mdl, AddressSpace* space);
    // MmMapMdl, first half: a system mapping with the protection, to be undone by unmap_locked_pages().
    // STATUS_INVALID_PAGE_PROTECTION, STATUS_INVALID_PARAMETER, STATUS_INSUFFICIENT_RESOURCES.
    [[nodiscard]] Result<void*> begin_lending(MDL* mdl, std::uint32_t protection);
    // --- mapping at a reserved address (MmAllocateMappingAddress and its siblings). nullptr: no addresses, or the MDL does
    // not fit. A wrong address or tag, or one that is in use, is bug check SYSTEM_PTE_MISUSE. IRQL <= DISPATCH_LEVEL.
    [[nodiscard]] void* allocate_mapping_address(SIZE_T length_bytes, std::uint32_t tag);
    void free_mapping_address(void* base, std::uint32_t tag);
    [[nodiscard]] void* map_with_reserved_mapping(void* base, std::uint32_t tag, MDL* mdl, MEMORY_CACHING_TYPE caching);
    void unmap_reserved_mapping(void* base, std::uint32_t tag, MDL* mdl);
    // MmProtectMdlSystemAddress. STATUS_NOT_MAPPED_VIEW, STATUS_INVALID_PAGE_PROTECTION, STATUS_NOT_SUPPORTED when the
    // system address is not a mapping of its own.
    [[nodiscard]] Status protect_system_address(MDL* mdl, std::uint32_t protection);

    // The process is gone, and with it what was mapped into it.
    void forget_process(const void* process);

    // --- pages without an address (MmAllocatePagesForMdlEx). May describe fewer bytes than asked; nullptr: none.
    [[nodiscard]] MDL* allocate_pages(std::uint64_t low, std::uint64_t high, std::uint64_t skip, SIZE_T total_bytes,
                                      MEMORY_CACHING_TYPE caching, std::uint32_t flags);
    void free_pages(MDL* mdl);  // the MDL itself goes with free_pool afterwards

private:
    [[nodiscard]] Status lock_user(MDL* mdl, bool write, AddressSpace& space, std::uint64_t start, std::uint64_t pages);
    [[nodiscard]] bool are_present(const std::uint64_t* numbers, std::uint64_t pages, bool write) const;
    [[nodiscard]] Status lock_by_bounce(MDL* mdl, bool write, AddressSpace& space, std::uint64_t start,
                                        std::uint64_t pages);
    [[nodiscard]] Result<std::uint64_t> map_to_system(MDL* mdl, std::uint32_t priority, std::uint64_t requested_base);
    [[nodiscard]] Result<std::uint64_t> map_to_user(MDL* mdl, std::uint32_t priority, std::uint64_t requested_base,
                                                    AddressSpace& space);
    void unmap_from_system(MDL* mdl);
    void release_frames(MDL* mdl, std::uint64_t pages);  // unpins the first ones
    void release_locked_pages(MDL* mdl, std::uint64_t pages);  // and takes them off their process's count
    void report(const char* what, const MDL* mdl);
    // The processes that an MDL is mapped into, for those who unlock or free it too early. In MDL::Reserved stands whether it
    // is worth to look; that is a hint and nothing more.
    void note_user_mapping(MDL* mdl, const void* process, std::uint64_t base);
    void forget_user_mapping(const MDL* mdl, const void* process, std::uint64_t base);
    void report_user_mappings(const char* routine, MDL* mdl);  // and forgets them

    MemoryManager& manager_;
    struct UserMapping {
        const void* process = nullptr;
        std::uint64_t base = 0;
    };
    Mutex mappings_lock_{LockRank::leaf};
    std::multimap<const MDL*, UserMapping> user_mappings_ PW_GUARDED_BY(mappings_lock_);
};

}  // namespace pw::mm
