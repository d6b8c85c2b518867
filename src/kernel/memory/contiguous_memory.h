// SPDX-License-Identifier: Apache-2.0
// ContiguousMemory: memory with consecutive frames below a limit (MmAllocateContiguousMemory and its siblings).
#pragma once

#include <cstdint>

#include "base/result.h"

namespace pw::mm {

class Diagnostics;
class PageAllocator;
class SystemWindow;

class ContiguousMemory {
public:
    ContiguousMemory(SystemWindow& window, PageAllocator& pages, Diagnostics& diagnostics)
        : window_(window), pages_(pages), diagnostics_(diagnostics) {}

    // Byte limits as physical addresses, `highest` inclusive; `boundary` 0 or a power of two that the block does not
    // cross. Page-aligned; nullptr when there is no such range or memory is short. Zeroed, as an NT driver must not rely on.
    // `caching`: as in FrameInfo.
    [[nodiscard]] void* allocate(std::uint64_t bytes, std::uint64_t lowest, std::uint64_t highest,
                                 std::uint64_t boundary, std::uint8_t caching = 0);
    // Anything else than a base that allocate() returned is a bug check.
    void free(void* base);

private:
    SystemWindow& window_;
    PageAllocator& pages_;
    Diagnostics& diagnostics_;
};

}  // namespace pw::mm
