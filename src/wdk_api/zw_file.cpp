// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines of files and drivers.
#include <nt/zw.h>

#include "kernel/services/file_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::kernel_caller;

namespace {

std::uint64_t value_of(HANDLE handle) { return reinterpret_cast<std::uint64_t>(handle); }

NTSTATUS create(PHANDLE handle, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK block, const nt::FileParameters& parameters) {
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    auto file = nt::create_file(caller, *name, parameters, block);
    if (!file) return file.status().code();
    *handle = reinterpret_cast<HANDLE>(*file);
    return STATUS_SUCCESS;
}

NTSTATUS finish(const io::TransferResult& result, PIO_STATUS_BLOCK block) {
    if (result.write_status_block) {
        block->Status = result.status;
        block->Information = result.information;
    }
    return result.status;
}

NTSTATUS transfer(ULONG major, HANDLE file, HANDLE event, PVOID apc_context, PIO_STATUS_BLOCK block, PVOID buffer,
                  ULONG length_bytes, PLARGE_INTEGER byte_offset, PULONG key) {
    io::TransferParameters p{.file = {},
                             .event = {},
                             .status_block = reinterpret_cast<std::uint64_t>(block),
                             .apc_context = reinterpret_cast<std::uint64_t>(apc_context),
                             .mode = KernelMode,
                             .major = major,
                             .output = {.user_address = reinterpret_cast<std::uint64_t>(buffer), .length_bytes = length_bytes},
                             .key = key ? *key : 0};
    if (byte_offset) p.byte_offset = *byte_offset;
    return finish(nt::read_write_file(kernel_caller(), value_of(file), value_of(event), p, byte_offset != nullptr), block);
}

}  // namespace

extern "C" {

NTSTATUS NTAPI ZwCreateFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK block,
                            PLARGE_INTEGER, ULONG file_attributes, ULONG share_access, ULONG disposition, ULONG options,
                            PVOID, ULONG) {
    PW_IRQL_LIMIT(ZwCreateFile);
    return create(handle, attributes, block,
                  {.desired_access = access,
                   .file_attributes = file_attributes,
                   .share_access = share_access,
                   .disposition = disposition,
                   .options = options});
}

NTSTATUS NTAPI ZwOpenFile(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK block,
                          ULONG share_access, ULONG options) {
    PW_IRQL_LIMIT(ZwOpenFile);
    return create(handle, attributes, block,
                  {.desired_access = access, .share_access = share_access, .disposition = FILE_OPEN, .options = options});
}

NTSTATUS NTAPI ZwReadFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE, PVOID context, PIO_STATUS_BLOCK block, PVOID buffer,
                          ULONG length, PLARGE_INTEGER offset, PULONG key) {
    PW_IRQL_LIMIT(ZwReadFile);
    return transfer(IRP_MJ_READ, file, event, context, block, buffer, length, offset, key);
}

NTSTATUS NTAPI ZwWriteFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE, PVOID context, PIO_STATUS_BLOCK block, PVOID buffer,
                           ULONG length, PLARGE_INTEGER offset, PULONG key) {
    PW_IRQL_LIMIT(ZwWriteFile);
    return transfer(IRP_MJ_WRITE, file, event, context, block, buffer, length, offset, key);
}

NTSTATUS NTAPI ZwDeviceIoControlFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE, PVOID context, PIO_STATUS_BLOCK block,
                                     ULONG code, PVOID input, ULONG input_bytes, PVOID output, ULONG output_bytes) {
    PW_IRQL_LIMIT(ZwDeviceIoControlFile);
    io::TransferParameters p{
        .file = {},
        .event = {},
        .status_block = reinterpret_cast<std::uint64_t>(block),
        .apc_context = reinterpret_cast<std::uint64_t>(context),
        .mode = KernelMode,
        .major = IRP_MJ_DEVICE_CONTROL,
        .code = code,
        .input = reinterpret_cast<std::uint64_t>(input),
        .input_bytes = input_bytes,
        .output = {.user_address = reinterpret_cast<std::uint64_t>(output), .length_bytes = output_bytes}};
    return finish(nt::device_io_control(kernel_caller(), value_of(file), value_of(event), p), block);
}

NTSTATUS NTAPI ZwLoadDriver(PUNICODE_STRING service) {
    PW_IRQL_LIMIT(ZwLoadDriver);
    return wdk::current_kernel().service_control().load_registered(wdk::text_of(service)).code();
}

NTSTATUS NTAPI ZwUnloadDriver(PUNICODE_STRING service) {
    PW_IRQL_LIMIT(ZwUnloadDriver);
    return wdk::current_kernel().service_control().unload_registered(wdk::text_of(service)).code();
}

}  // extern "C"
