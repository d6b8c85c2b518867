// SPDX-License-Identifier: Apache-2.0
// AddressSpace: the addresses of one process: its slot, what is mapped in it, and how its page tables follow.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/client_memory.h"
#include "kernel/memory/holdings.h"
#include "kernel/memory/mapping_client.h"
#include "kernel/memory/memory_quota.h"
#include "kernel/memory/range_allocator.h"
#include "kernel/memory/vad.h"

namespace pw::mm {

class MemoryManager;
class SlotAllocator;

struct AddressSpaceOptions {
    void* process = nullptr;               // its EPROCESS: what MDL.Process names; never dereferenced here
    MappingClient* client = nullptr;       // outlives clear()
    ClientMemory* client_memory = nullptr; // remote processes only; outlives clear()
    std::uint32_t trust_domain = 0;        // uid: processes of one uid trust each other
    Ref<MemoryQuota> quota{};              // what the process's segments are charged to; null: nothing but the kernel's limit
    std::uint64_t max_locked_pages = ~std::uint64_t{0};  // in MDLs
};

// MEM_ADDRESS_REQUIREMENTS: 0 and all bits mean "anything".
struct AddressRequirements {
    std::uint64_t lowest = 0;                    // first acceptable address
    std::uint64_t highest = ~std::uint64_t{0};   // last acceptable address, inclusive
    std::uint64_t alignment_bytes = 0;           // power of two; 0: 64 KiB
    [[nodiscard]] bool is_any() const { return lowest == 0 && highest == ~std::uint64_t{0} && alignment_bytes == 0; }
};

struct MapRequest {
    VadKind kind = VadKind::section_view;
    std::uint64_t requested_base = 0;      // 0: anywhere in the slot
    std::uint64_t pages = 0;
    std::uint32_t protection = 0;          // NT's PAGE_*
    std::uint32_t maximum_protection = 0;  // 0: same as protection
    bool copy_on_write = false;
    bool committed = true;                 // false: reserved only (SEC_RESERVE)
    bool top_down = false;
    bool replaces_placeholder = false;     // the placeholder at requested_base, which has exactly these pages
    AddressRequirements where{};           // where the base may be, if it is not requested
    std::span<const SegmentPiece> pieces;  // together `pages` pages
    SectionCommit* commit = nullptr;       // a view of a reserved section: shows what is committed there
    std::uint64_t section_page = 0;        // with `commit`: the section's page that the view begins with
};

// What VirtualQuery shows (MEMORY_BASIC_INFORMATION).
struct RegionInformation {
    std::uint64_t base_address = 0;
    std::uint64_t allocation_base = 0;
    std::uint32_t allocation_protection = 0;
    std::uint64_t region_bytes = 0;
    std::uint32_t state = 0;  // MEM_COMMIT, MEM_RESERVE, MEM_FREE
    std::uint32_t protection = 0;
    std::uint32_t type = 0;   // MEM_PRIVATE, MEM_MAPPED, 0
};

// A run of pages behind user addresses, as resolve() reports it.
struct ResolvedRun {
    Segment* segment = nullptr;  // valid during the visit
    std::uint64_t first_page = 0;
    std::uint64_t address = 0;
    std::uint64_t pages = 0;
};

class AddressSpace final : public RefCounted<AddressSpace> {
public:
    [[nodiscard]] void* process() const { return options_.process; }
    [[nodiscard]] std::uint64_t slot_base() const { return slot_base_; }
    // The slot grows as more is mapped than fits, up to room_bytes().
    [[nodiscard]] std::uint64_t slot_bytes() const { return slot_bytes_.load(std::memory_order_acquire); }
    [[nodiscard]] std::uint64_t room_bytes() const;
    [[nodiscard]] bool in_slot(std::uint64_t address) const { return address - slot_base_ < slot_bytes(); }
    [[nodiscard]] bool is_embedded() const { return embedded_; }
    [[nodiscard]] std::uint32_t trust_domain() const { return options_.trust_domain; }
    [[nodiscard]] ClientMemory* client_memory() const { return options_.client_memory; }

    // --- mappings. The address is usable by the process when the call returns (embedded), or when the process has
    // handled the messages that were queued before the reply (remote).

    // The base address. STATUS_CONFLICTING_ADDRESSES, STATUS_NO_MEMORY (slot full), STATUS_INVALID_PAGE_PROTECTION,
    // STATUS_MAPPED_ALIGNMENT, STATUS_PROCESS_IS_TERMINATING after clear().
    [[nodiscard]] Result<std::uint64_t> map(const MapRequest& request);
    // Records what the process itself mapped before (moved .data/.bss, an arena it made): nothing is sent.
    [[nodiscard]] Status record(VadKind kind, std::uint64_t base, std::uint32_t protection, const SegmentPiece& piece);
    // Gives memory that the process has outside its slot (moved .data/.bss) to `piece`: what is there now moves into the
    // segment, at the same addresses. Remote: by the mapping message itself.
    [[nodiscard]] Status adopt(VadKind kind, std::uint64_t base, std::uint32_t protection, const SegmentPiece& piece);
    // `base` may be any address in the region for a section view (as NtUnmapViewOfSection), and must be the exact base
    // otherwise. STATUS_NOT_MAPPED_VIEW when there is no region of that kind. `to_placeholder`: the addresses stay the
    // process's (MEM_PRESERVE_PLACEHOLDER); STATUS_CONFLICTING_ADDRESSES when the view did not replace a placeholder.
    [[nodiscard]] Status unmap(std::uint64_t address, VadKind kind, bool to_placeholder = false);
    [[nodiscard]] Status protect(std::uint64_t address, std::uint64_t length_bytes, std::uint32_t protection,
                                 std::uint32_t* old_protection);
    // Somebody touched the address. True: it lay in a guard page, which is none any more, and the access is
    // STATUS_GUARD_PAGE_VIOLATION; the next one meets the page's protection ("Creating Guard Pages"). Allocates.
    [[nodiscard]] bool trip_guard(std::uint64_t address);
    // STATUS_INVALID_PARAMETER for an address that is not in the slot and in no region.
    [[nodiscard]] Result<RegionInformation> query(std::uint64_t address);
    // A remote process says that it has carried out a queued unmap: its addresses may be used again. False: no such
    // unmap was queued (the process lies).
    bool unmap_acknowledged(std::uint64_t address, std::uint64_t length_bytes);

    // --- NtAllocateVirtualMemory / NtFreeVirtualMemory: rounds *address and *length_bytes to what was done.
    // `allocation_type`: MEM_RESERVE, MEM_COMMIT, MEM_TOP_DOWN, MEM_RESERVE_PLACEHOLDER, MEM_REPLACE_PLACEHOLDER; `free_type`:
    // MEM_DECOMMIT or MEM_RELEASE, the latter with MEM_PRESERVE_PLACEHOLDER or MEM_COALESCE_PLACEHOLDERS.
    [[nodiscard]] Status allocate(std::uint64_t* address, std::uint64_t* length_bytes, std::uint32_t allocation_type,
                                  std::uint32_t protection, const AddressRequirements& where = {});
    [[nodiscard]] Status free(std::uint64_t* address, std::uint64_t* length_bytes, std::uint32_t free_type);

    // --- MmSecureVirtualMemory: until unsecure() the process can neither free the range nor take the access from it
    // (STATUS_INVALID_PAGE_PROTECTION). A handle; STATUS_ACCESS_VIOLATION when the process has not got that access now, or the
    // memory lies in no region of ours.
    [[nodiscard]] Result<std::uint64_t> secure(std::uint64_t address, std::uint64_t length_bytes, bool write);
    [[nodiscard]] bool unsecure(std::uint64_t handle);  // false: no such handle in this process
    // Pages of a reserved section were committed: they appear in this process's views of it, with the views' protection.
    // STATUS_INSUFFICIENT_RESOURCES when Linux refuses; the pages stay reserved here then.
    [[nodiscard]] Status show_committed(SectionCommit& commit, std::uint64_t first_page, std::uint64_t pages);

    // --- NtLockVirtualMemory / NtUnlockVirtualMemory. Pages are locked or not; locks do not count up. Rounds as allocate().
    // STATUS_ACCESS_VIOLATION (not committed, or PAGE_NOACCESS), STATUS_WORKING_SET_QUOTA, STATUS_WAS_LOCKED (a success).
    [[nodiscard]] Status lock_pages(std::uint64_t* address, std::uint64_t* length_bytes);
    // STATUS_NOT_LOCKED when one of the pages is not.
    [[nodiscard]] Status unlock_pages(std::uint64_t* address, std::uint64_t* length_bytes);
    // --- NtFlushVirtualMemory: writes a view's pages to their file; length 0: to the end of the view. Nothing to do for
    // other views. STATUS_NOT_MAPPED_VIEW, STATUS_NOT_MAPPED_DATA.
    [[nodiscard]] Status flush(std::uint64_t* address, std::uint64_t* length_bytes);

    // --- lookups

    // Visits what lies behind [address, +length), in order, when every page is committed and its protection gives
    // `wanted`; STATUS_ACCESS_VIOLATION when a page is not accessible so, STATUS_GUARD_PAGE_VIOLATION when the first such page
    // was a guard page, which it is no more; STATUS_NOT_FOUND when some page is in no
    // region or in a copy-on-write view, where the process may have its own page (nothing was visited then). The visitor
    // runs under the address space's lock.
    [[nodiscard]] Status resolve(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess wanted,
                                 const std::function<void(const ResolvedRun&)>& visit);
    // A thread of the host touched a user address: maps the region in the host at the same address. True: try again.
    // Remote processes only; takes LockRank::address_space, so never from under a lock.
    [[nodiscard]] bool resolve_fault(std::uint64_t address, bool write);
    // For an address outside the slot (moved .data/.bss), remote processes: shows the region in the host at the same
    // addresses if nothing else lies there. False: it cannot be shown, or is no such region, or forbids the access.
    [[nodiscard]] bool lease(std::uint64_t address, std::uint64_t length_bytes, bool write);
    // Where absent processes are hidden (MemoryManager::set_hides_absent_processes()): a thread of this process begins to run
    // kernel code, or stops. While none does, the host shows nothing of the slot, so a driver that uses its addresses in another
    // process's context faults. What is shown comes back by resolve_fault(). No lock held.
    void thread_enters() { threads_inside_.fetch_add(1, std::memory_order_acq_rel); }
    void thread_leaves();
    // Calls `visit` for each region in address order, under the lock.
    void for_each(const std::function<void(const Vad&)>& visit);

    // --- exit. Unmaps everything and refuses new mappings; tells of leftovers (locked pages, MDL mappings) through
    // `leftover`, one line each. The slot's addresses go back with the last reference.
    void clear(const std::function<void(const std::string&)>& leftover);
    [[nodiscard]] bool is_cleared() const { return cleared_.load(std::memory_order_acquire); }

    // What drivers hold of this process, for reports.
    [[nodiscard]] Holdings& holdings() { return holdings_; }
    [[nodiscard]] MemoryQuota* quota() const { return options_.quota.get(); }
    // Whether so many more pages may be locked by MDLs.
    [[nodiscard]] bool may_lock(std::uint64_t pages) const {
        const auto locked = static_cast<std::uint64_t>(locked_pages());
        return pages <= options_.max_locked_pages && locked <= options_.max_locked_pages - pages;
    }
    // Pages of this process locked by MDLs.
    void count_locked(std::int64_t pages) { locked_pages_.fetch_add(pages, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t locked_pages() const { return locked_pages_.load(std::memory_order_relaxed); }

private:
    friend class RefCounted<AddressSpace>;
    friend class MemoryManager;
    AddressSpace(MemoryManager& manager, std::uint64_t slot_base, std::uint64_t slot_bytes,
                 const AddressSpaceOptions& options);
    ~AddressSpace();

    using VadMap = std::map<std::uint64_t, Vad>;
    [[nodiscard]] VadMap::iterator find_locked(std::uint64_t address) PW_REQUIRES(lock_);
    [[nodiscard]] Result<std::uint64_t> choose_address_locked(const MapRequest& request) PW_REQUIRES(lock_);
    [[nodiscard]] Result<std::uint64_t> map_locked(const MapRequest& request) PW_REQUIRES(lock_);
    // Tells the client about the committed pages of the range; tells it that the whole region goes.
    [[nodiscard]] Status show_locked(Vad& vad, std::uint64_t first_page, std::uint64_t pages) PW_REQUIRES(lock_);
    enum class Addresses : bool { go, stay };
    void hide_locked(Vad& vad, Addresses addresses = Addresses::go) PW_REQUIRES(lock_);
    // Adds what is needed for so many consecutive pages behind the slot's end.
    [[nodiscard]] Status grow_locked(std::uint64_t pages) PW_REQUIRES(lock_);
    // Placeholders: reserved addresses that are given out, cut and joined only on purpose.
    [[nodiscard]] Status take_placeholder_locked(std::uint64_t base, std::uint64_t pages) PW_REQUIRES(lock_);
    void put_placeholder_locked(std::uint64_t base, std::uint64_t pages) PW_REQUIRES(lock_);
    [[nodiscard]] Status split_placeholder_locked(const Vad& vad, std::uint64_t base, std::uint64_t pages) PW_REQUIRES(lock_);
    [[nodiscard]] Status coalesce_placeholders_locked(std::uint64_t base, std::uint64_t pages) PW_REQUIRES(lock_);
    [[nodiscard]] Status reserve_placeholder(std::uint64_t* address, std::uint64_t* length_bytes, std::uint32_t allocation_type,
                                             std::uint32_t protection, const AddressRequirements& where);
    void drop_host_mapping_locked(Vad& vad) PW_REQUIRES(lock_);
    [[nodiscard]] Vad remove_locked(VadMap::iterator it, Addresses addresses = Addresses::go) PW_REQUIRES(lock_);
    [[nodiscard]] Status commit_locked(Vad& vad, std::uint64_t first_page, std::uint64_t pages,
                                       std::uint32_t protection) PW_REQUIRES(lock_);
    [[nodiscard]] Status check_commit_in_view_locked(const Vad& vad, std::uint64_t first_page, std::uint64_t pages,
                                                     std::uint32_t protection) PW_REQUIRES(lock_);
    void forget_locked_pages_locked(std::uint64_t address, std::uint64_t pages) PW_REQUIRES(lock_);
    [[nodiscard]] Status decommit_locked(Vad& vad, std::uint64_t first_page, std::uint64_t pages) PW_REQUIRES(lock_);

    [[nodiscard]] bool trip_guard_locked(Vad& vad, std::uint64_t page) PW_REQUIRES(lock_);
    // A region with guard pages came to be.
    void note_guard_locked(std::uint32_t protection) PW_REQUIRES(lock_);

    // Whether the range may be freed (`protection` 0) or get that protection.
    [[nodiscard]] Status check_secured_locked(std::uint64_t address, std::uint64_t length_bytes,
                                              std::uint32_t protection) const PW_REQUIRES(lock_);

    struct SecuredRange {
        std::uint64_t base = 0;
        std::uint64_t end = 0;
        bool write = false;
    };

    MemoryManager& manager_;
    const std::uint64_t slot_base_;
    std::atomic<std::uint64_t> slot_bytes_;  // grows only
    const AddressSpaceOptions options_;
    const bool embedded_;
    std::atomic<bool> cleared_{false};
    std::atomic<std::int32_t> threads_inside_{0};  // counted only where absent processes are hidden
    std::atomic<bool> has_guards_{false};  // there was a guard page once
    std::atomic<std::int64_t> locked_pages_{0};
    Holdings holdings_;
    Mutex lock_{LockRank::address_space};
    RangeAllocator addresses_ PW_GUARDED_BY(lock_);  // free pages of the slot, by page number of the address
    VadMap vads_ PW_GUARDED_BY(lock_);
    std::map<std::uint64_t, SecuredRange> secured_ PW_GUARDED_BY(lock_);  // by handle
    std::uint64_t last_secure_ PW_GUARDED_BY(lock_) = 0;
    bool shows_slot_ PW_GUARDED_BY(lock_) = false;  // the host may have something mapped in the slot
    std::set<std::uint64_t> pages_locked_by_process_ PW_GUARDED_BY(lock_);  // VirtualLock: page numbers of addresses
    // Unmapped, but a remote process may not have carried it out yet: base -> pages.
    std::map<std::uint64_t, std::uint64_t> quarantine_ PW_GUARDED_BY(lock_);
    // Unmapped, but the addresses stay the process's (placeholders): what will be acknowledged means nothing.
    std::multimap<std::uint64_t, std::uint64_t> kept_unmaps_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::mm
