// SPDX-License-Identifier: Apache-2.0
// MmSecureVirtualMemory: ranges that the process can neither free nor protect more until the driver lets go.
#include <ntstatus.h>
#include <pw_memory.h>

#include "base/checked_math.h"
#include "kernel/memory/address_space.h"
#include "kernel/memory/page_protection.h"
#include "kernel/memory/segment.h"

namespace pw::mm {

Result<std::uint64_t> AddressSpace::secure(std::uint64_t address, std::uint64_t length_bytes, bool write) {
    std::uint64_t end;
    if (length_bytes == 0 || !checked_add(address, length_bytes, &end)) return STATUS_INVALID_PARAMETER;
    const platform::PageAccess wanted = write ? platform::PageAccess::read_write : platform::PageAccess::read;
    // The pages are locked into the list first, then looked at: a change in between is refused already.
    const std::uint64_t base = align_down(address, page_size_bytes);
    std::uint64_t handle;
    {
        MutexLock guard(lock_);
        if (is_cleared()) return STATUS_PROCESS_IS_TERMINATING;
        handle = ++last_secure_;
        secured_.emplace(handle, SecuredRange{base, base + (pages_spanned(address, length_bytes) << page_shift), write});
    }
    const Status status = resolve(address, length_bytes, wanted, [](const ResolvedRun&) {});
    if (status.is_success()) return handle;
    static_cast<void>(unsecure(handle));
    return status == Status(STATUS_NOT_FOUND) ? Status(STATUS_ACCESS_VIOLATION) : status;
}

bool AddressSpace::unsecure(std::uint64_t handle) {
    MutexLock guard(lock_);
    return secured_.erase(handle) != 0;
}

Status AddressSpace::check_secured_locked(std::uint64_t address, std::uint64_t length_bytes,
                                          std::uint32_t protection) const {
    for (const auto& [handle, range] : secured_) {
        if (address >= range.end || range.base >= address + length_bytes) continue;
        const platform::PageAccess kept = range.write ? platform::PageAccess::read_write : platform::PageAccess::read;
        if (protection == 0 || !platform::allows(access_of(protection), kept)) return STATUS_INVALID_PAGE_PROTECTION;
    }
    return {};
}

}  // namespace pw::mm
