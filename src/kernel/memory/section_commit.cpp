// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/section_commit.h"

#include <pw_memory.h>

#include <algorithm>

#include "base/check.h"
#include "kernel/memory/address_space.h"

namespace pw::mm {

Status SectionCommit::commit(std::uint64_t first_page, std::uint64_t pages) {
    MutexLock guard(lock_);
    PW_TRY(charge_.grow(limit_, pages - runs_.committed_pages(first_page, pages)));
    // The protection is the views' affair; here it only means "committed".
    runs_.set(first_page, pages, PAGE_READWRITE);
    return {};
}

std::uint64_t SectionCommit::charged_pages() {
    MutexLock guard(lock_);
    return charge_.pages();
}

void SectionCommit::add_view(AddressSpace& space) {
    MutexLock guard(lock_);
    for (Viewer& viewer : viewers_) {
        if (viewer.space != &space) continue;
        ++viewer.views;
        return;
    }
    viewers_.push_back({&space, 1});
}

void SectionCommit::remove_view(AddressSpace& space) {
    MutexLock guard(lock_);
    const auto it = std::find_if(viewers_.begin(), viewers_.end(),
                                 [&space](const Viewer& viewer) { return viewer.space == &space; });
    PW_CHECK(it != viewers_.end());
    if (--it->views == 0) viewers_.erase(it);
}

std::vector<Ref<AddressSpace>> SectionCommit::viewers() {
    std::vector<Ref<AddressSpace>> found;
    MutexLock guard(lock_);
    found.reserve(viewers_.size());
    for (const Viewer& viewer : viewers_) found.emplace_back(viewer.space);
    return found;
}

}  // namespace pw::mm
