// SPDX-License-Identifier: Apache-2.0
// What is asked of and told to an open file beside its data.
#include "win32_api/system_call.h"

using namespace pw::win32;

namespace {

template <typename In>
NTSTATUS information(HANDLE file, PIO_STATUS_BLOCK status_block, PVOID buffer, ULONG length_bytes, ULONG information_class) {
    SystemCall<In> call;
    if (!call.has_port()) return no_port_status().code();
    if (!probe_result(status_block)) return STATUS_ACCESS_VIOLATION;
    call.in.file = wire_handle(file);
    call.in.buffer = wire_address(buffer);
    call.in.length_bytes = length_bytes;
    call.in.information_class = information_class;
    const NTSTATUS status = call.invoke();
    return store_status_block(status_block, call.out.block) ? status : STATUS_ACCESS_VIOLATION;
}

}  // namespace

NTSTATUS NTAPI NtQueryInformationFile(HANDLE file, PIO_STATUS_BLOCK status_block, PVOID buffer, ULONG length_bytes,
                                      FILE_INFORMATION_CLASS information_class) {
    return information<pw::nt::NtQueryInformationFileIn>(file, status_block, buffer, length_bytes, information_class);
}

NTSTATUS NTAPI NtSetInformationFile(HANDLE file, PIO_STATUS_BLOCK status_block, PVOID buffer, ULONG length_bytes,
                                    FILE_INFORMATION_CLASS information_class) {
    return information<pw::nt::NtSetInformationFileIn>(file, status_block, buffer, length_bytes, information_class);
}

NTSTATUS NTAPI NtQueryVolumeInformationFile(HANDLE file, PIO_STATUS_BLOCK status_block, PVOID buffer, ULONG length_bytes,
                                            FS_INFORMATION_CLASS information_class) {
    return information<pw::nt::NtQueryVolumeInformationFileIn>(file, status_block, buffer, length_bytes, information_class);
}

NTSTATUS NTAPI NtFlushBuffersFile(HANDLE file, PIO_STATUS_BLOCK status_block) {
    PW_SYSTEM_CALL(NtFlushBuffersFile);
    if (!probe_result(status_block)) return STATUS_ACCESS_VIOLATION;
    call.in.file = wire_handle(file);
    const NTSTATUS status = call.invoke();
    return store_status_block(status_block, call.out.block) ? status : STATUS_ACCESS_VIOLATION;
}
