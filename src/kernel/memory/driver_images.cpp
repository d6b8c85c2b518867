// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/driver_images.h"

#include <ntstatus.h>

#include <algorithm>

#include "base/check.h"
#include "base/checked_math.h"
#include "kernel/memory/system_ranges.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {

using platform::PageAccess;

DriverImages::~DriverImages() {
    for (const auto& [address, data] : data_) rehoming_.restore_at_exit(data.frames);
}

Status DriverImages::add(std::uint64_t base, std::uint64_t image_bytes, std::span<const WritableRange> writable) {
    std::map<std::uint64_t, Data> added;
    for (const WritableRange& range : writable) {
        if (range.length_bytes == 0) continue;
        if (!is_aligned(range.base | range.length_bytes, page_size_bytes)) return STATUS_INVALID_PARAMETER;
        const std::uint64_t pages = range.length_bytes >> page_shift;
        PW_TRY_ASSIGN(Ref<Segment> segment, Segment::create(window_, SegmentKind::image_data, pages, pages));
        PW_TRY_ASSIGN(const FrameNumber first, segment->ensure_window());
        PW_TRY(segment->memory().copy_in(0, reinterpret_cast<const void*>(range.base), range.length_bytes));
        added.emplace(range.base, Data{base, std::move(segment), {first, pages}});
    }
    // Nothing has been changed until here. The image's own pages give way to the segment's copy of them.
    for (const auto& [address, data] : added) {
        PW_TRY(platform::map_fixed(address, data.frames.pages << page_shift, PageAccess::read_write,
                                   data.segment->descriptor(), 0));
    }
    ranges_.add(base, image_bytes);
    MutexLock guard(lock_);
    data_.merge(added);
    images_.emplace(base, Image{image_bytes, 0});
    return {};
}

void DriverImages::remove(std::uint64_t base) {
    std::vector<Data> removed;
    {
        MutexLock no_moves(rehoming_.lock());
        MutexLock guard(lock_);
        images_.erase(base);
        for (auto it = data_.begin(); it != data_.end();) {
            if (it->second.image_base != base) {
                ++it;
                continue;
            }
            removed.push_back(std::move(it->second));
            it = data_.erase(it);
        }
    }
    // The image keeps its mappings until it is unloaded; only the frames go.
    for (const Data& data : removed) rehoming_.restore(data.frames);
    ranges_.remove(base);
}

FrameRange DriverImages::translate(std::uint64_t address) {
    MutexLock guard(lock_);
    auto it = data_.upper_bound(address);
    if (it == data_.begin()) return {};
    --it;
    const std::uint64_t page = (address - it->first) >> page_shift;
    const FrameRange& frames = it->second.frames;
    return page < frames.pages ? FrameRange{frames.first + page, frames.pages - page} : FrameRange{};
}

std::uint64_t DriverImages::image_of(std::uint64_t address) {
    MutexLock guard(lock_);
    auto it = images_.upper_bound(address);
    if (it == images_.begin()) return 0;
    --it;
    return address - it->first < it->second.bytes ? it->first : 0;
}

bool DriverImages::lock_sections(std::uint64_t handle) {
    MutexLock guard(lock_);
    const auto it = images_.find(handle);
    if (it == images_.end()) return false;
    ++it->second.section_locks;
    return true;
}

bool DriverImages::unlock_sections(std::uint64_t handle) {
    MutexLock guard(lock_);
    const auto it = images_.find(handle);
    if (it == images_.end() || it->second.section_locks == 0) return false;
    --it->second.section_locks;
    return true;
}

void DriverImages::collect(FrameRange frames, std::vector<FrameAlias>& aliases) {
    MutexLock guard(lock_);
    for (const auto& [address, data] : data_) {
        const FrameNumber first = std::max(frames.first, data.frames.first);
        const FrameNumber end = std::min(frames.first + frames.pages, data.frames.first + data.frames.pages);
        if (first < end) {
            aliases.push_back({address + ((first - data.frames.first) << page_shift), {first, end - first},
                               PageAccess::read_write});
        }
    }
}

}  // namespace pw::mm
