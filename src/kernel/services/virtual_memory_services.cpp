// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/virtual_memory_services.h"

#include <algorithm>
#include <memory>

#include "kernel/services/section_services.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK process_vm_operation = 0x0008;
constexpr ACCESS_MASK process_vm_read = 0x0010;
constexpr ACCESS_MASK process_vm_write = 0x0020;
constexpr ULONG lock_in_working_set = 1;
constexpr ULONG lock_in_memory = 2;
constexpr std::size_t chunk_bytes = 64 * 1024;

Status check_map_type(ULONG map_type) {
    if (map_type == 0 || (map_type & ~(lock_in_working_set | lock_in_memory)) != 0) return STATUS_INVALID_PARAMETER;
    // "Into memory" needs SeLockMemoryPrivilege, which nobody has here.
    return (map_type & lock_in_memory) != 0 ? STATUS_PRIVILEGE_NOT_HELD : STATUS_SUCCESS;
}

mm::AddressSpace& space_of(const ProcessMemory& memory) {
    return memory.space ? *memory.space : memory.process->address_space();
}

// One process's bytes to another's, through memory of ours: neither can change them on the way.
Status copy_between(const Caller& caller, const ProcessMemory& other, std::uint64_t base, std::uint64_t buffer,
                    std::uint64_t length_bytes, bool reads, std::uint64_t* done_bytes) {
    mm::UserMemory& memory = caller.kernel.memory().user_memory();
    mm::AddressSpace& own = caller.thread.process().address_space();
    mm::AddressSpace& space = space_of(other);
    // A process reaches all of its own memory, another's as far as it is shared with this kernel.
    const bool is_own = &space == &own;
    const auto fetch = [&](void* target, std::uint64_t address, std::size_t bytes) {
        return is_own ? memory.copy_from_user(own, target, address, bytes)
                      : memory.copy_from_region(space, target, address, bytes);
    };
    const auto store = [&](std::uint64_t address, const void* source, std::size_t bytes) {
        return is_own ? memory.copy_to_user(own, address, source, bytes) : memory.copy_to_region(space, address, source, bytes);
    };
    std::uint64_t end = 0;
    if (!checked_add(base, length_bytes, &end) || !checked_add(buffer, length_bytes, &end)) return STATUS_ACCESS_VIOLATION;
    const auto chunk = std::make_unique<std::byte[]>(chunk_bytes);
    while (*done_bytes < length_bytes) {
        if (caller.thread.process().state() != ps::ProcessState::alive) return STATUS_PROCESS_IS_TERMINATING;
        // Up to a page boundary of the other side, so that what is accessible is copied before what is not.
        const std::uint64_t at = base + *done_bytes;
        const std::uint64_t to_boundary = page_size_bytes - (at & (page_size_bytes - 1));
        std::uint64_t part = std::min<std::uint64_t>(length_bytes - *done_bytes, chunk_bytes - page_size_bytes + to_boundary);
        if (const auto there = [&] {
                return reads ? fetch(chunk.get(), at, part)
                             : memory.copy_from_user(own, chunk.get(), buffer + *done_bytes, part);
            }();
            there.is_failure()) {
            if (!reads) return there;
            if (part <= to_boundary) return STATUS_PARTIAL_COPY;
            part = to_boundary;
            if (fetch(chunk.get(), at, part).is_failure()) return STATUS_PARTIAL_COPY;
        }
        if (reads) {
            PW_TRY(memory.copy_to_user(own, buffer + *done_bytes, chunk.get(), part));
        } else if (store(at, chunk.get(), part).is_failure()) {
            if (part <= to_boundary || store(at, chunk.get(), to_boundary).is_failure()) {
                return STATUS_PARTIAL_COPY;
            }
            part = to_boundary;
        }
        *done_bytes += part;
    }
    return STATUS_SUCCESS;
}

}  // namespace

Status flush_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t* base, std::uint64_t* region_bytes) {
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process, process_vm_operation));
    return space_of(target).flush(base, region_bytes);
}

Status lock_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t* base, std::uint64_t* region_bytes,
                           ULONG map_type) {
    PW_TRY(check_map_type(map_type));
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process, process_vm_operation));
    return space_of(target).lock_pages(base, region_bytes);
}

Status unlock_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t* base, std::uint64_t* region_bytes,
                             ULONG map_type) {
    PW_TRY(check_map_type(map_type));
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process, process_vm_operation));
    return space_of(target).unlock_pages(base, region_bytes);
}

Status read_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t base, std::uint64_t buffer,
                           std::uint64_t length_bytes, std::uint64_t* done_bytes) {
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process, process_vm_read));
    return copy_between(caller, target, base, buffer, length_bytes, true, done_bytes);
}

Status write_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t base, std::uint64_t buffer,
                            std::uint64_t length_bytes, std::uint64_t* done_bytes) {
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process, process_vm_write | process_vm_operation));
    return copy_between(caller, target, base, buffer, length_bytes, false, done_bytes);
}

}  // namespace pw::nt
