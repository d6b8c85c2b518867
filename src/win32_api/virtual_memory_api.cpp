// SPDX-License-Identifier: Apache-2.0
// VirtualAlloc and its siblings.
#include "win32_api/win32_result.h"

using namespace pw::win32;

LPVOID WINAPI VirtualAllocExNuma(HANDLE process, LPVOID address, SIZE_T size_bytes, DWORD type, DWORD protection,
                                 [[maybe_unused]] DWORD preferred_node) {
    // Placeholders came with VirtualAlloc2.
    if ((type & (MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER)) != 0) {
        fail(ERROR_INVALID_PARAMETER);
        return nullptr;
    }
    const NTSTATUS status = NtAllocateVirtualMemory(process, &address, 0, &size_bytes, type, protection);
    return bool_of(status) ? address : nullptr;
}

LPVOID WINAPI VirtualAllocEx(HANDLE process, LPVOID address, SIZE_T size_bytes, DWORD type, DWORD protection) {
    return VirtualAllocExNuma(process, address, size_bytes, type, protection, NUMA_NO_PREFERRED_NODE);
}

LPVOID WINAPI VirtualAlloc(LPVOID address, SIZE_T size_bytes, DWORD type, DWORD protection) {
    return VirtualAllocEx(NtCurrentProcess(), address, size_bytes, type, protection);
}

PVOID WINAPI VirtualAlloc2(HANDLE process, PVOID address, SIZE_T size_bytes, ULONG type, ULONG protection,
                           MEM_EXTENDED_PARAMETER* parameters, ULONG parameter_count) {
    const NTSTATUS status = NtAllocateVirtualMemoryEx(process == nullptr ? NtCurrentProcess() : process, &address, &size_bytes,
                                                      type, protection, parameters, parameter_count);
    return bool_of(status) ? address : nullptr;
}

BOOL WINAPI VirtualFreeEx(HANDLE process, LPVOID address, SIZE_T size_bytes, DWORD type) {
    // "If MEM_RELEASE is specified, dwSize must be 0", unless placeholders are split, joined or brought back.
    const bool is_placeholder = (type & (MEM_PRESERVE_PLACEHOLDER | MEM_COALESCE_PLACEHOLDERS)) != 0;
    if ((type & MEM_RELEASE) != 0 && !is_placeholder && size_bytes != 0) return fail(ERROR_INVALID_PARAMETER);
    return bool_of(NtFreeVirtualMemory(process, &address, &size_bytes, type));
}

BOOL WINAPI VirtualFree(LPVOID address, SIZE_T size_bytes, DWORD type) {
    return VirtualFreeEx(NtCurrentProcess(), address, size_bytes, type);
}

BOOL WINAPI VirtualProtectEx(HANDLE process, LPVOID address, SIZE_T size_bytes, DWORD protection, PDWORD old_protection) {
    return bool_of(NtProtectVirtualMemory(process, &address, &size_bytes, protection, old_protection));
}

BOOL WINAPI VirtualProtect(LPVOID address, SIZE_T size_bytes, DWORD protection, PDWORD old_protection) {
    return VirtualProtectEx(NtCurrentProcess(), address, size_bytes, protection, old_protection);
}

SIZE_T WINAPI VirtualQueryEx(HANDLE process, LPCVOID address, PMEMORY_BASIC_INFORMATION information, SIZE_T length_bytes) {
    SIZE_T returned = 0;
    const NTSTATUS status = NtQueryVirtualMemory(process, const_cast<PVOID>(address), MemoryBasicInformation, information,
                                                 length_bytes, &returned);
    return bool_of(status) ? returned : 0;
}

SIZE_T WINAPI VirtualQuery(LPCVOID address, PMEMORY_BASIC_INFORMATION information, SIZE_T length_bytes) {
    return VirtualQueryEx(NtCurrentProcess(), address, information, length_bytes);
}
