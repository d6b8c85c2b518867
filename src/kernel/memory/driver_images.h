// SPDX-License-Identifier: Apache-2.0
// DriverImages: loaded drivers: system memory, whose writable data lies in segments so that it can be shared.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/memory/rehoming.h"

namespace pw::mm {

class SystemRanges;
class SystemWindow;

struct WritableRange {
    std::uint64_t base = 0;
    std::uint64_t length_bytes = 0;
};

class DriverImages final : public FrameAliases {
public:
    DriverImages(SystemWindow& window, Rehoming& rehoming, SystemRanges& ranges)
        : window_(window), rehoming_(rehoming), ranges_(ranges) {}
    ~DriverImages() override;

    // See MemoryManager::register_driver_image.
    [[nodiscard]] Status add(std::uint64_t base, std::uint64_t image_bytes, std::span<const WritableRange> writable);
    void remove(std::uint64_t base);
    // The frames of a driver's data at an address, as far as they are consecutive; no pages for anything else.
    [[nodiscard]] FrameRange translate(std::uint64_t address);

    // --- pageable sections: on a system that never pages, locking one is counting. Handles are the image's base.
    // The handle of the image that holds the address, 0 when no driver's does.
    [[nodiscard]] std::uint64_t image_of(std::uint64_t address);
    // False: no such handle.
    [[nodiscard]] bool lock_sections(std::uint64_t handle);
    // False: no such handle, or it was unlocked more often than locked.
    [[nodiscard]] bool unlock_sections(std::uint64_t handle);

    void collect(FrameRange frames, std::vector<FrameAlias>& aliases) override;

private:
    struct Data {
        std::uint64_t image_base = 0;
        Ref<Segment> segment;
        FrameRange frames;
    };

    SystemWindow& window_;
    Rehoming& rehoming_;
    SystemRanges& ranges_;
    Mutex lock_{LockRank::leaf};
    std::map<std::uint64_t, Data> data_ PW_GUARDED_BY(lock_);  // by address
    struct Image {
        std::uint64_t bytes = 0;
        std::uint64_t section_locks = 0;
    };
    std::map<std::uint64_t, Image> images_ PW_GUARDED_BY(lock_);  // by base
};

}  // namespace pw::mm
