// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/page_protection.h"

#include <ntstatus.h>
#include <pw_memory.h>

namespace pw::mm {

using platform::PageAccess;

namespace {
constexpr std::uint32_t base_mask = 0xff;
constexpr std::uint32_t caching_mask = PAGE_NOCACHE | PAGE_WRITECOMBINE;
}  // namespace

PageAccess access_of(std::uint32_t nt_protection) {
    if (is_guarded(nt_protection)) return PageAccess::none;
    switch (nt_protection & base_mask) {
        case PAGE_READONLY: return PageAccess::read;
        case PAGE_READWRITE:
        case PAGE_WRITECOPY: return PageAccess::read_write;
        case PAGE_EXECUTE: return PageAccess::execute;
        case PAGE_EXECUTE_READ: return PageAccess::read | PageAccess::execute;
        case PAGE_EXECUTE_READWRITE:
        case PAGE_EXECUTE_WRITECOPY: return PageAccess::read_write | PageAccess::execute;
        default: return PageAccess::none;
    }
}

bool is_write_copy(std::uint32_t nt_protection) {
    const std::uint32_t base = nt_protection & base_mask;
    return base == PAGE_WRITECOPY || base == PAGE_EXECUTE_WRITECOPY;
}

bool is_guarded(std::uint32_t nt_protection) { return (nt_protection & PAGE_GUARD) != 0; }
std::uint32_t without_guard(std::uint32_t nt_protection) { return nt_protection & ~static_cast<std::uint32_t>(PAGE_GUARD); }
std::uint32_t caching_of(std::uint32_t nt_protection) { return nt_protection & caching_mask; }

Status check_protection(std::uint32_t nt_protection) {
    const std::uint32_t base = nt_protection & base_mask;
    const std::uint32_t modifiers = nt_protection & ~base_mask;
    if (base == 0 || (base & (base - 1)) != 0) return STATUS_INVALID_PAGE_PROTECTION;
    if ((modifiers & ~(caching_mask | PAGE_GUARD)) != 0) return STATUS_INVALID_PAGE_PROTECTION;
    if (base == PAGE_NOACCESS && modifiers != 0) return STATUS_INVALID_PAGE_PROTECTION;
    if ((modifiers & (modifiers - 1)) != 0) return STATUS_INVALID_PAGE_PROTECTION;
    return {};
}

}  // namespace pw::mm
