// SPDX-License-Identifier: Apache-2.0
// Locking the pages behind an address range: shared pages by number, a process's own pages by a stand-in.
#include <ntstatus.h>

#include "base/checked_math.h"
#include "kernel/memory/frame_runs.h"
#include "kernel/memory/mdl.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

using platform::PageAccess;

namespace {

// PFN_LIST_CORRUPT. 0x7: "The driver has unlocked a certain page more times than it locked it."
constexpr std::uint32_t pfn_list_corrupt = 0x4E;
constexpr std::uint64_t unlocked_too_often = 0x7;

std::uint64_t virtual_address(const MDL* mdl) { return reinterpret_cast<std::uint64_t>(mdl->StartVa) + mdl->ByteOffset; }

// In the slot only a copy-on-write view is not shared.
void count_bounce(BounceStatistics& bounces, const AddressSpace& space, const MDL* mdl) {
    const bool is_view = space.in_slot(virtual_address(mdl));
    bounces.count(is_view ? BounceReason::copy_on_write_view : BounceReason::foreign_memory, mdl->ByteCount,
                  is_view ? BufferKind::section_view : BufferKind::foreign);
}

void set_flag(MDL* mdl, int flag) { mdl->MdlFlags = static_cast<CSHORT>(mdl->MdlFlags | flag); }
void clear_flag(MDL* mdl, int flag) { mdl->MdlFlags = static_cast<CSHORT>(mdl->MdlFlags & ~flag); }

}  // namespace

Status Mdls::probe_and_lock(MDL* mdl, KPROCESSOR_MODE mode, LOCK_OPERATION operation, AddressSpace* space,
                            const platform::CallerChain& callers) {
    if ((mdl->MdlFlags & MDL_PAGES_LOCKED) != 0) {
        report("MmProbeAndLockPages of an MDL whose pages are locked already", mdl);
        return STATUS_INVALID_PARAMETER;
    }
    const bool write = operation != IoReadAccess;
    const std::uint64_t address = virtual_address(mdl);
    const std::uint64_t pages = page_count(mdl);
    if (manager_.system_ranges().overlaps(address, mdl->ByteCount)) {
        // A user may not have system memory locked in its name.
        if (mode != KernelMode) return STATUS_ACCESS_VIOLATION;
        if (mdl->ByteCount != 0 && !platform::is_accessible(address, mdl->ByteCount, write)) {
            return STATUS_ACCESS_VIOLATION;
        }
        build_for_nonpaged_pool(mdl);
        clear_flag(mdl, MDL_SOURCE_IS_NONPAGED_POOL);
        mdl->MappedSystemVa = nullptr;
        for (const FrameRange& run : consecutive_runs(frames(mdl), pages)) {
            if (!is_foreign(run.first)) manager_.window().pin(run);
        }
    } else if (space != nullptr) {
        if (!space->may_lock(pages)) return STATUS_WORKING_SET_QUOTA;
        PW_TRY(lock_user(mdl, write, *space, align_down(address, page_size_bytes), pages));
        mdl->Process = static_cast<struct _KPROCESS*>(space->process());
        space->count_locked(static_cast<std::int64_t>(pages));
        if (callers[0] != nullptr) {
            space->holdings().add({HoldingKind::locked_pages, reinterpret_cast<std::uint64_t>(mdl), pages, callers});
        }
    } else {
        return STATUS_ACCESS_VIOLATION;  // the System process has no user addresses
    }
    set_flag(mdl, MDL_PAGES_LOCKED);
    if (write) set_flag(mdl, MDL_WRITE_OPERATION);
    else clear_flag(mdl, MDL_WRITE_OPERATION);
    return {};
}

Status Mdls::lock_user(MDL* mdl, bool write, AddressSpace& space, std::uint64_t start, std::uint64_t pages) {
    if (pages == 0) return {};
    std::uint64_t* const numbers = frames(mdl);
    std::uint64_t filled = 0;
    BufferKind kind = BufferKind::foreign;
    Status failed;
    bool has_file = false;
    const Status found = space.resolve(start, pages << page_shift, write ? PageAccess::read_write : PageAccess::read,
                                       [&](const ResolvedRun& run) {
                                           if (failed.is_failure()) return;
                                           auto first = run.segment->ensure_window();
                                           if (!first) {
                                               failed = first.status();
                                               return;
                                           }
                                           has_file = has_file || run.segment->kind() == SegmentKind::file;
                                           manager_.window().pin({*first + run.first_page, run.pages}, *run.segment);
                                           fill_consecutive(numbers + filled, *first + run.first_page, run.pages);
                                           filled += run.pages;
                                           kind = kind_of(run.segment->kind());
                                       });
    if (found.is_success()) {
        // A file may be shorter than its view; its pages are read in here, so that a DPC finds them.
        if (failed.is_success() && has_file && !are_present(numbers, pages, write)) failed = STATUS_IN_PAGE_ERROR;
        if (failed.is_failure()) release_frames(mdl, filled);
        else manager_.bounces().count_native(kind, mdl->ByteCount);
        return failed;
    }
    if (found != Status(STATUS_NOT_FOUND)) return found;
    if (!space.is_embedded()) return lock_by_bounce(mdl, write, space, start, pages);
    if (!platform::is_accessible(virtual_address(mdl), mdl->ByteCount, write)) return STATUS_ACCESS_VIOLATION;
    fill_consecutive(numbers, foreign_frame(start), pages);
    manager_.bounces().count_native(BufferKind::own_process, mdl->ByteCount);
    return {};
}

bool Mdls::are_present(const std::uint64_t* numbers, std::uint64_t pages, bool write) const {
    for (const FrameRange& run : consecutive_runs(numbers, pages)) {
        if (!platform::is_accessible(manager_.window().address_of(run.first), run.pages << page_shift, write)) return false;
    }
    return true;
}

Status Mdls::lock_by_bounce(MDL* mdl, bool write, AddressSpace& space, std::uint64_t start, std::uint64_t pages) {
    ClientMemory* const client = space.client_memory();
    if (client == nullptr) return STATUS_ACCESS_VIOLATION;
    const std::uint64_t address = virtual_address(mdl);
    PW_TRY(client->check(address, mdl->ByteCount, write ? PageAccess::read_write : PageAccess::read));
    PW_TRY_ASSIGN(Ref<Segment> segment, Segment::create(manager_.window(), SegmentKind::bounce, pages, pages));
    segment->set_owner(space.process());
    PW_TRY_ASSIGN(const FrameNumber first, segment->ensure_window());
    PW_TRY(client->read(reinterpret_cast<void*>(segment->window_address() + (address - start)), address,
                        mdl->ByteCount));
    count_bounce(manager_.bounces(), space, mdl);
    manager_.window().pin({first, pages}, *segment);  // from here on the locked pages are what keeps it
    fill_consecutive(frames(mdl), first, pages);
    return {};
}

bool Mdls::is_bounced(MDL* mdl) const {
    if ((mdl->MdlFlags & MDL_PAGES_LOCKED) == 0 || mdl->Process == nullptr || page_count(mdl) == 0) return false;
    const FrameNumber first = frames(mdl)[0];
    if (is_foreign(first)) return false;
    return manager_.window().is_of_kind(first, SegmentKind::bounce);
}

Status Mdls::finish_bounce(MDL* mdl) {
    if (!is_bounced(mdl) || (mdl->MdlFlags & MDL_WRITE_OPERATION) == 0) return {};
    clear_flag(mdl, MDL_WRITE_OPERATION);
    const Ref<AddressSpace> space = manager_.address_space_of(mdl->Process);
    if (!space || space->is_cleared()) return STATUS_PROCESS_IS_TERMINATING;
    const std::uint64_t source = manager_.window().address_of(frames(mdl)[0]) + mdl->ByteOffset;
    const std::uint64_t address = virtual_address(mdl);
    // Asked again: the process may have changed the protection meanwhile, and such writes go through read-only pages.
    PW_TRY(space->client_memory()->check(address, mdl->ByteCount, PageAccess::write));
    count_bounce(manager_.bounces(), *space, mdl);
    return space->client_memory()->write(address, reinterpret_cast<const void*>(source), mdl->ByteCount);
}

void Mdls::unlock(MDL* mdl, bool may_touch_client) {
    if ((mdl->MdlFlags & MDL_PAGES_LOCKED) == 0) {
        // "The driver might have called MmUnlockPages twice with the same list."
        report("MmUnlockPages of an MDL whose pages are not locked (never, or unlocked before)", mdl);
        const FrameNumber first = page_count(mdl) != 0 ? frames(mdl)[0] : 0;
        manager_.diagnostics().bug_check(pfn_list_corrupt, unlocked_too_often, first, 0, 0);
        return;
    }
    report_user_mappings("MmUnlockPages", mdl);
    if ((mdl->MdlFlags & MDL_PARTIAL) != 0) {
        report("MmUnlockPages of a partial MDL: only its source holds the lock", mdl);
        return;
    }
    if ((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) != 0) unmap_from_system(mdl);
    const Ref<AddressSpace> space = mdl->Process != nullptr ? manager_.address_space_of(mdl->Process) : nullptr;
    if (space && !space->is_embedded() && (mdl->MdlFlags & MDL_WRITE_OPERATION) != 0 && is_bounced(mdl)) {
        if (!may_touch_client || finish_bounce(mdl).is_failure()) {
            report("data for memory that is not shared did not reach the process", mdl);
        }
    }
    const std::uint64_t pages = page_count(mdl);
    release_frames(mdl, pages);
    if (space) {
        space->count_locked(-static_cast<std::int64_t>(pages));
        space->holdings().remove(HoldingKind::locked_pages, reinterpret_cast<std::uint64_t>(mdl));
    }
    clear_flag(mdl, MDL_PAGES_LOCKED | MDL_WRITE_OPERATION);
}

void Mdls::release_locked_pages(MDL* mdl, std::uint64_t pages) {
    release_frames(mdl, pages);
    if (mdl->Process == nullptr) return;
    const Ref<AddressSpace> space = manager_.address_space_of(mdl->Process);
    if (space) space->count_locked(-static_cast<std::int64_t>(pages));
}

void Mdls::release_frames(MDL* mdl, std::uint64_t pages) {
    const std::uint64_t* const numbers = frames(mdl);
    FrameNumber not_pinned = 0;
    for (std::uint64_t i = 0; i < pages;) {
        const std::uint64_t run = consecutive_count(numbers + i, pages - i);
        if (!is_foreign(numbers[i]) && !manager_.window().unpin({numbers[i], run})) not_pinned = numbers[i];
        i += run;
    }
    if (not_pinned == 0) return;
    report("MmUnlockPages of pages that are not locked: the MDL's frame numbers were changed, or its flag set by hand", mdl);
    manager_.diagnostics().bug_check(pfn_list_corrupt, unlocked_too_often, not_pinned, 0, 0);
}

}  // namespace pw::mm
