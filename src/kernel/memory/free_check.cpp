// SPDX-License-Identifier: Apache-2.0
// What is wrong with freeing pages that somebody still uses.
#include <cstdio>

#include "kernel/memory/diagnostics.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

// PFN_LIST_CORRUPT. 0x9A: "A driver attempted to free a page that is still locked for IO."
constexpr std::uint32_t pfn_list_corrupt = 0x4E;
constexpr std::uint64_t freed_while_locked = 0x9A;

}  // namespace

bool may_free_pages(SystemWindow& window, Diagnostics& diagnostics, FrameRange frames, const char* routine) {
    if (const FrameNumber locked = window.first_locked(frames); locked != 0) [[unlikely]] {
        diagnostics.bug_check(pfn_list_corrupt, freed_while_locked, locked, window.info(locked).locks.load(), 0);
        return false;
    }
    if (window.is_shown(frames)) [[unlikely]] {
        char text[200];
        std::snprintf(text, sizeof(text),
                      "%s of memory that is still mapped into a process (%llu pages at %#llx): the process keeps the old pages; "
                      "call MmUnmapLockedPages first",
                      routine, static_cast<unsigned long long>(frames.pages),
                      static_cast<unsigned long long>(window.address_of(frames.first)));
        diagnostics.report(text);
    }
    return true;
}

}  // namespace pw::mm
