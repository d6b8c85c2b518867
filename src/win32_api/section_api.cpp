// SPDX-License-Identifier: Apache-2.0
// File mappings: creating and opening them. section_view_api.cpp has their views.
#include "win32_api/named_object.h"
#include "win32_api/section_access.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

HANDLE create_mapping(HANDLE file, const SECURITY_ATTRIBUTES* security, ACCESS_MASK access, SectionProtection protection,
                      ULONGLONG maximum_bytes, LPCWSTR name) {
    const bool is_page_file_backed = file == INVALID_HANDLE_VALUE;
    if (is_page_file_backed && maximum_bytes == 0) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(security, name);
    if (!object.is_valid()) return nullptr;
    LARGE_INTEGER size;
    size.QuadPart = static_cast<LONGLONG>(maximum_bytes);
    HANDLE handle = nullptr;
    const NTSTATUS status = NtCreateSection(&handle, access, object.get(), maximum_bytes == 0 ? nullptr : &size,
                                            protection.page_protection, protection.attributes,
                                            is_page_file_backed ? nullptr : file);
    return created_handle(status, handle);
}

}  // namespace

HANDLE WINAPI CreateFileMappingNumaW(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect, DWORD size_high,
                                     DWORD size_low, LPCWSTR name, [[maybe_unused]] DWORD preferred_node) {
    // The node is a hint; all memory is near.
    const SectionProtection protection = section_protection(protect);
    const ULONGLONG size = static_cast<ULONGLONG>(size_high) << 32 | size_low;
    return create_mapping(file, security, section_access(protection.page_protection), protection, size, name);
}

HANDLE WINAPI CreateFileMappingNumaA(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect, DWORD size_high,
                                     DWORD size_low, LPCSTR name, DWORD preferred_node) {
    return CreateFileMappingNumaW(file, security, protect, size_high, size_low, WideArgument(name), preferred_node);
}

HANDLE WINAPI CreateFileMappingW(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect, DWORD size_high,
                                 DWORD size_low, LPCWSTR name) {
    return CreateFileMappingNumaW(file, security, protect, size_high, size_low, name, NUMA_NO_PREFERRED_NODE);
}

HANDLE WINAPI CreateFileMappingA(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect, DWORD size_high,
                                 DWORD size_low, LPCSTR name) {
    return CreateFileMappingW(file, security, protect, size_high, size_low, WideArgument(name));
}

HANDLE WINAPI CreateFileMappingFromApp(HANDLE file, PSECURITY_ATTRIBUTES security, ULONG protect, ULONG64 maximum_bytes,
                                       PCWSTR name) {
    const SectionProtection protection = section_protection(protect);
    return create_mapping(file, security, section_access(protection.page_protection), protection, maximum_bytes, name);
}

HANDLE WINAPI CreateFileMapping2(HANDLE file, SECURITY_ATTRIBUTES* security, ULONG access, ULONG page_protection,
                                 ULONG allocation_attributes, ULONG64 maximum_bytes, PCWSTR name,
                                 [[maybe_unused]] MEM_EXTENDED_PARAMETER* parameters, ULONG parameter_count) {
    if (parameter_count != 0) {
        fail(ERROR_NOT_SUPPORTED);
        return nullptr;
    }
    const SectionProtection protection = {page_protection, allocation_attributes == 0 ? SEC_COMMIT : allocation_attributes};
    return create_mapping(file, security, open_section_access(access), protection, maximum_bytes, name);
}

HANDLE WINAPI OpenFileMappingW(DWORD access, BOOL inherit, LPCWSTR name) {
    if (name == nullptr) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    NamedObject object(inherit, name);
    if (!object.is_valid()) return nullptr;
    HANDLE handle = nullptr;
    const NTSTATUS status = NtOpenSection(&handle, open_section_access(access), object.get());
    return opened_handle(status, handle);
}

HANDLE WINAPI OpenFileMappingA(DWORD access, BOOL inherit, LPCSTR name) {
    return OpenFileMappingW(access, inherit, WideArgument(name));
}
