// SPDX-License-Identifier: Apache-2.0
// Locking pages that do not lie one after the other (MmProbeAndLockSelectedPages), and lending a mapping to a routine.
#include <ntstatus.h>

#include <new>

#include "base/checked_math.h"
#include "kernel/memory/mdl.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/page_protection.h"

namespace pw::mm {
namespace {

// An MDL of one page, as a driver could have it on its stack.
struct OnePage {
    alignas(MDL) unsigned char memory[sizeof(MDL) + sizeof(PFN_NUMBER)] = {};
    MDL* describe(std::uint64_t address) {
        MDL* const mdl = new (memory) MDL{};
        Mdls::initialize(mdl, address, page_size_bytes);
        return mdl;
    }
};

constexpr int lock_flags = MDL_PAGES_LOCKED | MDL_WRITE_OPERATION;

}  // namespace

Status Mdls::probe_and_lock_selected(MDL* mdl, const LARGE_INTEGER* pages, KPROCESSOR_MODE mode,
                                     LOCK_OPERATION operation, AddressSpace* space) {
    if ((mdl->MdlFlags & MDL_PAGES_LOCKED) != 0) {
        report("MmProbeAndLockSelectedPages of an MDL whose pages are locked already", mdl);
        return STATUS_INVALID_PARAMETER;
    }
    const std::uint64_t count = page_count(mdl);
    OnePage page;
    std::uint64_t locked = 0;
    Status status;
    struct _KPROCESS* process = nullptr;
    for (; locked < count; ++locked) {
        // Each element names the page that holds the address.
        const auto address = align_down(static_cast<std::uint64_t>(pages[locked].QuadPart), page_size_bytes);
        MDL* const one = page.describe(address);
        status = probe_and_lock(one, mode, operation, space);
        if (status.is_failure()) break;
        if (is_bounced(one)) {
            // A stand-in is copied back to one range of addresses; these pages have none in common.
            report("MmProbeAndLockSelectedPages of memory that cannot be shared with the driver host", mdl);
            unlock(one, false);
            status = STATUS_ACCESS_VIOLATION;
            break;
        }
        process = one->Process;
        frames(mdl)[locked] = frames(one)[0];
    }
    mdl->Process = process;
    if (status.is_failure()) {
        release_locked_pages(mdl, locked);
        return status;
    }
    mdl->MappedSystemVa = nullptr;
    const int flags = (mdl->MdlFlags & ~lock_flags) | MDL_PAGES_LOCKED;
    mdl->MdlFlags = static_cast<CSHORT>(operation == IoReadAccess ? flags : flags | MDL_WRITE_OPERATION);
    return {};
}

Result<void*> Mdls::begin_lending(MDL* mdl, std::uint32_t protection) {
    PW_TRY(check_protection(protection));
    const platform::PageAccess access = access_of(protection);
    if (access == platform::PageAccess::none || is_write_copy(protection)) return STATUS_INVALID_PAGE_PROTECTION;
    if ((mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) != 0) {
        report("MmMapMdl of an MDL that is mapped already", mdl);
        return STATUS_INVALID_PARAMETER;
    }
    const bool is_read_only = !platform::allows(access, platform::PageAccess::write);
    return map_locked_pages(mdl, KernelMode, MmCached, nullptr,
                            NormalPagePriority | (is_read_only ? MdlMappingNoWrite : 0u), nullptr);
}

}  // namespace pw::mm
