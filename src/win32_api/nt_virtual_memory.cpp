// SPDX-License-Identifier: Apache-2.0
// Locking, flushing, extending; reading and writing another process's memory.
#include "win32_api/memory_region.h"
#include "win32_api/system_call.h"

using namespace pw::win32;

NTSTATUS NTAPI NtExtendSection(HANDLE section, PLARGE_INTEGER new_size) {
    PW_SYSTEM_CALL(NtExtendSection);
    LARGE_INTEGER size{};
    if (!probe_result(new_size) || !read_user(new_size, &size)) return STATUS_ACCESS_VIOLATION;
    if (size.QuadPart < 0) return STATUS_INVALID_PARAMETER_2;
    call.in.section = wire_handle(section);
    call.in.size_bytes = static_cast<std::uint64_t>(size.QuadPart);
    const NTSTATUS status = call.invoke();
    if (!NT_SUCCESS(status)) return status;
    size.QuadPart = static_cast<LONGLONG>(call.out.size_bytes);
    return write_user(new_size, size) ? status : STATUS_ACCESS_VIOLATION;
}

NTSTATUS NTAPI NtFlushVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, PIO_STATUS_BLOCK block) {
    PW_SYSTEM_CALL(NtFlushVirtualMemory);
    Region region;
    PW_NT_TRY(take_region(base, region_bytes, &region));
    if (!probe_result(block)) return STATUS_ACCESS_VIOLATION;
    call.in.process = wire_handle(process);
    call.in.base = wire_address(region.base);
    call.in.region_bytes = region.length_bytes;
    const NTSTATUS status = store_region(call.invoke(), call.out, base, region_bytes);
    IO_STATUS_BLOCK result{};
    result.Status = status;
    return write_user(block, result) ? status : STATUS_ACCESS_VIOLATION;
}

NTSTATUS NTAPI NtLockVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, ULONG map_type) {
    PW_SYSTEM_CALL(NtLockVirtualMemory);
    Region region;
    PW_NT_TRY(take_region(base, region_bytes, &region));
    call.in.process = wire_handle(process);
    call.in.base = wire_address(region.base);
    call.in.region_bytes = region.length_bytes;
    call.in.map_type = map_type;
    const NTSTATUS status = call.invoke();
    return store_region(status, call.out, base, region_bytes);
}

NTSTATUS NTAPI NtUnlockVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, ULONG map_type) {
    PW_SYSTEM_CALL(NtUnlockVirtualMemory);
    Region region;
    PW_NT_TRY(take_region(base, region_bytes, &region));
    call.in.process = wire_handle(process);
    call.in.base = wire_address(region.base);
    call.in.region_bytes = region.length_bytes;
    call.in.map_type = map_type;
    const NTSTATUS status = call.invoke();
    return store_region(status, call.out, base, region_bytes);
}

NTSTATUS NTAPI NtReadVirtualMemory(HANDLE process, PVOID base, PVOID buffer, SIZE_T length_bytes, PSIZE_T done_bytes) {
    PW_SYSTEM_CALL(NtReadVirtualMemory);
    if (done_bytes != nullptr && !probe_result(done_bytes)) return STATUS_ACCESS_VIOLATION;
    call.in.process = wire_handle(process);
    call.in.base = wire_address(base);
    call.in.buffer = wire_address(buffer);
    call.in.length_bytes = length_bytes;
    const NTSTATUS status = call.invoke();
    return write_optional(done_bytes, SIZE_T{call.out.done_bytes}) ? status : STATUS_ACCESS_VIOLATION;
}

NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE process, PVOID base, PVOID buffer, SIZE_T length_bytes, PSIZE_T done_bytes) {
    PW_SYSTEM_CALL(NtWriteVirtualMemory);
    if (done_bytes != nullptr && !probe_result(done_bytes)) return STATUS_ACCESS_VIOLATION;
    call.in.process = wire_handle(process);
    call.in.base = wire_address(base);
    call.in.buffer = wire_address(buffer);
    call.in.length_bytes = length_bytes;
    const NTSTATUS status = call.invoke();
    return write_optional(done_bytes, SIZE_T{call.out.done_bytes}) ? status : STATUS_ACCESS_VIOLATION;
}
