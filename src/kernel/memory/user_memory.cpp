// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/user_memory.h"

#include <ntstatus.h>

#include <array>
#include <cstring>

#include "exceptions/exceptions.h"
#include "kernel/memory/system_ranges.h"
#include "kernel/memory/user_snapshots.h"

namespace pw::mm {

using platform::PageAccess;

namespace {

constexpr std::size_t max_runs = 4;

// The first few runs behind a range, with references, so that the copy happens without the address space's lock.
struct Runs {
    struct Run {
        Ref<Segment> segment;
        std::uint64_t first_page = 0;
        std::uint64_t pages = 0;
    };
    std::array<Run, max_runs> runs;
    std::size_t count = 0;
};

void copy(void* kernel_side, std::uint64_t shared_side, std::size_t bytes, bool to_user) {
#ifdef __SANITIZE_THREAD__  // others may write there meanwhile, and may: the sanitizer does not look into this copy
    void* const shared = reinterpret_cast<void*>(shared_side);
    static_cast<void>(to_user ? pw_guarded_copy(shared, kernel_side, bytes, nullptr) : pw_guarded_copy(kernel_side, shared, bytes, nullptr));
    return;
#endif
    if (to_user) std::memcpy(reinterpret_cast<void*>(shared_side), kernel_side, bytes);
    else std::memcpy(kernel_side, reinterpret_cast<const void*>(shared_side), bytes);
}

Status guarded_copy(void* kernel_side, std::uint64_t user_side, std::size_t bytes, bool to_user) {
    void* const user = reinterpret_cast<void*>(user_side);
    const std::size_t left = to_user ? pw_guarded_copy(user, kernel_side, bytes, nullptr)
                                     : pw_guarded_copy(kernel_side, user, bytes, nullptr);
    return left == 0 ? Status() : Status(STATUS_ACCESS_VIOLATION);
}

}  // namespace

bool UserMemory::is_user_range(std::uint64_t address, std::uint64_t bytes) const {
    if (address >= user_address_end || bytes > user_address_end - address) return false;  // also what wraps
    return !system_ranges_.overlaps(address, bytes);
}

Status UserMemory::copy_from_user(AddressSpace& space, void* destination, std::uint64_t source, std::size_t bytes,
                                  BounceReason reason) {
    return transfer(space, destination, source, bytes, false, reason);
}

Status UserMemory::copy_to_user(AddressSpace& space, std::uint64_t destination, const void* source, std::size_t bytes,
                                BounceReason reason) {
    return transfer(space, const_cast<void*>(source), destination, bytes, true, reason);
}

Status UserMemory::copy_from_region(AddressSpace& space, void* destination, std::uint64_t source, std::size_t bytes) {
    return transfer(space, destination, source, bytes, false, BounceReason::system_call_argument, true);
}

Status UserMemory::copy_to_region(AddressSpace& space, std::uint64_t destination, const void* source, std::size_t bytes) {
    return transfer(space, const_cast<void*>(source), destination, bytes, true, BounceReason::system_call_argument, true);
}

Status UserMemory::transfer(AddressSpace& space, void* kernel_side, std::uint64_t user_side, std::size_t bytes,
                            bool to_user, BounceReason reason, bool regions_only) {
    if (bytes == 0) return {};
    if (!is_user_range(user_side, bytes)) return STATUS_ACCESS_VIOLATION;
    const PageAccess wanted = to_user ? PageAccess::write : PageAccess::read;
    char* cursor = static_cast<char*>(kernel_side);
    while (bytes != 0) {
        Runs found;
        const Status status = space.resolve(user_side, bytes, wanted, [&found](const ResolvedRun& run) {
            if (found.count == max_runs) return;
            found.runs[found.count++] = {Ref<Segment>(run.segment), run.first_page, run.pages};
        });
        if (status == Status(STATUS_NOT_FOUND)) {
            if (space.is_embedded()) return guarded_copy(cursor, user_side, bytes, to_user);
            ClientMemory* const client = space.client_memory();
            if (client == nullptr || regions_only) return STATUS_ACCESS_VIOLATION;
            PW_TRY(client->check(user_side, bytes, wanted));
            bounces_.count(reason, bytes);
            return to_user ? client->write(user_side, cursor, bytes) : client->read(cursor, user_side, bytes);
        }
        PW_TRY(status);
        for (std::size_t i = 0; i < found.count && bytes != 0; ++i) {
            Runs::Run& run = found.runs[i];
            PW_TRY_ASSIGN(const FrameNumber first, run.segment->ensure_window());
            static_cast<void>(first);
            const std::uint64_t offset = user_side & (page_size_bytes - 1);
            const std::uint64_t shared = run.segment->window_address() + (run.first_page << page_shift) + offset;
            std::size_t part = (run.pages << page_shift) - offset;
            if (part > bytes) part = bytes;
            // A file can be truncated at any time; nothing else behind a region can go away.
            if (run.segment->kind() == SegmentKind::file) {
                if (guarded_copy(cursor, shared, part, to_user).is_failure()) return STATUS_IN_PAGE_ERROR;
            } else {
                copy(cursor, shared, part, to_user);
            }
            cursor += part;
            user_side += part;
            bytes -= part;
        }
    }
    return {};
}

Status UserMemory::probe(AddressSpace& space, std::uint64_t address, std::size_t bytes, std::uint32_t alignment,
                         bool write) {
    if (bytes == 0) return {};
    if (alignment != 0 && (address & (alignment - 1)) != 0) return STATUS_DATATYPE_MISALIGNMENT;
    if (!is_user_range(address, bytes)) return STATUS_ACCESS_VIOLATION;
    // A driver that probes goes on to use the address itself. Outside the slot the host's own memory may lie there: the
    // address is good only where the host shows this very process's memory.
    if (!space.is_embedded() && !(space.in_slot(address) && space.in_slot(address + bytes - 1))) {
        if (space.lease(address, bytes, write)) return {};
        UserSnapshots::Holder* const holder = snapshots_.holder_for(space);
        return holder ? snapshots_.lease(*holder, space, address, bytes, write) : Status(STATUS_ACCESS_VIOLATION);
    }
    return write ? check_writable(space, address, bytes) : Status();
}

bool UserMemory::resolve_fault(AddressSpace& space, std::uint64_t address, bool write) {
    if (space.is_embedded() || space.in_slot(address) || !is_user_range(address, 1)) return false;
    if (space.lease(address, 1, write)) return platform::is_accessible(address, 1, write);
    UserSnapshots::Holder* const holder = snapshots_.holder_for(space);
    return holder && snapshots_.resolve_fault(*holder, space, address, write);
}

Status UserMemory::check_writable(AddressSpace& space, std::uint64_t address, std::size_t bytes) {
    if (!is_user_range(address, bytes)) return STATUS_ACCESS_VIOLATION;
    const Status status = space.resolve(address, bytes, PageAccess::write, [](const ResolvedRun&) {});
    if (status != Status(STATUS_NOT_FOUND)) return status;
    if (space.is_embedded()) {
        return platform::is_accessible(address, bytes, true) ? Status() : Status(STATUS_ACCESS_VIOLATION);
    }
    ClientMemory* const client = space.client_memory();
    return client == nullptr ? Status(STATUS_ACCESS_VIOLATION) : client->check(address, bytes, PageAccess::write);
}

}  // namespace pw::mm
