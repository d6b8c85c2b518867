// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines of files beside their data: information, flush, file-system controls, deletion.
#include <nt/io_inlines.h>
#include <nt/zw.h>

#include "kernel/services/file_information_services.h"
#include "kernel/services/file_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::kernel_caller;

namespace {

constexpr ACCESS_MASK delete_access = 0x00010000;

std::uint64_t value_of(const volatile void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

NTSTATUS finish(const io::TransferResult& result, PIO_STATUS_BLOCK block) {
    if (result.write_status_block) {
        block->Status = result.status;
        block->Information = result.information;
    }
    return result.status;
}

io::TransferParameters parameters(ULONG major, PVOID buffer, ULONG bytes, ULONG information_class) {
    return {.file = {},
            .event = {},
            .mode = KernelMode,
            .major = major,
            .output = {.user_address = value_of(buffer), .length_bytes = bytes},
            .information_class = information_class};
}

}  // namespace

extern "C" {

NTSTATUS NTAPI ZwQueryInformationFile(HANDLE file, PIO_STATUS_BLOCK block, PVOID buffer, ULONG bytes,
                                      FILE_INFORMATION_CLASS information_class) {
    PW_IRQL_LIMIT(ZwQueryInformationFile);
    io::TransferParameters p = parameters(IRP_MJ_QUERY_INFORMATION, buffer, bytes, information_class);
    return finish(nt::query_information_file(kernel_caller(), value_of(file), p), block);
}

NTSTATUS NTAPI ZwSetInformationFile(HANDLE file, PIO_STATUS_BLOCK block, PVOID buffer, ULONG bytes,
                                    FILE_INFORMATION_CLASS information_class) {
    PW_IRQL_LIMIT(ZwSetInformationFile);
    io::TransferParameters p = parameters(IRP_MJ_SET_INFORMATION, buffer, bytes, information_class);
    return finish(nt::set_information_file(kernel_caller(), value_of(file), p), block);
}

NTSTATUS NTAPI ZwQueryVolumeInformationFile(HANDLE file, PIO_STATUS_BLOCK block, PVOID buffer, ULONG bytes,
                                            FS_INFORMATION_CLASS information_class) {
    PW_IRQL_LIMIT(ZwQueryVolumeInformationFile);
    io::TransferParameters p = parameters(IRP_MJ_QUERY_VOLUME_INFORMATION, buffer, bytes, information_class);
    return finish(nt::query_information_file(kernel_caller(), value_of(file), p), block);
}

NTSTATUS NTAPI ZwFlushBuffersFile(HANDLE file, PIO_STATUS_BLOCK block) {
    PW_IRQL_LIMIT(ZwFlushBuffersFile);
    return finish(nt::flush_buffers_file(kernel_caller(), value_of(file)), block);
}

NTSTATUS NTAPI ZwFsControlFile(HANDLE file, HANDLE event, PIO_APC_ROUTINE, PVOID context, PIO_STATUS_BLOCK block, ULONG code,
                               PVOID input, ULONG input_bytes, PVOID output, ULONG output_bytes) {
    PW_IRQL_LIMIT(ZwFsControlFile);
    io::TransferParameters p = parameters(IRP_MJ_FILE_SYSTEM_CONTROL, output, output_bytes, 0);
    p.status_block = value_of(block);
    p.apc_context = value_of(context);
    p.code = code;
    p.input = value_of(input);
    p.input_bytes = input_bytes;
    return finish(nt::device_io_control(kernel_caller(), value_of(file), value_of(event), p), block);
}

// "Opens the file with FILE_DELETE_ON_CLOSE and closes it": the driver deletes it with the last handle.
NTSTATUS NTAPI ZwDeleteFile(POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwDeleteFile);
    HANDLE file = nullptr;
    IO_STATUS_BLOCK block = {};
    const NTSTATUS status = ZwCreateFile(&file, delete_access, attributes, &block, nullptr, 0,
                                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, FILE_OPEN,
                                         FILE_DELETE_ON_CLOSE, nullptr, 0);
    return NT_SUCCESS(status) ? ZwClose(file) : status;
}

NTSTATUS NTAPI IoQueryFileInformation(PFILE_OBJECT file, FILE_INFORMATION_CLASS information_class, ULONG bytes, PVOID buffer,
                                      PULONG returned) {
    PW_IRQL_LIMIT(IoQueryFileInformation);
    io::TransferParameters p = parameters(IRP_MJ_QUERY_INFORMATION, buffer, bytes, information_class);
    const io::TransferResult result = nt::query_file_object(kernel_caller(), *io::FileObject::from_nt(file), p);
    if (result.write_status_block) *returned = static_cast<ULONG>(result.information);
    return result.status;
}

}  // extern "C"
