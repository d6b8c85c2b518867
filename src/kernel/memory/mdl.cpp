// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/mdl.h"

#include <ntstatus.h>

#include <cstdio>

#include "base/checked_math.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/system_mappings.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

constexpr std::uint32_t mdl_tag = 0x206c644d;  // "Mdl "
constexpr std::uint32_t nonpaged_pool = 0;    // POOL_TYPE NonPagedPool
constexpr SIZE_T max_mdl_bytes = 0xFFFF'F000;  // documented: 4 GiB less a page

}  // namespace

SIZE_T Mdls::size_of(std::uint64_t address, SIZE_T length_bytes) {
    return sizeof(MDL) + pages_spanned(address, length_bytes) * sizeof(PFN_NUMBER);
}

void Mdls::initialize(MDL* mdl, std::uint64_t address, SIZE_T length_bytes) {
    mdl->Next = nullptr;
    mdl->Size = static_cast<CSHORT>(size_of(address, length_bytes));  // truncated for large ones, as on NT
    mdl->MdlFlags = 0;
    mdl->Process = nullptr;
    mdl->MappedSystemVa = nullptr;
    mdl->StartVa = reinterpret_cast<PVOID>(align_down(address, page_size_bytes));
    mdl->ByteCount = static_cast<ULONG>(length_bytes);
    mdl->ByteOffset = static_cast<ULONG>(address & (page_size_bytes - 1));
}

MDL* Mdls::allocate(std::uint64_t address, SIZE_T length_bytes) {
    if (length_bytes > max_mdl_bytes) return nullptr;
    auto* const mdl = static_cast<MDL*>(
        manager_.pool().allocate(size_of(address, length_bytes), mdl_tag, nonpaged_pool, PoolFill::none));
    if (mdl == nullptr) return nullptr;
    initialize(mdl, address, length_bytes);
    mdl->AllocationProcessorNumber = 0;
    mdl->Reserved = 0;
    return mdl;
}

void Mdls::free(MDL* mdl) {
    report_user_mappings("IoFreeMdl", mdl);
    // A flag that a driver has set by hand, in a list that it wrote itself, is no lock.
    const bool has_pages = page_count(mdl) != 0 && !is_foreign(frames(mdl)[0]) && manager_.window().has_frame(frames(mdl)[0]);
    const bool by_hand = mdl->Process == nullptr && has_pages && !manager_.window().is_pinned(frames(mdl)[0]);
    if ((mdl->MdlFlags & MDL_PAGES_LOCKED) != 0 && !by_hand) {
        report("IoFreeMdl of an MDL whose pages are still locked: call MmUnlockPages first", mdl);
        unlock(mdl, false);
    }
    // The mapping that was made for a partial MDL belongs to it.
    if ((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) != 0) unmap_from_system(mdl);
    manager_.pool().free(mdl, mdl_tag);
}

void Mdls::append(MDL** chain, MDL* mdl) {
    while (*chain != nullptr) chain = &(*chain)->Next;
    *chain = mdl;
}

std::uint64_t Mdls::page_count(const MDL* mdl) { return pages_spanned(mdl->ByteOffset, mdl->ByteCount); }

void Mdls::build_for_nonpaged_pool(MDL* mdl) {
    const auto start = reinterpret_cast<std::uint64_t>(mdl->StartVa);
    const std::uint64_t pages = page_count(mdl);
    PFN_NUMBER* const numbers = frames(mdl);
    for (std::uint64_t page = 0; page < pages;) {
        const FrameRange run = manager_.frames_of_system_address(start + (page << page_shift));
        const std::uint64_t count = run.pages < pages - page ? run.pages : pages - page;
        for (std::uint64_t i = 0; i < count; ++i) numbers[page + i] = run.first + i;
        page += count;
    }
    mdl->Process = nullptr;
    mdl->MappedSystemVa = reinterpret_cast<PVOID>(start + mdl->ByteOffset);
    mdl->MdlFlags = static_cast<CSHORT>((mdl->MdlFlags & ~MDL_MAPPED_TO_SYSTEM_VA) | MDL_SOURCE_IS_NONPAGED_POOL);
}

void Mdls::build_partial(MDL* source, MDL* target, std::uint64_t address, ULONG length_bytes) {
    const auto source_start = reinterpret_cast<std::uint64_t>(source->StartVa) + source->ByteOffset;
    const std::uint64_t offset = address - source_start;
    if (offset > source->ByteCount || length_bytes > source->ByteCount - offset) {
        report("IoBuildPartialMdl of a range outside of the source", source);
        return;
    }
    if (length_bytes == 0) length_bytes = static_cast<ULONG>(source->ByteCount - offset);
    target->StartVa = reinterpret_cast<PVOID>(align_down(address, page_size_bytes));
    target->ByteOffset = static_cast<ULONG>(address & (page_size_bytes - 1));
    target->ByteCount = length_bytes;
    target->Process = source->Process;
    constexpr int inherited = MDL_IO_PAGE_READ | MDL_SOURCE_IS_NONPAGED_POOL | MDL_MAPPED_TO_SYSTEM_VA | MDL_IO_SPACE;
    constexpr int kept = MDL_ALLOCATED_FIXED_SIZE | MDL_ALLOCATED_MUST_SUCCEED;
    int flags = (target->MdlFlags & kept) | (source->MdlFlags & inherited) | MDL_PARTIAL;
    target->MappedSystemVa = nullptr;
    if ((source->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) != 0) {
        target->MappedSystemVa = static_cast<char*>(source->MappedSystemVa) + offset;
        if ((flags & MDL_MAPPED_TO_SYSTEM_VA) != 0) {
            // The mapping stays the source's; the target only borrows its address.
            flags = (flags & ~MDL_MAPPED_TO_SYSTEM_VA) | MDL_PARENT_MAPPED_SYSTEM_VA;
        }
    }
    target->MdlFlags = static_cast<CSHORT>(flags);
    const std::uint64_t first =
        (align_down(address, page_size_bytes) - reinterpret_cast<std::uint64_t>(source->StartVa)) >> page_shift;
    const PFN_NUMBER* const from = frames(source) + first;
    PFN_NUMBER* const to = frames(target);
    const std::uint64_t pages = page_count(target);
    for (std::uint64_t i = 0; i < pages; ++i) to[i] = from[i];
}

Status Mdls::advance(MDL* mdl, ULONG bytes) {
    if (bytes > mdl->ByteCount) return STATUS_INVALID_PARAMETER_2;
    const std::uint64_t offset = std::uint64_t{mdl->ByteOffset} + bytes;
    const std::uint64_t skipped = offset >> page_shift;
    if (skipped != 0 && (mdl->MdlFlags & MDL_PAGES_LOCKED) != 0) {
        // The pages that are left behind are not the MDL's any more: they are unlocked now.
        release_locked_pages(mdl, skipped);
    }
    if ((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) != 0 && skipped != 0) unmap_from_system(mdl);
    const std::uint64_t left = page_count(mdl) - skipped;
    PFN_NUMBER* const numbers = frames(mdl);
    for (std::uint64_t i = 0; i < left; ++i) numbers[i] = numbers[i + skipped];
    mdl->StartVa = static_cast<char*>(mdl->StartVa) + (skipped << page_shift);
    mdl->ByteOffset = static_cast<ULONG>(offset & (page_size_bytes - 1));
    mdl->ByteCount -= bytes;
    if (mdl->MappedSystemVa != nullptr) mdl->MappedSystemVa = static_cast<char*>(mdl->MappedSystemVa) + bytes;
    return {};
}

void Mdls::report(const char* what, const MDL* mdl) {
    char text[256];
    std::snprintf(text, sizeof(text), "%s (MDL %p: address %p+0x%x, %u bytes, flags 0x%x)", what,
                  static_cast<const void*>(mdl), mdl->StartVa, mdl->ByteOffset, mdl->ByteCount,
                  static_cast<unsigned>(static_cast<USHORT>(mdl->MdlFlags)));
    manager_.diagnostics().report(text);
}

}  // namespace pw::mm
