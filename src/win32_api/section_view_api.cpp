// SPDX-License-Identifier: Apache-2.0
// Views of file mappings.
#include "win32_api/section_access.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

struct ViewRequest {
    HANDLE process;
    PVOID base = nullptr;
    ULONGLONG offset_bytes = 0;
    SIZE_T length_bytes = 0;  // 0: to the end of the section
    ULONG allocation_type = 0;
    ULONG protection = 0;
};

PVOID map(HANDLE section, ViewRequest request) {
    LARGE_INTEGER offset;
    offset.QuadPart = static_cast<LONGLONG>(request.offset_bytes);
    const NTSTATUS status =
        NtMapViewOfSection(section, request.process, &request.base, 0, 0, &offset, &request.length_bytes, ViewShare,
                           request.allocation_type, request.protection);
    return bool_of(status) ? request.base : nullptr;
}

}  // namespace

LPVOID WINAPI MapViewOfFileExNuma(HANDLE section, DWORD access, DWORD offset_high, DWORD offset_low, SIZE_T length_bytes,
                                  LPVOID base, [[maybe_unused]] DWORD preferred_node) {
    return map(section, {.process = NtCurrentProcess(),
                         .base = base,
                         .offset_bytes = static_cast<ULONGLONG>(offset_high) << 32 | offset_low,
                         .length_bytes = length_bytes,
                         .allocation_type = view_allocation_type(access),
                         .protection = view_protection(access)});
}

LPVOID WINAPI MapViewOfFileEx(HANDLE section, DWORD access, DWORD offset_high, DWORD offset_low, SIZE_T length_bytes,
                              LPVOID base) {
    return MapViewOfFileExNuma(section, access, offset_high, offset_low, length_bytes, base, NUMA_NO_PREFERRED_NODE);
}

LPVOID WINAPI MapViewOfFile(HANDLE section, DWORD access, DWORD offset_high, DWORD offset_low, SIZE_T length_bytes) {
    return MapViewOfFileEx(section, access, offset_high, offset_low, length_bytes, nullptr);
}

PVOID WINAPI MapViewOfFileFromApp(HANDLE section, ULONG access, ULONG64 offset, SIZE_T length_bytes) {
    return MapViewOfFileEx(section, access, static_cast<DWORD>(offset >> 32), static_cast<DWORD>(offset), length_bytes,
                           nullptr);
}

PVOID WINAPI MapViewOfFileNuma2(HANDLE section, HANDLE process, ULONG64 offset, PVOID base, SIZE_T length_bytes,
                                ULONG allocation_type, ULONG protection, [[maybe_unused]] ULONG preferred_node) {
    return map(section, {.process = process,
                         .base = base,
                         .offset_bytes = offset,
                         .length_bytes = length_bytes,
                         .allocation_type = allocation_type,
                         .protection = protection});
}

PVOID WINAPI MapViewOfFile3(HANDLE section, HANDLE process, PVOID base, ULONG64 offset, SIZE_T length_bytes,
                            ULONG allocation_type, ULONG protection, MEM_EXTENDED_PARAMETER* parameters,
                            ULONG parameter_count) {
    LARGE_INTEGER section_offset;
    section_offset.QuadPart = static_cast<LONGLONG>(offset);
    const NTSTATUS status =
        NtMapViewOfSectionEx(section, process == nullptr ? NtCurrentProcess() : process, &base, &section_offset, &length_bytes,
                             allocation_type, protection, parameters, parameter_count);
    return bool_of(status) ? base : nullptr;
}

BOOL WINAPI UnmapViewOfFile2(HANDLE process, PVOID base, ULONG flags) {
    return bool_of(NtUnmapViewOfSectionEx(process == nullptr ? NtCurrentProcess() : process, base, flags));
}

BOOL WINAPI UnmapViewOfFileEx(PVOID base, ULONG flags) { return UnmapViewOfFile2(NtCurrentProcess(), base, flags); }

BOOL WINAPI UnmapViewOfFile(LPCVOID base) { return UnmapViewOfFile2(NtCurrentProcess(), const_cast<PVOID>(base), 0); }

// Writes a file view's changed pages; a view of the page file has no disk to be written to.
BOOL WINAPI FlushViewOfFile(LPCVOID base, SIZE_T size_bytes) {
    PVOID address = const_cast<PVOID>(base);
    IO_STATUS_BLOCK block{};
    return bool_of(NtFlushVirtualMemory(NtCurrentProcess(), &address, &size_bytes, &block));
}
