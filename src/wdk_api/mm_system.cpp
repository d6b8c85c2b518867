// SPDX-License-Identifier: Apache-2.0
// Façade: pageable sections, secured user memory, questions about the system.
#include <nt/ex.h>
#include <nt/mm.h>

#include "kernel/memory/driver_images.h"
#include "kernel/memory/memory_manager.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::memory_manager;

namespace {

// MEMORY_MANAGEMENT. 0x1234: "The driver is trying lock a nonexistent pageable section."
constexpr std::uint32_t memory_management = 0x1A;
constexpr std::uint64_t nonexistent_section = 0x1234;

std::uint64_t number(const void* address) { return reinterpret_cast<std::uint64_t>(address); }

void wrong_section(PVOID address) {
    memory_manager().diagnostics().bug_check(memory_management, nonexistent_section, number(address), 0, 0);
}

}  // namespace

extern "C" {

PVOID NTAPI MmLockPagableDataSection(PVOID address) {
    PW_IRQL_LIMIT(MmLockPagableDataSection);
    const std::uint64_t handle = memory_manager().images().image_of(number(address));
    if (!memory_manager().images().lock_sections(handle)) wrong_section(address);
    return reinterpret_cast<PVOID>(handle);
}

void NTAPI MmLockPagableSectionByHandle(PVOID handle) {
    PW_IRQL_LIMIT(MmLockPagableSectionByHandle);
    if (!memory_manager().images().lock_sections(number(handle))) wrong_section(handle);
}

void NTAPI MmUnlockPagableImageSection(PVOID handle) {
    PW_IRQL_LIMIT(MmUnlockPagableImageSection);
    if (!memory_manager().images().unlock_sections(number(handle))) wrong_section(handle);
}

// Nothing is ever paged out, so nothing is to be done; the answer is the documented one, the driver's base.
PVOID NTAPI MmPageEntireDriver(PVOID address) {
    PW_IRQL_LIMIT(MmPageEntireDriver);
    return reinterpret_cast<PVOID>(memory_manager().images().image_of(number(address)));
}

void NTAPI MmResetDriverPaging(PVOID address) {
    PW_IRQL_LIMIT(MmResetDriverPaging);
    if (memory_manager().images().image_of(number(address)) == 0) wrong_section(address);
}

// Needs a hypervisor's protection, which there is none of.
NTSTATUS NTAPI MmProtectDriverSection(PVOID, SIZE_T size, ULONG flags) {
    if (size != 0 || (flags & ~static_cast<ULONG>(MM_PROTECT_DRIVER_SECTION_VALID_FLAGS)) != 0) return STATUS_INVALID_PARAMETER;
    return STATUS_NOT_SUPPORTED;
}

HANDLE NTAPI MmSecureVirtualMemory(PVOID address, SIZE_T size, ULONG probe_mode) {
    PW_IRQL_LIMIT(MmSecureVirtualMemory);
    return MmSecureVirtualMemoryEx(address, size, probe_mode, 0);
}

HANDLE NTAPI MmSecureVirtualMemoryEx(PVOID address, SIZE_T size, ULONG probe_mode, ULONG flags) {
    PW_IRQL_LIMIT(MmSecureVirtualMemoryEx);
    // MM_SECURE_EXCLUSIVE and MM_SECURE_NO_CHANGE are not there: no handle is better than a wrong one.
    constexpr ULONG known = MM_SECURE_USER_MODE_ONLY | MM_SECURE_NO_INHERIT;
    mm::AddressSpace* const space = wdk::current_address_space();
    if (space == nullptr || (flags & ~known) != 0) return nullptr;
    if (probe_mode != PAGE_READONLY && probe_mode != PAGE_READWRITE) return nullptr;
    if (memory_manager().is_system_address(number(address))) return nullptr;
    auto handle = space->secure(number(address), size, probe_mode == PAGE_READWRITE);
    return handle ? reinterpret_cast<HANDLE>(*handle) : nullptr;
}

void NTAPI MmUnsecureVirtualMemory(HANDLE handle) {
    PW_IRQL_LIMIT(MmUnsecureVirtualMemory);
    mm::AddressSpace* const space = wdk::current_address_space();
    if (space != nullptr && space->unsecure(number(handle))) return;
    memory_manager().diagnostics().report(
        "MmUnsecureVirtualMemory: not a handle of MmSecureVirtualMemory in this process (wrong process, or given back before)");
}

LOGICAL NTAPI MmIsNonPagedSystemAddressValid(PVOID address) {
    return memory_manager().is_system_address(number(address)) && platform::is_accessible(number(address), 1, false);
}

BOOLEAN NTAPI MmIsThisAnNtAsSystem(void) { return FALSE; }  // a workstation

BOOLEAN NTAPI MmIsRecursiveIoFault(void) { return FALSE; }  // faults do no I/O here

MM_SYSTEMSIZE NTAPI MmQuerySystemSize(void) { return MmLargeSystem; }

SIZE_T NTAPI ExQueryPoolBlockSize(PVOID block, PBOOLEAN quota_charged) {
    if (quota_charged != nullptr) *quota_charged = FALSE;
    return memory_manager().pool().block_bytes(block);
}

}  // extern "C"
