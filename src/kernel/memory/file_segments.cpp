// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/file_segments.h"

#include <ntstatus.h>

#include "kernel/memory/segment.h"

namespace pw::mm {

Result<Ref<Segment>> FileSegments::open(int descriptor, const platform::SectionFile& file, std::uint64_t length_bytes) {
    const Key key{file.identity, file.may_write};
    {
        MutexLock guard(lock_);
        const auto [first, last] = segments_.equal_range(key);
        for (auto it = first; it != last; ++it) {
            if (it->second->length_bytes() >= length_bytes && it->second->try_add_ref()) return Ref<Segment>::adopt(it->second);
        }
    }
    platform::Descriptor copy = platform::duplicate_descriptor(descriptor);
    if (!copy) return STATUS_INSUFFICIENT_RESOURCES;
    PW_TRY_ASSIGN(Ref<Segment> segment, Segment::adopt(window_, SegmentKind::file,
                                                       platform::SharedMemory::adopt(copy.leak(), length_bytes), 0));
    segment->set_file_segments(this);
    MutexLock guard(lock_);
    segments_.emplace(key, segment.get());
    return segment;
}

bool FileSegments::is_mapped(const platform::FileIdentity& file) {
    MutexLock guard(lock_);
    const auto it = segments_.lower_bound(Key{file, false});
    return it != segments_.end() && it->first.file == file;
}

void FileSegments::forget(const Segment& segment) {
    MutexLock guard(lock_);
    for (auto it = segments_.begin(); it != segments_.end(); ++it) {
        if (it->second != &segment) continue;
        segments_.erase(it);
        return;
    }
}

}  // namespace pw::mm
