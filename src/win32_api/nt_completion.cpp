// SPDX-License-Identifier: Apache-2.0
// Completion ports, NtCancelSynchronousIoFile.
#include <algorithm>
#include <cstring>

#include "win32_api/system_call.h"

using namespace pw::win32;

namespace {

// As many packets as a reply holds.
constexpr ULONG max_packets_per_call = 64;

}  // namespace

NTSTATUS NTAPI NtCreateIoCompletion(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object, ULONG concurrency) {
    PW_SYSTEM_CALL(NtCreateIoCompletion);
    if (!probe_result(handle)) return STATUS_ACCESS_VIOLATION;
    call.in.desired_access = desired_access;
    call.in.concurrency = concurrency;
    PW_NT_TRY(call.payload.add_object(object, &call.in.object));
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status) && !write_user(handle, handle_of(call.out.handle))) return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NTAPI NtSetIoCompletion(HANDLE port, PVOID key, PVOID apc_context, NTSTATUS io_status, ULONG_PTR information) {
    PW_SYSTEM_CALL(NtSetIoCompletion);
    call.in.port = wire_handle(port);
    call.in.key = reinterpret_cast<std::uint64_t>(key);
    call.in.apc_context = reinterpret_cast<std::uint64_t>(apc_context);
    call.in.status = io_status;
    call.in.information = information;
    return call.invoke();
}

NTSTATUS NTAPI NtRemoveIoCompletionEx(HANDLE port, PFILE_IO_COMPLETION_INFORMATION packets, ULONG count, PULONG removed,
                                      PLARGE_INTEGER timeout, BOOLEAN alertable) {
    PW_SYSTEM_CALL(NtRemoveIoCompletionEx);
    if (count == 0) return STATUS_INVALID_PARAMETER;
    if (!probe_result(packets) || !probe_result(removed)) return STATUS_ACCESS_VIOLATION;
    const ULONG most = std::min(count, max_packets_per_call);
    if (!probe_result(packets + (most - 1))) return STATUS_ACCESS_VIOLATION;  // a packet that is taken must not be lost
    call.in.port = wire_handle(port);
    call.in.count = most;
    call.in.alertable = wire_bool(alertable);
    PW_NT_TRY(take_timeout(timeout, &call.in.timeout));
    const NTSTATUS status = call.invoke();
    const ULONG taken = std::min({call.out.removed, most, static_cast<ULONG>(call.reply().size() / sizeof(pw::nt::WirePacket))});
    static_assert(sizeof(FILE_IO_COMPLETION_INFORMATION) == sizeof(pw::nt::WirePacket));
    if (taken != 0 && pw_guarded_copy(packets, call.reply().data(), taken * sizeof *packets, nullptr) != 0) {
        return STATUS_ACCESS_VIOLATION;
    }
    if (!write_user(removed, taken)) return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NTAPI NtRemoveIoCompletion(HANDLE port, PVOID* key, PVOID* apc_context, PIO_STATUS_BLOCK block,
                                    PLARGE_INTEGER timeout) {
    if (!probe_result(key) || !probe_result(apc_context) || !probe_result(block)) return STATUS_ACCESS_VIOLATION;
    FILE_IO_COMPLETION_INFORMATION packet{};
    ULONG removed = 0;
    const NTSTATUS status = NtRemoveIoCompletionEx(port, &packet, 1, &removed, timeout, FALSE);
    if (status != STATUS_SUCCESS) return status;
    const bool stored = write_user(key, packet.KeyContext) && write_user(apc_context, packet.ApcContext) &&
                        write_user(block, packet.IoStatusBlock);
    return stored ? status : STATUS_ACCESS_VIOLATION;
}

NTSTATUS NTAPI NtCancelSynchronousIoFile(HANDLE thread, PIO_STATUS_BLOCK request, PIO_STATUS_BLOCK block) {
    PW_SYSTEM_CALL(NtCancelSynchronousIoFile);
    if (!probe_result(block)) return STATUS_ACCESS_VIOLATION;
    call.in.thread = wire_handle(thread);
    call.in.status_block = wire_address(request);
    const NTSTATUS status = call.invoke();
    IO_STATUS_BLOCK result{};
    result.Status = status;
    return write_user(block, result) ? status : STATUS_ACCESS_VIOLATION;
}
