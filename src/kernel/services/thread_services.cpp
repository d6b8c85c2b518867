// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/thread_services.h"

#include "kernel/memory/segment.h"

namespace pw::nt {

Status create_thread(const Caller& caller, ACCESS_MASK access, std::uint64_t* handle, std::uint64_t* token,
                     std::uint32_t* thread_id) {
    Ref<ps::Thread> thread;
    PW_TRY_ASSIGN(*token, caller.kernel.announce_thread(caller.thread.process(), &thread));
    PW_TRY_ASSIGN(*handle, caller.open_handle(*thread, ob::map_access(ob::thread_type, access), 0));
    *thread_id = thread->id();
    return STATUS_SUCCESS;
}

Status adopt_memory(const Caller& caller, std::uint64_t base, std::uint64_t region_bytes, ULONG protection,
                    std::uint32_t kind) {
    constexpr std::uint64_t most_bytes = std::uint64_t{1} << 32;
    if (!is_aligned(base, page_size_bytes) || !is_aligned(region_bytes, page_size_bytes) || region_bytes == 0 ||
        region_bytes > most_bytes || kind != static_cast<std::uint32_t>(mm::VadKind::image_data)) {
        return STATUS_INVALID_PARAMETER;
    }
    mm::MemoryManager& memory = caller.kernel.memory();
    if (!memory.user_memory().is_user_range(base, region_bytes)) return STATUS_INVALID_PARAMETER;
    PW_TRY_ASSIGN(auto segment, mm::Segment::create(memory.window(), mm::SegmentKind::arena, region_bytes >> page_shift,
                                                    region_bytes >> page_shift));
    segment->set_owner(caller.thread.process().nt());
    const mm::SegmentPiece piece{.segment = segment, .first_page = 0, .pages = region_bytes >> page_shift};
    return caller.thread.process().address_space().adopt(mm::VadKind::image_data, base, protection, piece);
}

}  // namespace pw::nt
