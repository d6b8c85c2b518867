// SPDX-License-Identifier: Apache-2.0
// Files and devices.
#include "win32_api/device_control.h"
#include "win32_api/system_call.h"

using namespace pw::win32;

namespace {

// The two low bits of a control code.
constexpr ULONG transfer_method(ULONG code) { return code & 3u; }
constexpr ULONG method_buffered = 0;
constexpr ULONG method_neither = 3;
// The reply page holds a little more; see docs/wire.md.
constexpr std::uint32_t max_inline_output_bytes = 3072;

// Tries the first and the last byte of a buffer that is shorter than a page, as ProbeForWrite would.
bool is_writable(void* buffer, std::uint32_t length_bytes) {
    if (length_bytes == 0) return true;
    auto* const first = static_cast<std::uint8_t*>(buffer);
    return pw_guarded_touch(first, first + length_bytes - 1) != 0;
}

template <typename In>
NTSTATUS transfer(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc_routine, PVOID apc_context, PIO_STATUS_BLOCK status_block,
                  PVOID buffer, ULONG length_bytes, PLARGE_INTEGER byte_offset, PULONG key) {
    SystemCall<In> call;
    if (!call.has_port()) return no_port_status().code();
    if (!probe_result(status_block)) return STATUS_ACCESS_VIOLATION;
    call.in.file = wire_handle(file);
    call.in.event = wire_handle(event);
    call.in.status_block = wire_address(status_block);
    call.in.apc_routine = wire_address(reinterpret_cast<const void*>(apc_routine));
    call.in.apc_context = wire_address(apc_context);
    call.in.buffer = wire_address(buffer);
    call.in.length_bytes = length_bytes;
    if (byte_offset != nullptr) {
        LARGE_INTEGER offset{};
        if (!read_user(byte_offset, &offset)) return STATUS_ACCESS_VIOLATION;
        call.in.has_byte_offset.value = 1;
        call.in.byte_offset = offset.QuadPart;
    }
    if (key != nullptr) {
        ULONG value = 0;
        if (!read_user(key, &value)) return STATUS_ACCESS_VIOLATION;
        call.in.key = value;
    }
    const NTSTATUS status = call.invoke();
    return store_status_block(status_block, call.out.block) ? status : STATUS_ACCESS_VIOLATION;
}

}  // namespace

NTSTATUS NTAPI NtCreateFile(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object,
                            PIO_STATUS_BLOCK status_block, PLARGE_INTEGER allocation_size, ULONG file_attributes,
                            ULONG share_access, ULONG disposition, ULONG options, PVOID ea_buffer, ULONG ea_bytes) {
    PW_SYSTEM_CALL(NtCreateFile);
    if (!probe_result(handle) || !probe_result(status_block)) return STATUS_ACCESS_VIOLATION;
    // Extended attributes do not travel yet.
    if (ea_buffer != nullptr || ea_bytes != 0) return STATUS_EAS_NOT_SUPPORTED;
    if (object == nullptr) return STATUS_INVALID_PARAMETER;
    if (allocation_size != nullptr) {
        LARGE_INTEGER size{};
        if (!read_user(allocation_size, &size)) return STATUS_ACCESS_VIOLATION;
        call.in.allocation_bytes = static_cast<std::uint64_t>(size.QuadPart);
    }
    call.in.desired_access = desired_access;
    call.in.file_attributes = file_attributes;
    call.in.share_access = share_access;
    call.in.disposition = disposition;
    call.in.options = options;
    PW_NT_TRY(call.payload.add_object(object, &call.in.object));
    const NTSTATUS status = call.invoke();
    if (!store_status_block(status_block, call.out.block)) return STATUS_ACCESS_VIOLATION;
    if (NT_SUCCESS(status) && !write_user(handle, handle_of(call.out.handle))) return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NTAPI NtOpenFile(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object,
                          PIO_STATUS_BLOCK status_block, ULONG share_access, ULONG options) {
    constexpr ULONG file_open = 1;
    return NtCreateFile(handle, desired_access, object, status_block, nullptr, 0, share_access, file_open, options, nullptr, 0);
}

namespace {

// Whose the status block is: a caller's is probed first and written under a guard; a stub's own needs neither.
enum class BlockOwner : std::uint8_t { caller, stub };

template <BlockOwner Owner>
bool store_block(PIO_STATUS_BLOCK target, const pw::nt::WireStatusBlock& block) {
    if constexpr (Owner == BlockOwner::caller) return store_status_block(target, block);
    if (block.written != 0) {
        target->Status = block.status;
        target->Information = block.information;
    }
    return true;
}

// Both kinds of control.
template <typename In, BlockOwner Owner = BlockOwner::caller>
NTSTATUS control(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc_routine, PVOID apc_context, PIO_STATUS_BLOCK status_block,
                 ULONG code, PVOID input, ULONG input_bytes, PVOID output, ULONG output_bytes) {
    SystemCall<In> call;
    if (!call.has_port()) return no_port_status().code();
    if (Owner == BlockOwner::caller && !probe_result(status_block)) return STATUS_ACCESS_VIOLATION;
    call.in.file = wire_handle(file);
    call.in.event = wire_handle(event);
    call.in.status_block = wire_address(status_block);
    call.in.apc_routine = wire_address(reinterpret_cast<const void*>(apc_routine));
    call.in.apc_context = wire_address(apc_context);
    call.in.code = code;
    call.in.input_bytes = input_bytes;
    call.in.input = wire_address(input);
    call.in.output = wire_address(output);
    call.in.output_bytes = output_bytes;
    // The input is buffered for every method but NEITHER; a short one travels with the call. If it cannot be read, the
    // kernel says so, after its other checks.
    // What can be read the second time was a guard page, and the alarm is the call's.
    if (transfer_method(code) != method_neither && input_bytes != 0 && input_bytes <= call.payload.free_bytes()) {
        if (!NT_SUCCESS(call.payload.add(input, input_bytes, &call.in.inline_input)) &&
            NT_SUCCESS(call.payload.add(input, input_bytes, &call.in.inline_input))) {
            return STATUS_GUARD_PAGE_VIOLATION;
        }
    }
    // A short output comes back with the reply. Not when an event or an APC tells others that it is there: they may look
    // before this thread has stored it.
    const bool others_may_look = event != nullptr || apc_routine != nullptr;
    if (transfer_method(code) == method_buffered && !others_may_look && output_bytes <= max_inline_output_bytes) {
        if (is_writable(output, output_bytes)) call.in.inline_output_limit = output_bytes;
        else if (is_writable(output, output_bytes)) return STATUS_GUARD_PAGE_VIOLATION;
    }
    const NTSTATUS status = call.invoke();
    const std::uint32_t inline_bytes = call.out.inline_output_bytes;
    if (inline_bytes != 0) {
        const auto reply = call.reply();
        if (inline_bytes > reply.size() || inline_bytes > output_bytes) return STATUS_INVALID_BUFFER_SIZE;
        if (pw_guarded_copy(output, reply.data(), inline_bytes, nullptr) != 0) {
            pw::nt::WireStatusBlock failed = call.out.block;
            failed.status = STATUS_ACCESS_VIOLATION;
            failed.information = 0;
            static_cast<void>(store_block<Owner>(status_block, failed));
            return STATUS_ACCESS_VIOLATION;
        }
    }
    return store_block<Owner>(status_block, call.out.block) ? status : STATUS_ACCESS_VIOLATION;
}

}  // namespace

NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc_routine, PVOID apc_context,
                                     PIO_STATUS_BLOCK status_block, ULONG code, PVOID input, ULONG input_bytes, PVOID output,
                                     ULONG output_bytes) {
    return control<pw::nt::NtDeviceIoControlFileIn>(file, event, apc_routine, apc_context, status_block, code, input,
                                                    input_bytes, output, output_bytes);
}

NTSTATUS pw::win32::control_device(HANDLE file, ULONG code, PVOID input, ULONG input_bytes, PVOID output, ULONG output_bytes,
                                   IO_STATUS_BLOCK& own_block) {
    return control<pw::nt::NtDeviceIoControlFileIn, BlockOwner::stub>(file, nullptr, nullptr, nullptr, &own_block, code, input,
                                                                      input_bytes, output, output_bytes);
}

NTSTATUS NTAPI NtFsControlFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc_routine, PVOID apc_context,
                               PIO_STATUS_BLOCK status_block, ULONG code, PVOID input, ULONG input_bytes, PVOID output,
                               ULONG output_bytes) {
    return control<pw::nt::NtFsControlFileIn>(file, event, apc_routine, apc_context, status_block, code, input, input_bytes,
                                              output, output_bytes);
}

NTSTATUS NTAPI NtReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc_routine, PVOID apc_context,
                          PIO_STATUS_BLOCK status_block, PVOID buffer, ULONG length_bytes, PLARGE_INTEGER byte_offset,
                          PULONG key) {
    return transfer<pw::nt::NtReadFileIn>(file, event, apc_routine, apc_context, status_block, buffer, length_bytes,
                                          byte_offset, key);
}

NTSTATUS NTAPI NtWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE apc_routine, PVOID apc_context,
                           PIO_STATUS_BLOCK status_block, PVOID buffer, ULONG length_bytes, PLARGE_INTEGER byte_offset,
                           PULONG key) {
    return transfer<pw::nt::NtWriteFileIn>(file, event, apc_routine, apc_context, status_block, buffer, length_bytes,
                                           byte_offset, key);
}

namespace {

NTSTATUS cancel(HANDLE file, PIO_STATUS_BLOCK request, bool this_thread_only, PIO_STATUS_BLOCK status_block) {
    PW_SYSTEM_CALL(NtCancelIoFileEx);
    if (!probe_result(status_block)) return STATUS_ACCESS_VIOLATION;
    call.in.file = wire_handle(file);
    call.in.status_block = wire_address(request);
    call.in.this_thread_only.value = this_thread_only ? 1 : 0;
    const NTSTATUS status = call.invoke();
    IO_STATUS_BLOCK block{};
    block.Status = status;
    return write_user(status_block, block) ? status : STATUS_ACCESS_VIOLATION;
}

}  // namespace

NTSTATUS NTAPI NtCancelIoFile(HANDLE file, PIO_STATUS_BLOCK status_block) { return cancel(file, nullptr, true, status_block); }

NTSTATUS NTAPI NtCancelIoFileEx(HANDLE file, PIO_STATUS_BLOCK request, PIO_STATUS_BLOCK status_block) {
    return cancel(file, request, false, status_block);
}

NTSTATUS NTAPI NtLoadDriver(PUNICODE_STRING service) {
    PW_SYSTEM_CALL(NtLoadDriver);
    PW_NT_TRY(call.payload.add_string(service, &call.in.service));
    return call.invoke();
}

NTSTATUS NTAPI NtUnloadDriver(PUNICODE_STRING service) {
    PW_SYSTEM_CALL(NtUnloadDriver);
    PW_NT_TRY(call.payload.add_string(service, &call.in.service));
    return call.invoke();
}
