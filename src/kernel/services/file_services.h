// SPDX-License-Identifier: Apache-2.0
// Files, devices and handles (NtCreateFile, NtDeviceIoControlFile, NtReadFile, NtWriteFile, NtDuplicateObject).
#pragma once

#include "kernel/services/caller.h"

namespace pw::nt {

struct FileParameters {
    ACCESS_MASK desired_access = 0;
    ULONG file_attributes = 0;
    ULONG share_access = 0;
    ULONG disposition = 0;
    ULONG options = 0;
    io::DeviceObject* device_hint = nullptr;
};
[[nodiscard]] Result<std::uint64_t> create_file(const Caller& caller, const ObjectName& name, const FileParameters& parameters,
                                                IO_STATUS_BLOCK* block);

// Takes handle and event, checks the access that the control code asks for, then IoManager::transfer().
[[nodiscard]] io::TransferResult device_io_control(const Caller& caller, std::uint64_t file, std::uint64_t event,
                                                   io::TransferParameters& parameters);
[[nodiscard]] io::TransferResult read_write_file(const Caller& caller, std::uint64_t file, std::uint64_t event,
                                                 io::TransferParameters& parameters, bool has_byte_offset);
[[nodiscard]] Status cancel_io_file(const Caller& caller, std::uint64_t file, std::uint64_t status_block, bool this_thread_only);

struct DuplicateParameters {
    std::uint64_t source_process = 0;
    std::uint64_t source = 0;
    std::uint64_t target_process = 0;
    ACCESS_MASK access = 0;
    ULONG attributes = 0;
    ULONG options = 0;
};
[[nodiscard]] Result<std::uint64_t> duplicate_object(const Caller& caller, const DuplicateParameters& parameters);

[[nodiscard]] Status query_section(const Caller& caller, std::uint64_t section, std::uint32_t* attributes,
                                   std::uint64_t* maximum_bytes);

// The service control manager by handle.
constexpr ACCESS_MASK scm_right_query = 0x0004;
constexpr ACCESS_MASK scm_right_start = 0x0010;
constexpr ACCESS_MASK scm_right_stop = 0x0020;
constexpr ACCESS_MASK scm_right_delete = 0x00010000;
[[nodiscard]] Result<std::uint64_t> scm_open(const Caller& caller, ACCESS_MASK access);
[[nodiscard]] Result<std::uint64_t> scm_create_service(const Caller& caller, std::uint64_t manager, ACCESS_MASK access,
                                                       const io::NewService& parameters, std::uint32_t* win32_error);
[[nodiscard]] Result<std::uint64_t> scm_open_service(const Caller& caller, std::uint64_t manager, std::u16string_view name,
                                                     ACCESS_MASK access, std::uint32_t* win32_error);

// The system-call dispatcher (dispatch.cpp). Precondition: `frame.in` is the kernel's own copy.
[[nodiscard]] Status dispatch_call(const Caller& caller, CallFrame& frame);

}  // namespace pw::nt
