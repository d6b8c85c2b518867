// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/memory_copy.h"

#include <ntstatus.h>

#include <algorithm>

#include "base/checked_math.h"
#include "exceptions/exceptions.h"
#include "kernel/memory/io_space.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/memory/system_window.h"

namespace pw::mm {
namespace {

// Page by page, so that what lies before a bad page arrives.
template <typename CopyPart>
Status copy_by_pages(std::uint64_t source, SIZE_T length_bytes, SIZE_T* copied_bytes, CopyPart&& copy_part) {
    while (*copied_bytes < length_bytes) {
        const std::uint64_t at = source + *copied_bytes;
        if (at < source) return STATUS_INVALID_ADDRESS;
        const std::uint64_t left_in_page = page_size_bytes - (at & (page_size_bytes - 1));
        const SIZE_T part = std::min<SIZE_T>(length_bytes - *copied_bytes, left_in_page);
        if (!copy_part(at, *copied_bytes, part)) return STATUS_INVALID_ADDRESS;
        *copied_bytes += part;
    }
    return {};
}

}  // namespace

Status copy_memory(MemoryManager& manager, AddressSpace* space, void* target, MM_COPY_ADDRESS source, SIZE_T length_bytes,
                   ULONG flags, SIZE_T* copied_bytes) {
    *copied_bytes = 0;
    if (flags != MM_COPY_MEMORY_PHYSICAL && flags != MM_COPY_MEMORY_VIRTUAL) return STATUS_INVALID_PARAMETER;
    const auto out = [target](SIZE_T offset) { return static_cast<char*>(target) + offset; };
    if (flags == MM_COPY_MEMORY_PHYSICAL) {
        SystemWindow& window = manager.window();
        return copy_by_pages(static_cast<std::uint64_t>(source.PhysicalAddress.QuadPart), length_bytes, copied_bytes,
                             [&](std::uint64_t at, SIZE_T offset, SIZE_T part) {
                                 const FrameNumber frame = at >> page_shift;
                                 if (!window.has_frame(frame) || window.home_run(frame).pages == 0 ||
                                     manager.io_space().is_device({frame, 1})) {
                                     return false;
                                 }
                                 const auto* from = reinterpret_cast<const char*>(window.base() + at);
                                 return pw_guarded_copy(out(offset), from, part, nullptr) == 0;
                             });
    }
    const auto address = reinterpret_cast<std::uint64_t>(source.VirtualAddress);
    if (manager.is_system_address(address)) {
        return copy_by_pages(address, length_bytes, copied_bytes, [&](std::uint64_t at, SIZE_T offset, SIZE_T part) {
            return manager.is_system_address(at) &&
                   pw_guarded_copy(out(offset), reinterpret_cast<const void*>(at), part, nullptr) == 0;
        });
    }
    if (space == nullptr) return length_bytes == 0 ? Status() : Status(STATUS_INVALID_ADDRESS);
    return copy_by_pages(address, length_bytes, copied_bytes, [&](std::uint64_t at, SIZE_T offset, SIZE_T part) {
        return manager.user_memory().copy_from_user(*space, out(offset), at, part).is_success();
    });
}

}  // namespace pw::mm
