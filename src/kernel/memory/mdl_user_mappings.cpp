// SPDX-License-Identifier: Apache-2.0
// Which MDLs are mapped into which processes: for diagnosis of a teardown in the wrong order.
#include <cstdio>
#include <vector>

#include "kernel/memory/mdl.h"
#include "kernel/memory/memory_manager.h"

namespace pw::mm {
namespace {

constexpr USHORT has_user_mapping = 0x5557;

}  // namespace

void Mdls::note_user_mapping(MDL* mdl, const void* process, std::uint64_t base) {
    mdl->Reserved = has_user_mapping;
    MutexLock guard(mappings_lock_);
    user_mappings_.emplace(mdl, UserMapping{process, base});
}

void Mdls::forget_user_mapping(const MDL* mdl, const void* process, std::uint64_t base) {
    MutexLock guard(mappings_lock_);
    const auto [first, last] = user_mappings_.equal_range(mdl);
    for (auto it = first; it != last; ++it) {
        if (it->second.process != process || it->second.base != base) continue;
        user_mappings_.erase(it);
        return;
    }
}

void Mdls::forget_process(const void* process) {
    MutexLock guard(mappings_lock_);
    std::erase_if(user_mappings_, [process](const auto& entry) { return entry.second.process == process; });
}

void Mdls::report_user_mappings(const char* routine, MDL* mdl) {
    if (mdl->Reserved != has_user_mapping) [[likely]] return;
    mdl->Reserved = 0;
    std::vector<UserMapping> found;
    {
        MutexLock guard(mappings_lock_);
        const auto [first, last] = user_mappings_.equal_range(mdl);
        for (auto it = first; it != last; ++it) found.push_back(it->second);
        user_mappings_.erase(first, last);
    }
    for (const UserMapping& mapping : found) {
        char text[160];
        std::snprintf(text, sizeof(text), "%s before MmUnmapLockedPages: still mapped into a process at %#llx", routine,
                      static_cast<unsigned long long>(mapping.base));
        report(text, mdl);
    }
}

}  // namespace pw::mm
