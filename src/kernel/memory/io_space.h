// SPDX-License-Identifier: Apache-2.0
// IoSpace: simulated device memory at physical addresses of its own, and mappings of physical ranges (MmMapIoSpace).
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/lock.h"
#include "base/ref.h"
#include "base/result.h"
#include "kernel/memory/caching.h"
#include "kernel/memory/frame_number.h"
#include "kernel/memory/segment.h"
#include "platform/mapping.h"

namespace pw::mm {

class Diagnostics;
class PageAllocator;
class Rehoming;
class SystemMappings;
class SystemWindow;

// IRQL < DISPATCH_LEVEL, except is_device() and is_active().
class IoSpace {
public:
    IoSpace(SystemWindow& window, Rehoming& rehoming, SystemMappings& mappings, PageAllocator& pages,
            Diagnostics& diagnostics)
        : window_(window), rehoming_(rehoming), mappings_(mappings), pages_(pages), diagnostics_(diagnostics) {}
    ~IoSpace();
    IoSpace(const IoSpace&) = delete;
    IoSpace& operator=(const IoSpace&) = delete;

    // --- devices: memory that answers at [physical, +length), zero at first. STATUS_INVALID_PARAMETER (not in whole pages,
    // beyond the physical memory), STATUS_CONFLICTING_ADDRESSES (memory or a device lies there).
    [[nodiscard]] Status add_device(std::uint64_t physical, std::uint64_t length_bytes);
    // STATUS_NOT_FOUND; STATUS_DEVICE_BUSY while something of it is mapped.
    [[nodiscard]] Status remove_device(std::uint64_t physical);
    // Whether all of the frames belong to one device.
    [[nodiscard]] bool is_device(FrameRange frames);
    [[nodiscard]] std::vector<FrameRange> devices();

    // --- mappings of devices, and of memory that is in use. Each call gives another address.
    // STATUS_INVALID_ADDRESS: nothing answers there (reported). Memory that nobody has allocated or locked is NT's bug
    // check MEMORY_MANAGEMENT, 0x1233. STATUS_CONFLICTING_ADDRESSES: some page is mapped with a caching type that excludes this one.
    [[nodiscard]] Result<void*> map(std::uint64_t physical, std::uint64_t length_bytes, platform::PageAccess access,
                                    CachingClass caching = CachingClass::uncached);
    // Whether a device answers at all of the frames, or somebody holds them: what may be mapped. STATUS_INVALID_ADDRESS, also
    // after the bug check that map() describes returned.
    [[nodiscard]] Status check(FrameRange frames) { return is_device(frames) ? Status() : check_memory(frames); }
    // With the address and length of map(); anything else is a bug check.
    void unmap(void* base, std::uint64_t length_bytes);
    // MmIsIoSpaceActive: some page of the range is mapped by map().
    [[nodiscard]] bool is_active(std::uint64_t physical, std::uint64_t length_bytes);

private:
    [[nodiscard]] Status check_memory(FrameRange frames);
    [[nodiscard]] bool is_mapped_locked(FrameRange frames) const PW_REQUIRES(lock_);

    SystemWindow& window_;
    Rehoming& rehoming_;
    SystemMappings& mappings_;
    PageAllocator& pages_;
    Diagnostics& diagnostics_;
    Mutex lock_{LockRank::leaf};
    std::map<FrameNumber, Ref<Segment>> devices_ PW_GUARDED_BY(lock_);  // by first frame
    struct Mapping {
        FrameRange frames;
        std::uint64_t length_bytes = 0;
        CachingClass caching = CachingClass::uncached;
    };
    [[nodiscard]] bool conflicts(FrameRange frames, CachingClass caching);
    std::map<std::uint64_t, Mapping> mapped_ PW_GUARDED_BY(lock_);  // by page address
};

}  // namespace pw::mm
